import { expect, onTestFinished } from "vitest";
import type { ProjectIndex } from "../../src/project-index.js";
import type { Dialect, SourceOutline } from "../../src/source-parser.js";
import { TreeSitterParser } from "../../src/tree-sitter-parser.js";
import { type Files, indexOf, positionOf } from "../resolution/places.js";

/**
 * A use of a name: its role, a piece of the text with `|` before the name, and where it leads to, place by place: a piece of the
 * text whose line is meant, `path > piece` for another file.
 */
export type Use = readonly [role: string, piece: string, ...leadsTo: readonly string[]];

/** A parser that ends with the test. */
export async function openParser(): Promise<TreeSitterParser> {
  const parser = await TreeSitterParser.open();
  onTestFinished(() => parser.close());
  return parser;
}

/** The outline of a text. */
export async function outline(dialect: Dialect, text: string): Promise<SourceOutline> {
  return (await openParser()).outline(dialect, text);
}

/** `kind parent.name line-endLine visibility` of each symbol, with ` # doc` where it has one. */
export async function symbols(dialect: Dialect, text: string): Promise<readonly string[]> {
  return (await outline(dialect, text)).symbols.map((symbol) => {
    const { kind, parent, name, line, endLine, visibility, doc } = symbol;
    const owned = parent === undefined ? name : `${parent}.${name}`;
    return `${kind} ${owned} ${line}-${endLine} ${visibility}${doc === undefined ? "" : ` # ${doc}`}`;
  });
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

/** Parses a text that was made to be hard. Whatever it says of names is where it says that it is. Its symbols. */
export async function parseHard(dialect: Dialect, text: string): Promise<SourceOutline["symbols"]> {
  const parser = await openParser();
  const { symbols } = await parser.outline(dialect, text);
  const { references } = await parser.names(dialect, text);
  const misplaced = references.filter(({ name, start, end }) => {
    const there = text.slice(start, end);
    // Ruby's `a = 1` may call `a=`.
    return there !== name && !(dialect === "ruby" && `${there}=` === name);
  });
  expect(misplaced).toEqual([]);
  return symbols;
}

/** What is said of uses in a file, and what is to be said, both as `role piece -> path:line …`. */
export async function checkUses(
  dialect: Dialect,
  files: Files,
  path: string,
  uses: readonly Use[],
): Promise<{ readonly seen: readonly string[]; readonly expected: readonly string[] }> {
  const text = files[path] ?? "";
  const index = await indexOf(files);
  const { references } = await (await openParser()).names(dialect, text);
  const seen: string[] = [];
  for (const [, piece] of uses) {
    const start = text.indexOf(piece.replace("|", "")) + piece.indexOf("|");
    const roles = references.filter((one) => one.start === start).map(({ role }) => role);
    seen.push(line(roles, piece, await leadsTo(index, files, path, piece)));
  }
  const expected = uses.map(([role, piece, ...places]) =>
    line(
      [role],
      piece,
      places.map((place) => placeOf(files, path, place)),
    ),
  );
  return { seen, expected };
}

function line(roles: readonly string[], piece: string, places: readonly string[]): string {
  return `${[...new Set(roles)].join()} ${piece} -> ${places.join(" ")}`;
}

function placeOf(files: Files, path: string, place: string): string {
  const [, file = path, piece = place] = /^(\S+\.\w+) > (.*)$/s.exec(place) ?? [];
  const offset = (files[file] ?? "").indexOf(piece);
  if (offset < 0) throw new Error(`${piece} is not in ${file}`);
  return `${file}:${(files[file] ?? "").slice(0, offset).split("\n").length}`;
}
