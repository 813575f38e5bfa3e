import type { Meter, Reading } from "./meter.js";

const INTERVAL_MS = 10;

/** Bounds that are watched from outside, each as growth over the reading at the start. */
export interface FenceLimits {
  readonly memoryBytes: number;
  readonly cpuMs: number;
}

/**
 * Looks every 10 ms at what a process uses and calls `onExceeded` once when it has grown by more than a limit. A second
 * fence behind a runtime's own limits: a fast program passes it by what it can use in that time. Returns the function
 * that ends the watch.
 */
export function watch(
  meter: Meter,
  before: Reading,
  limits: FenceLimits,
  onExceeded: (limit: "memory" | "cpu-time") => void,
): () => void {
  const timer = setInterval(() => {
    const now = meter.read();
    const grown = (now.memoryBytes ?? 0) - (before.memoryBytes ?? 0);
    const burnt = (now.cpuMs ?? 0) - (before.cpuMs ?? 0);
    if (grown <= limits.memoryBytes && burnt <= limits.cpuMs) return;
    clearInterval(timer);
    onExceeded(grown > limits.memoryBytes ? "memory" : "cpu-time");
  }, INTERVAL_MS);
  return () => clearInterval(timer);
}
