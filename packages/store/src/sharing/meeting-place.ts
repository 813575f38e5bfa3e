import { createHash, randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, lstat, mkdir, open, readdir, rm, stat } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { storeError } from "../errors.js";

// The socket never lies in the store's folder, whose path may be too long for one and whose content may be a
// stranger's. It lies in a folder that only this user may enter, under a name that is made from a secret which the
// owner writes into the store's folder, readable for its user alone. So whoever finds the socket can read that secret.

/** Where owner and clients of a store meet. */
export interface MeetingPlace {
  /** Random, in hexadecimal; new for each owner. Both sides prove that they know it. */
  readonly token: string;
  /** Path of the socket, at most 100 bytes, or name of the pipe. */
  readonly path: string;
}

const TOKEN = /^[0-9a-f]{64}$/;
/** A socket that refuses connections is a dead owner's; a younger one may be about to listen. */
const DEAD_AFTER_MS = 10_000;
const PROBE_MS = 1_000;

/** Tells one folder from another, whatever they are called. */
export async function folderIdentity(folder: string): Promise<string> {
  const { dev, ino } = await stat(folder, { bigint: true });
  return `${dev}:${ino}`;
}

/** Makes a new place for the owner of a store, and tells nobody yet. Throws `STORE_UNOPENABLE`. */
export async function makePlace(): Promise<MeetingPlace> {
  await makeSocketFolder();
  return placeOf(randomBytes(32).toString("hex"));
}

/** Notes the place in the store's folder, for clients. */
export async function announcePlace(folder: string, { token }: MeetingPlace): Promise<void> {
  // A new file: the note must not be written through a link, nor into a file that somebody else may read.
  await rm(noteOf(folder), { force: true });
  const file = await open(noteOf(folder), "wx", 0o600);
  try {
    await file.writeFile(token);
  } finally {
    await file.close();
  }
}

/** Takes the note away again, unless it is another owner's. */
export async function withdrawPlace(folder: string, { token }: MeetingPlace): Promise<void> {
  if ((await findPlace(folder))?.token === token) await rm(noteOf(folder), { force: true });
}

/** The place that the owner of a store has noted; undefined when there is no note that this user wrote. */
export async function findPlace(folder: string): Promise<MeetingPlace | undefined> {
  let file: FileHandle | undefined;
  try {
    // Neither a link is followed nor a pipe waited for.
    const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
    file = await open(noteOf(folder), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    const facts = await file.stat();
    if (!facts.isFile() || !isPrivate(facts)) return undefined;
    const buffer = Buffer.alloc(65);
    const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
    const token = buffer.toString("latin1", 0, bytesRead);
    return TOKEN.test(token) ? placeOf(token) : undefined;
  } catch {
    return undefined;
  } finally {
    await file?.close();
  }
}

/** Removes the sockets that dead owners left behind. */
export async function sweepSockets(): Promise<void> {
  if (process.platform === "win32") return;
  const folder = socketFolder();
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name);
    try {
      const { mtimeMs } = await lstat(path);
      if (Date.now() - mtimeMs > DEAD_AFTER_MS && (await isDead(path))) await rm(path, { force: true });
    } catch {
      // Its owner removed it meanwhile.
    }
  }
}

/** Path of a socket, at most 100 bytes, or name of a pipe. The first 32 characters of the name count. */
export function pathNamed(name: string): string {
  const short = name.slice(0, 32);
  return process.platform === "win32"
    ? `\\\\.\\pipe\\agentos-${short}`
    : join(socketFolder(), `${short}.sock`);
}

/** A fixed place, since processes that share a store may have different environments. */
function socketFolder(): string {
  return `/tmp/agentos-${process.getuid?.()}`;
}

/** The folder of this user alone in which sockets lie. Make it first. */
export function privateFolder(): string {
  return process.platform === "win32" ? tmpdir() : socketFolder();
}

export async function makeSocketFolder(): Promise<void> {
  if (process.platform === "win32") return;
  const folder = socketFolder();
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw refused(folder, error);
  }
  // Who may write in /tmp may have made it first.
  const facts = await lstat(folder).catch((error) => {
    throw refused(folder, error);
  });
  if (!facts.isDirectory() || !isPrivate(facts)) throw refused(folder);
}

function isPrivate(facts: { readonly uid: number; readonly mode: number }): boolean {
  if (process.platform === "win32") return true;
  return facts.uid === process.getuid?.() && (facts.mode & 0o077) === 0;
}

function refused(folder: string, cause?: unknown): Error {
  return storeError(
    "STORE_UNOPENABLE",
    `${folder}, where processes of this user meet, must be a folder that nobody else may enter (mode 0700). Remove what lies there, or do without sharing (\`shared\`, \`hostWide\`).`,
    { cause, details: { folder } },
  );
}

function placeOf(token: string): MeetingPlace {
  return { token, path: pathNamed(createHash("sha256").update(`owner ${token}`).digest("hex")) };
}

function isDead(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const done = (dead: boolean): void => {
      socket.destroy();
      resolve(dead);
    };
    socket.once("connect", () => done(false));
    socket.once("error", (error: NodeJS.ErrnoException) => done(error.code === "ECONNREFUSED"));
    socket.setTimeout(PROBE_MS, () => done(false));
  });
}

function noteOf(folder: string): string {
  return join(folder, "sharing.token");
}
