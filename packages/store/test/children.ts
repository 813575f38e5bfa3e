import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";

const BUILT = fileURLToPath(new URL("../dist/index.js", import.meta.url));

/** A program of `children/` that runs. */
export interface RunningChild {
  readonly child: ChildProcess;
  /** Waits until a line of its output begins with this. */
  readonly says: (start: string) => Promise<void>;
  readonly output: () => string;
}

/** Starts a program of `children/`. It works with what was built. */
export function startChild(name: string, args: readonly string[]): RunningChild {
  expect(existsSync(BUILT), "build first: pnpm build").toBe(true);
  const path = fileURLToPath(new URL(`./children/${name}`, import.meta.url));
  const child = spawn(process.execPath, [path, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  let errors = "";
  child.stdout.on("data", (chunk: Buffer) => {
    text += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const says = (start: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = () => {
        if (`\n${text}`.includes(`\n${start}`)) resolve();
      };
      look();
      child.stdout.on("data", look);
      child.once("exit", (code) => reject(new Error(`the child ended with ${code}: ${errors}`)));
    });
  return { child, says, output: () => text };
}

/** Ends a process as a crash does, and waits until it is gone. */
export function killChild(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once("close", () => resolve());
    child.kill("SIGKILL");
  });
}
