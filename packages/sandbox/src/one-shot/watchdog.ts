import { readFileSync } from "node:fs";
import process from "node:process";

/** Whether the resident memory of another process can be read on this machine. */
export const CAN_WATCH_MEMORY: boolean = process.platform === "linux";

const INTERVAL_MS = 10;

/**
 * Watches the resident memory of a process and calls `onExceeded` once when it has grown by more than `growthBytes`.
 * A second fence behind a runtime's own limit: it looks every 10 ms, so a fast program passes it by what it can touch
 * in that time. Does nothing where `/proc` is missing. Returns the function that ends the watch.
 */
export function watchMemory(pid: number, growthBytes: number, onExceeded: () => void): () => void {
  const before = residentBytes(pid);
  if (before === undefined) return () => {};
  const timer = setInterval(() => {
    const now = residentBytes(pid);
    if (now === undefined) return;
    if (now - before > growthBytes) {
      clearInterval(timer);
      onExceeded();
    }
  }, INTERVAL_MS);
  return () => clearInterval(timer);
}

/** Resident memory of a process in bytes, or undefined when it cannot be read. */
function residentBytes(pid: number): number | undefined {
  if (!CAN_WATCH_MEMORY) return undefined;
  try {
    const match = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "latin1"));
    return match ? Number(match[1]) * 1024 : undefined;
  } catch {
    return undefined;
  }
}
