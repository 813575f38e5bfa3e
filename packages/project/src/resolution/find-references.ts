import type { Evaluator } from "./evaluator.js";
import type { Found } from "./found.js";
import { type Confidence, type Definition, definitionOf, type Reference } from "./locations.js";
import { foundAt, type NamedFile, type NameResolver } from "./name-resolver.js";

/** What references are looked for. */
export interface Sought {
  /** Each as {@link placeKey} writes it. */
  readonly places: ReadonlySet<string>;
  readonly files: ReadonlySet<string>;
  readonly names: ReadonlySet<string>;
}

/** What the name at a position stands for in the end: not what only leads there. */
export async function soughtAt(
  resolver: NameResolver,
  path: string,
  line: number,
  column: number,
): Promise<Sought> {
  const found =
    (await resolver.ask(path, (evaluator, file) => {
      const offset = file.lines.offset(line, column);
      return offset === undefined ? [] : ends(evaluator, foundAt(evaluator, path, file, offset));
    })) ?? [];
  return {
    places: new Set(found.map(placeKey)),
    files: new Set(found.map(({ file }) => file)),
    names: new Set(found.map(({ name }) => name)),
  };
}

/** A definition that is an import ends where that leads. */
export function ends(evaluator: Evaluator, found: readonly Found[]): readonly Found[] {
  const all = found.flatMap((one) =>
    one.kind === "import" && one.value !== undefined
      ? [one, ...evaluator.resolve(one.file, one.value)]
      : [one],
  );
  const last = all.filter(({ kind }) => kind !== "import");
  return last.length > 0 ? last : all;
}

/** The references of one file to what is sought, in the order of the text. */
export async function referencesIn(
  resolver: NameResolver,
  path: string,
  sought: Sought,
  guesses: boolean,
): Promise<readonly Reference[]> {
  const found = await resolver.ask(path, (evaluator, file) => {
    const names = namesIn(evaluator, path, file, sought);
    return file.table.facts.references.flatMap(({ name, role, start, term }) => {
      if (!names.has(name)) return [];
      const places = evaluator.resolve(path, term);
      const isMet = meets(places, sought);
      if (!isMet && !(guesses && places.length === 0)) return [];
      const confidence: Confidence = !isMet ? "guess" : sought.files.has(path) ? "exact" : "import";
      return [{ path, ...file.lines.position(start), name, role, confidence }];
    });
  });
  return found ?? [];
}

/** A use, and what it leads to in the end. */
export interface Use {
  readonly use: Reference;
  readonly definitions: readonly Definition[];
}

/** The uses on some lines of a file, in the order of the text, with what they lead to. */
export async function usesWithin(
  resolver: NameResolver,
  path: string,
  firstLine: number,
  lastLine: number,
): Promise<readonly Use[]> {
  const found = await resolver.ask(path, (evaluator, file) => {
    const first = file.lines.offset(firstLine, 0) ?? Number.POSITIVE_INFINITY;
    const behind = file.lines.offset(lastLine + 1, 0) ?? Number.POSITIVE_INFINITY;
    return file.table.facts.references
      .filter(({ start }) => first <= start && start < behind)
      .map((reference) => ({ reference, found: ends(evaluator, evaluator.resolve(path, reference.term)) }));
  });
  return (found ?? []).map(({ reference: { name, role, start }, found: places }) => {
    const definitions = places.flatMap((place) => {
      const home = resolver.file(place.file);
      return home === undefined ? [] : [definitionOf(place, path, home)];
    });
    const position = resolver.file(path)?.lines.position(start) ?? { line: firstLine, column: 0 };
    const confidence = definitions.every((one) => one.confidence === "exact") ? "exact" : "import";
    return { use: { path, ...position, name, role, confidence }, definitions };
  });
}

/** Exports without a name of their own: who imports the file is asked anyway. */
const UNNAMED = new Set(["=", "*"]);

/** The names by which a file shows what is sought to others, beside those that it is known by. */
export async function shownNames(
  resolver: NameResolver,
  path: string,
  sought: Sought,
): Promise<readonly string[]> {
  const names = await resolver.ask(path, (evaluator, file) =>
    (file.table.facts.exports ?? [])
      .filter(
        ({ name, term }) =>
          !sought.names.has(name) && !UNNAMED.has(name) && meets(evaluator.resolve(path, term), sought),
      )
      .map(({ name }) => name),
  );
  return names ?? [];
}

/** What is sought may have another name in a file that imports it. */
function namesIn(evaluator: Evaluator, path: string, file: NamedFile, sought: Sought): ReadonlySet<string> {
  const names = new Set(sought.names);
  for (const { name, kind, value } of file.table.facts.definitions) {
    if (kind !== "import" || value === undefined || names.has(name)) continue;
    if (meets(evaluator.resolve(path, value), sought)) names.add(name);
  }
  return names;
}

function meets(found: readonly Found[], { places }: Sought): boolean {
  return found.some((one) => places.has(placeKey(one)));
}

function placeKey({ file, start }: Pick<Found, "file" | "start">): string {
  return `${start}:${file}`;
}
