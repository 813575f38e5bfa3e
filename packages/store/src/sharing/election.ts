import { createHash } from "node:crypto";
import { connect, createServer, type Server, type Socket } from "node:net";
import { pause } from "./keep-alive.js";
import { type MeetingPlace, makeSocketFolder, pathNamed } from "./meeting-place.js";

/** So many candidates may die in the election of one owner before it goes on without one. */
const ATTEMPTS = 8;
/** A candidate that takes longer is not waited for. */
const PATIENCE_MS = 5_000;

/**
 * Runs the work unless another process is at it: then waits until that one is done, and resolves to undefined. To check
 * a folder for damage takes time, and takes much longer when all who lost an owner do so at once. LevelDB's lock
 * alone decides who owns the folder; this only keeps the others from getting in the way.
 */
export async function oneAtATime<Result>(
  place: MeetingPlace,
  signal: AbortSignal,
  work: () => Promise<Result>,
): Promise<Result | undefined> {
  // The owner made it, and what empties /tmp may have taken it away since: nobody could stand then.
  await makeSocketFolder();
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    // A name is never taken from a dead candidate, since that could not be done without a race: the next one is used.
    const path = pathNamed(createHash("sha256").update(`heir ${attempt} ${place.token}`).digest("hex"));
    const candidacy = await stand(path);
    if (candidacy !== undefined) {
      try {
        return await work();
      } finally {
        candidacy.end();
      }
    }
    if ((await watch(path, signal)) === "done") return undefined;
  }
  return work();
}

/** Takes the name, if it is free. */
async function stand(path: string): Promise<{ end(): void } | undefined> {
  const watchers = new Set<Socket>();
  const server: Server = createServer((socket) => {
    watchers.add(socket.unref());
    socket.on("error", () => {});
    socket.once("close", () => watchers.delete(socket));
  });
  const standing = await new Promise<boolean>((resolve) => {
    server.once("error", () => resolve(false));
    server.listen(path, () => resolve(true));
  });
  if (!standing) return undefined;
  server.unref();
  return {
    end: () => {
      server.close();
      for (const watcher of watchers) watcher.destroy();
    },
  };
}

/** Waits until the one who took the name lets go of it; "dead" when nobody is behind it. */
async function watch(path: string, signal: AbortSignal): Promise<"done" | "dead"> {
  const socket = connect(path).unref();
  const waiting = new AbortController();
  let outcome: "done" | "dead" = "dead";
  socket.once("connect", () => {
    outcome = "done";
  });
  // One that let go just now is done as well.
  socket.once("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") outcome = "done";
  });
  socket.once("close", () => waiting.abort());
  let late = true;
  waiting.signal.addEventListener("abort", () => {
    late = false;
  });
  await pause(PATIENCE_MS, AbortSignal.any([waiting.signal, signal]));
  socket.destroy();
  return late && !signal.aborted ? "dead" : outcome;
}
