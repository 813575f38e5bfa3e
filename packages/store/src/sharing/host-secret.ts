import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { storeError } from "../errors.js";
import { makeSocketFolder, privateFolder } from "./meeting-place.js";

/** The first whole line of 32 hexadecimal digits counts, whatever else is there. */
const SECRET = /^([0-9a-f]{32})$/m;

/**
 * What all processes of this user on this machine know, made by the first one that asks. No other user can guess it; once it is part of
 * a socket's name, each can read it there. Throws `STORE_UNOPENABLE` where the file that holds it cannot be used.
 */
export async function hostSecret(): Promise<string> {
  await makeSocketFolder();
  return secretIn(join(privateFolder(), "places"));
}

/** The secret that a file holds. Throws as {@link hostSecret} does. */
export async function secretIn(file: string): Promise<string> {
  try {
    const known = await knownSecret(file);
    if (known !== undefined) return known;
  } catch (error) {
    throw refused(file, error);
  }
  throw refused(file);
}

async function knownSecret(file: string): Promise<string | undefined> {
  const { O_APPEND, O_CREAT, O_RDWR, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
  // Neither a link is followed nor a pipe waited for.
  const handle = await open(file, O_APPEND | O_CREAT | O_RDWR | O_NOFOLLOW | O_NONBLOCK, 0o600);
  try {
    if (!(await handle.stat()).isFile()) return undefined;
    const read = async (): Promise<string | undefined> => {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(MOST_BYTES), 0, MOST_BYTES, 0);
      return SECRET.exec(buffer.toString("latin1", 0, bytesRead))?.[1];
    };
    const known = await read();
    if (known !== undefined) return known;
    // Two that begin at once both write at the end: the first line counts for both.
    await handle.appendFile(`\n${randomBytes(16).toString("hex")}\n`);
    return await read();
  } finally {
    await handle.close();
  }
}

/** More than some processes write that begin at once. */
const MOST_BYTES = 65_536;

function refused(file: string, cause?: unknown): Error {
  return storeError(
    "STORE_UNOPENABLE",
    `${file} must be a file that this user may read and write. Remove it: it is made anew.`,
    { cause, details: { file } },
  );
}
