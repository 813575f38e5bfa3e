import type { ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * Kills what runs inside: its first process, with which all others there die, or bubblewrap, when it has not started that
 * one yet. bubblewrap is left to end by itself then, so that it reaps the first process: nobody else may. It is stopped
 * meanwhile, so that it starts nothing between the look and the kill.
 */
export function killSandbox(child: ChildProcess): void {
  const { pid } = child;
  if (pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  signalTo(-pid, "SIGSTOP");
  const inner = childrenOf(pid);
  for (const id of inner) signalTo(id, "SIGKILL");
  signalTo(-pid, inner.length === 0 ? "SIGKILL" : "SIGCONT");
}

function signalTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended by itself.
  }
}

function childrenOf(pid: number): readonly number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean).map(Number);
  } catch {
    return [];
  }
}
