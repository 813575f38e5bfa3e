import type { Evaluator } from "./evaluator.js";
import type { Found } from "./found.js";
import type { Reference } from "./locations.js";
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
function ends(evaluator: Evaluator, found: readonly Found[]): readonly Found[] {
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
): Promise<readonly Reference[]> {
  const found = await resolver.ask(path, (evaluator, file) => {
    const names = namesIn(evaluator, path, file, sought);
    return file.table.facts.references.filter(
      ({ name, term }) => names.has(name) && meets(evaluator.resolve(path, term), sought),
    );
  });
  const lines = resolver.file(path)?.lines;
  if (found === undefined || lines === undefined) return [];
  return found.map(({ name, role, start }) => ({ path, ...lines.position(start), name, role }));
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
