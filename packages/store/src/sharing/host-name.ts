import { createServer, type Server } from "node:net";
import { storeError } from "../errors.js";

/** A name that this process holds. */
export interface HeldName {
  /** Frees it at once. */
  release(): void;
}

/**
 * Takes a name that one process of this machine can hold at a time; undefined where another one holds it. It is that of an abstract socket on
 * Linux and of a pipe on Windows, which the system frees when the process ends, however it does. Where there are no such names (macOS), or
 * the process is not allowed to have them, nobody else is known of, and the name is always free. Throws `STORE_IO` where the process may
 * open no more files.
 */
export async function takeName(name: string): Promise<HeldName | undefined> {
  const path = socketOf(name);
  if (path === undefined) return OF_NOBODY;
  try {
    const socket = await listenOn(path);
    return { release: () => void socket.close() };
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    if (code === "EADDRINUSE") return undefined;
    if (!["EMFILE", "ENFILE", "ENOBUFS", "ENOMEM"].includes(code)) return OF_NOBODY;
    throw storeError(
      "STORE_IO",
      `No place of this machine could be asked for (${code}): close files, or let the process open more (ulimit -n).`,
      { cause: error },
    );
  }
}

/** A name that nobody shares. */
export const OF_NOBODY: HeldName = { release: () => {} };

function socketOf(name: string): string | undefined {
  if (process.platform === "linux") return `\0${name}`;
  return process.platform === "win32" ? `\\\\.\\pipe\\${name}` : undefined;
}

function listenOn(path: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    // Nobody has anything to say to it.
    const server = createServer((socket) => socket.destroy());
    server.once("error", reject);
    server.listen({ path, exclusive: true }, () => {
      // A name that is held does not keep a process alive; the work for which it is held does.
      server.unref();
      resolve(server);
    });
  });
}
