import type { ProjectIndex } from "../../src/project-index.js";
import type { Dialect } from "../../src/source-parser.js";
import type { TreeSitterParser } from "../../src/tree-sitter-parser.js";
import { type Files, indexOf, positionOf } from "../resolution/places.js";

/** The role of a use, a piece of the text with `|` before the name, and a piece that begins on the line that it leads to. */
export type Use = readonly [role: string, piece: string, leadsTo: string];

/** The line on which a piece of a text stands first, 1-based. */
function lineOf(text: string, piece: string): number {
  const at = text.indexOf(piece);
  if (at < 0) throw new Error(`${piece} is not in the text`);
  return text.slice(0, at).split("\n").length;
}

/** Where a name is defined, the nearest first, as `path:line`. */
export async function leadsTo(
  index: ProjectIndex,
  files: Files,
  path: string,
  piece: string,
): Promise<readonly string[]> {
  const found = await index.definition(path, positionOf(files[path] ?? "", piece));
  return found.map((one) => `${one.path}:${one.line}`);
}

/** Uses of one file as they are and as they are expected, each with its role and the first place that it leads to. */
export async function compareUses(
  parser: TreeSitterParser,
  dialect: Dialect,
  files: Files,
  path: string,
  uses: readonly Use[],
): Promise<{ readonly seen: readonly string[]; readonly expected: readonly string[] }> {
  const text = files[path] ?? "";
  const index = await indexOf(files);
  const { references } = await parser.names(dialect, text);
  const seen: string[] = [];
  for (const [role, piece] of uses) {
    const { line, column } = positionOf(text, piece);
    const start = text
      .split("\n")
      .slice(0, line - 1)
      .reduce((sum, each) => sum + each.length + 1, column);
    const roles = references.filter((one) => one.start === start).map((one) => one.role);
    const [first = "nowhere"] = await leadsTo(index, files, path, piece);
    seen.push(`${roles.find((each) => each === role) ?? roles.join()} ${piece} -> ${first}`);
  }
  const expected = uses.map(([role, piece, target]) => `${role} ${piece} -> ${path}:${lineOf(text, target)}`);
  return { seen, expected };
}

/** The uses of these that lead somewhere, with where: none is expected to. */
export async function leadingSomewhere(
  files: Files,
  path: string,
  pieces: readonly string[],
): Promise<readonly string[]> {
  const index = await indexOf(files);
  const found: string[] = [];
  for (const piece of pieces) {
    for (const place of await leadsTo(index, files, path, piece)) found.push(`${piece} -> ${place}`);
  }
  return found;
}
