import { readFile } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import { cliError } from "./errors.js";
import type { Project } from "./indexed.js";

/** Definitions of a name that are looked at, when only the name is given. */
const MOST_DEFINITIONS = 10;

/** `src/a.ts:3` and `src/a.ts:3:7`, both numbers from 1 on as editors show them. */
const PLACE = /^(.+?):(\d+)(?::(\d+))?$/;

/** A place of a file: the line from 1 on, the column from 0 on. */
export interface Place {
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

/** Whether a text is written as a place of a file. */
export function isPlace(text: string): boolean {
  return PLACE.test(text);
}

/** A place as editors show it: both numbers from 1 on. */
export function shownPlace({ path, line, column }: Place): string {
  return `${path}:${line}:${column + 1}`;
}

/** The places that were meant: the one that is given, the first name of its line, or the definitions of a name. */
export async function placesOf(
  project: Project,
  given: string,
  signal: AbortSignal,
): Promise<readonly Place[]> {
  const [, path, line, column] = PLACE.exec(given) ?? [];
  if (path !== undefined) {
    const place = { path, line: Number(line), column: Number(column ?? 1) - 1 };
    if (place.line < 1 || place.column < 0) {
      throw cliError("CLI_USAGE", `${given} is no place: lines and columns are counted from 1.`);
    }
    return column === undefined ? firstName(project, place, signal) : [place];
  }
  const name = given.split(".").at(-1) ?? "";
  const symbols = await project.symbols(given, { limit: MOST_DEFINITIONS, signal });
  const places: Place[] = [];
  for (const symbol of symbols.filter((each) => each.name === name)) {
    const at = await project.graph.place(symbol, { signal });
    if (at !== undefined) places.push({ path: symbol.path, ...at });
  }
  return places;
}

/** The first place of a line at which something has a definition. */
async function firstName(project: Project, place: Place, signal: AbortSignal): Promise<readonly Place[]> {
  const { path, line } = place;
  // Says what is wrong with the path before it is read.
  await project.outline(path, { signal });
  const text = await readFile(isAbsolute(path) ? path : join(project.root, path), "utf8").catch(() => "");
  for (const { index } of (text.split("\n")[line - 1] ?? "").matchAll(/[\p{L}_$][\p{L}\p{N}_$]*/gu)) {
    const at = { line, column: index };
    if ((await project.definition(path, at, { signal })).length > 0) return [{ path, ...at }];
  }
  return [];
}
