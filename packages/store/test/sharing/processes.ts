import { type ChildProcess, fork } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished } from "vitest";

const SHARER = fileURLToPath(new URL("../children/sharer.mjs", import.meta.url));
const BUILT = fileURLToPath(new URL("../../dist/index.js", import.meta.url));

/** What a process says of its own accord. */
export interface Said {
  readonly role?: "owner" | "client";
  readonly at?: number;
  readonly called?: unknown;
  readonly cancelled?: unknown;
  /** Sequence of a snapshot whose writing begins, or is over. */
  readonly begins?: number;
  readonly written?: number;
}

/** A process that has a shared store open. */
export interface Sharer {
  readonly child: ChildProcess;
  readonly pid: number;
  ask(command: string, given?: object): Promise<unknown>;
  /** Waits for what it says, from its start on. */
  heard(fits: (said: Said) => boolean): Promise<Said>;
  kill(): Promise<void>;
  close(): Promise<void>;
}

/** Starts a process from what was built; resolves once it has the store open. */
export async function startSharer(
  dir: string,
  options: { readonly uid?: number; readonly gid?: number; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<Sharer> {
  expect(existsSync(BUILT), "build first: pnpm build").toBe(true);
  const child = fork(SHARER, [dir], { stdio: ["ignore", "inherit", "pipe", "ipc"], ...options });
  onTestFinished(() => void child.kill("SIGKILL"));
  let errors = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const said: Said[] = [];
  const listeners = new Set<() => void>();
  const answers = new Map<number, { resolve: (value: unknown) => void; reject: (error: unknown) => void }>();
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  child.on("message", (message: Said & { id?: number; value?: unknown; error?: object }) => {
    if (message.id === undefined) {
      said.push(message);
      for (const listener of [...listeners]) listener();
      return;
    }
    const answer = answers.get(message.id);
    if (message.error === undefined) answer?.resolve(message.value);
    else answer?.reject(Object.assign(new Error("of a child"), message.error));
  });
  void ended.then(() => {
    for (const { reject } of answers.values()) reject(new Error(`the process ended: ${errors}`));
  });
  const heard = (fits: (said: Said) => boolean): Promise<Said> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = said.find(fits);
        if (found === undefined) return;
        listeners.delete(look);
        resolve(found);
      };
      listeners.add(look);
      look();
      void ended.then(() => reject(new Error(`the process ended: ${errors}`)));
    });
  await heard((what) => what.role !== undefined);
  let last = 0;
  return {
    child,
    pid: child.pid as number,
    heard,
    ask: (command, given = {}) =>
      new Promise((resolve, reject) => {
        last += 1;
        answers.set(last, { resolve, reject });
        child.send({ id: last, command, ...given });
      }),
    kill: async () => {
      child.kill("SIGKILL");
      await ended;
    },
    close: async () => {
      child.send({ id: 0, command: "close" });
      await ended;
    },
  };
}
