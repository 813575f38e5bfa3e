import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { cliError } from "./errors.js";

/** Throws `CLI_FILE_UNREADABLE` for a path of the project where nothing is: that nothing is found there says nothing. */
export async function mustExist(root: string, path: string): Promise<void> {
  const isThere = await stat(resolve(root, path)).then(
    () => true,
    () => false,
  );
  if (!isThere)
    throw cliError("CLI_FILE_UNREADABLE", `There is no ${path} in ${root}. Name a path from there.`);
}

/** A place of the index as editors show it: both numbers from 1 on. */
export function shownPlace({
  path,
  line,
  column,
}: {
  readonly path: string;
  readonly line: number;
  readonly column: number;
}): string {
  return `${path}:${line}:${column + 1}`;
}

/** A place whose column counts from 1, as the command takes it; the index counts columns from 0. */
export function fromOne<P extends { readonly column: number }>(place: P): P {
  return { ...place, column: place.column + 1 };
}

/** A symbol's name with the one that it belongs to. */
export function named({ name, parent }: { readonly name: string; readonly parent?: string }): string {
  return parent === undefined ? name : `${parent}.${name}`;
}

/** What is said when a name or a place has no answer, and what to do. */
export function nothingAt(what: string): string {
  return /:\d+$/.test(what)
    ? `nothing found: no name with a known meaning stands at ${what}`
    : `nothing found: no symbol is called ${what}. A file is named by its path from the project's root; "agentos search" finds what is like a name.`;
}
