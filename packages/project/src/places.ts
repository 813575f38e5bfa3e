import { readFile } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import { coreError, isAgentOSError } from "@agentos/core";
import type { Position } from "./options.js";
import type { ProjectIndex } from "./project-index.js";

/** A file, or a place in one. */
export interface Place {
  /** Relative to the root, with `/`, as it was given. */
  readonly path: string;
  /** Absent: the whole file. */
  readonly at?: Position;
}

/** `src/a.ts:3` and `src/a.ts:3:7`, both numbers from 1 on as editors show them. */
const WRITTEN = /^(.+?):(\d+)(?::(\d+))?$/;

/** See `ProjectIndex.places`. */
export async function placesOf(
  index: ProjectIndex,
  what: string,
  limit: number,
  signal: AbortSignal | undefined,
): Promise<readonly Place[]> {
  const wait = signal === undefined ? {} : { signal };
  const [, path, line, column] = WRITTEN.exec(what) ?? [];
  if (path === undefined) {
    const isFile = await isKnownFile(index, what, wait);
    return isFile ? [{ path: what }] : definitionsOf(index, what, limit, wait);
  }
  const at = { line: Number(line), column: Number(column ?? 1) - 1 };
  if (at.line < 1 || at.column < 0)
    throw coreError("INPUT_INVALID", `${what} is no place: lines and columns are counted from 1.`);
  return column === undefined ? firstName(index, path, at.line, wait) : [{ path, at }];
}

/** What looks like the path of a file is one, or wrong. */
async function isKnownFile(index: ProjectIndex, what: string, wait: Wait): Promise<boolean> {
  try {
    await index.outline(what, wait);
    return true;
  } catch (error) {
    const isName = !/[\\/]/.test(what) && isAgentOSError(error, "PROJECT_FILE_UNKNOWN");
    if (isName) return false;
    throw error;
  }
}

async function definitionsOf(
  index: ProjectIndex,
  what: string,
  limit: number,
  wait: Wait,
): Promise<readonly Place[]> {
  const name = what.split(".").at(-1) ?? "";
  const symbols = await index.symbols(what, { limit, ...wait });
  const places: Place[] = [];
  for (const symbol of symbols.filter((each) => each.name === name)) {
    const at = await index.graph.place(symbol, wait);
    if (at !== undefined) places.push({ path: symbol.path, at });
  }
  return places;
}

/** What is defined in a line; else the first place in it at which something has a definition. */
async function firstName(
  index: ProjectIndex,
  path: string,
  line: number,
  wait: Wait,
): Promise<readonly Place[]> {
  // Says what is wrong with the path before it is read, too.
  const own = (await index.outline(path, wait)).filter((symbol) => symbol.line === line);
  for (const symbol of own) {
    const at = await index.graph.place(symbol, wait);
    if (at?.line === line) return [{ path, at }];
  }
  const text = await readFile(isAbsolute(path) ? path : join(index.root, path), "utf8").catch(() => "");
  for (const { index: column } of (text.split("\n")[line - 1] ?? "").matchAll(/[\p{L}_$][\p{L}\p{N}_$]*/gu)) {
    const at = { line, column };
    if ((await index.definition(path, at, wait)).length > 0) return [{ path, at }];
  }
  return [];
}

interface Wait {
  readonly signal?: AbortSignal;
}
