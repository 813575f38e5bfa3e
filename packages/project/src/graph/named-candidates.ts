import type { FileRecord } from "../files/file-record.js";
import type { IndexedSymbol } from "../search/symbol-entry.js";
import { languageOf, type OutlinedSymbol, type SourceLanguage } from "../source-parser.js";

/** A symbol that is dead unless its name is used: where names are not followed everywhere, a use that may mean it does. */
export interface NamedCandidate {
  readonly symbol: IndexedSymbol;
  readonly language: SourceLanguage;
  /** Names whose use is one of it, beside its own. */
  readonly standing: readonly string[];
  /** Whether a use in its own file makes it worth having: its language, or who else is shown it, leaves no way to hide it there. */
  readonly ownCounts: boolean;
  isUsed: boolean;
}

/** Candidates by the names whose uses are to be looked for. */
export class CandidateNames {
  readonly #byName = new Map<string, NamedCandidate[]>();
  readonly #standing = new Map<string, NamedCandidate[]>();
  /** Of PHP, whose names may be written in letters of either case. */
  readonly #folded = new Map<string, NamedCandidate[]>();
  readonly #byKey = new Map<string, NamedCandidate>();
  /** The file whose uses of a name were marked, until there was another one: from then on all are used. */
  readonly #marked = new Map<string, string>();

  constructor(candidates: Iterable<NamedCandidate>) {
    for (const candidate of candidates) {
      const { name } = candidate.symbol;
      this.#byKey.set(keyOf(candidate.symbol), candidate);
      add(this.#byName, name, candidate);
      for (const each of candidate.standing) add(this.#standing, each, candidate);
      if (candidate.language === "php") add(this.#folded, name.toLowerCase(), candidate);
    }
  }

  has(name: string): boolean {
    return this.#byName.has(name);
  }

  /**
   * Marks those that a use of a name in a file may mean by being called so.
   * @param except a language whose candidates are not marked
   */
  markNamed(name: string, path: string, except?: SourceLanguage): void {
    this.#mark(`${except ?? ""} ${name}`, this.#byName.get(name), path, except);
  }

  /** Marks those that a use of a name in a file is one of, though they are called otherwise. */
  markStanding(name: string, path: string): void {
    this.#mark(`standing ${name}`, this.#standing.get(name), path);
    const folded = this.#folded.size === 0 ? [] : (this.#folded.get(name.toLowerCase()) ?? []);
    if (folded.length > 0)
      this.#mark(
        `folded ${name}`,
        folded.filter(({ symbol }) => symbol.name !== name),
        path,
      );
  }

  /** Marks the one of a key, if there is one for which a use in that file counts. */
  markKey(key: string, path: string): void {
    const candidate = this.#byKey.get(key);
    if (candidate !== undefined && counts(candidate, path)) candidate.isUsed = true;
  }

  /** Each use in another file marks all but those of its own: after two files there is nothing left to do. */
  #mark(key: string, found: readonly NamedCandidate[] = [], path: string, except?: SourceLanguage): void {
    if (found.length === 0) return;
    const before = this.#marked.get(key);
    if (before === path || before === ALL) return;
    this.#marked.set(key, before === undefined ? path : ALL);
    for (const candidate of found) {
      const isLeft = except !== undefined && isKin(candidate.language, except);
      if (!isLeft && counts(candidate, path)) candidate.isUsed = true;
    }
  }
}

/** Whether files of one language use what those of the other define: headers of C are read as C++. */
export function isKin(one: SourceLanguage, other: SourceLanguage): boolean {
  return one === other || (isC(one) && isC(other));
}

function isC(language: SourceLanguage): boolean {
  return language === "c" || language === "cpp";
}

/** No path. */
const ALL = "";

/** By which a symbol is told from all others. */
export function keyOf({ path, line, name }: IndexedSymbol): string {
  return `${line}:${name}:${path}`;
}

/** Languages in which a class or module can hardly be hidden from other files. */
const ALL_SHOWN: ReadonlySet<SourceLanguage> = new Set(["c", "cpp", "csharp", "ruby", "php"]);
const TYPES: ReadonlySet<IndexedSymbol["kind"]> = new Set(["class", "interface", "enum", "type"]);

export function namedCandidate(
  symbol: OutlinedSymbol,
  record: FileRecord,
  language: SourceLanguage,
): NamedCandidate {
  return {
    symbol: { ...symbol, path: record.path },
    language,
    standing: standingFor(symbol, record, language),
    ownCounts: ALL_SHOWN.has(language) || isNeededInRust(symbol, record),
    isUsed: false,
  };
}

/** A type that something shown has in its signature is shown, too; a macro writes names of its own file into others. */
function isNeededInRust({ kind, parent }: OutlinedSymbol, { symbols }: FileRecord): boolean {
  return (
    TYPES.has(kind) ||
    parent !== undefined ||
    symbols.some(({ signature }) => signature.startsWith("macro_rules!"))
  );
}

function standingFor(
  { name, kind, parent, signature }: OutlinedSymbol,
  { symbols }: FileRecord,
  language: SourceLanguage,
): readonly string[] {
  const members = (): readonly string[] => symbols.flatMap((one) => (one.parent === name ? [one.name] : []));
  switch (language) {
    case "rust":
      // A module within a file may be handed on as a whole.
      return parent === undefined ? [] : [parent];
    case "c":
    case "cpp":
      return kind === "enum" ? members() : [];
    case "csharp":
      // Members of a static class are called without it: as extensions of others, and by `using static`.
      if (kind === "class" && /\bstatic\b/.test(signature)) return members();
      return name.endsWith("Attribute") ? [name.slice(0, -"Attribute".length)] : [];
    default:
      return [];
  }
}

/** Languages in which a use that leads to a definition means that one: C and C++ have overloads, Ruby's constants more than one home. */
export const SURE: ReadonlySet<SourceLanguage> = new Set(["rust", "csharp", "php"]);

/** Names whose uses in a file may not mean what they seem to, with how many of these are the file's own definitions of them. */
export type DoubtfulNames = ReadonlyMap<string, number>;

/**
 * Marks the candidates whose names records count uses of, in whatever language.
 * @returns by file: names of which only following them tells whether they are used, and which definition is meant
 */
export function markCounted(
  candidates: readonly NamedCandidate[],
  names: CandidateNames,
  records: readonly FileRecord[],
): ReadonlyMap<FileRecord, DoubtfulNames> {
  const often = namesDefinedOften(candidates, records);
  const doubtful = new Map<FileRecord, DoubtfulNames>();
  for (const record of records) {
    const language = record.dialect && languageOf(record.dialect);
    const isSure = language !== undefined && SURE.has(language);
    const own = ownDefinitions(record, language, names);
    const unclear = new Map<string, number>();
    for (const name of Object.keys(record.uses)) {
      names.markStanding(name, record.path);
      if (!names.has(name)) continue;
      const isDoubtful = own.has(name) || (isSure && often.has(name));
      names.markNamed(name, record.path, isDoubtful ? language : undefined);
      if (isDoubtful) unclear.set(name, own.get(name) ?? 0);
    }
    if (unclear.size > 0) doubtful.set(record, unclear);
  }
  return doubtful;
}

/** How many definitions of a name its file counts as uses. */
function ownDefinitions(
  { symbols }: FileRecord,
  language: SourceLanguage | undefined,
  names: CandidateNames,
): ReadonlyMap<string, number> {
  const own = new Map<string, number>();
  if (language === undefined) return own;
  const enums = new Set(symbols.flatMap(({ kind, name }) => (kind === "enum" ? [name] : [])));
  for (const symbol of symbols) {
    const { name, parent } = symbol;
    if (!names.has(name) || (parent !== undefined && enums.has(parent))) continue;
    if (isCountedAsUse(symbol, language)) own.set(name, (own.get(name) ?? 0) + 1);
  }
  return own;
}

/** Whether what a symbol is called by counts as a use of that name: what no field of the syntax tree says to be a name. */
function isCountedAsUse({ kind, signature }: OutlinedSymbol, language: SourceLanguage): boolean {
  if (language === "php" || language === "ruby") return kind === "variable";
  if (!isC(language) || signature.startsWith("#")) return false;
  return kind === "function" || kind === "method" || kind === "variable" || signature.startsWith("typedef");
}

/** Whether a use in a file says that somebody needs a candidate. */
function counts({ symbol, ownCounts }: NamedCandidate, path: string): boolean {
  return ownCounts || symbol.path !== path;
}

function namesDefinedOften(
  candidates: readonly NamedCandidate[],
  records: readonly FileRecord[],
): ReadonlySet<string> {
  const wanted = new Set(candidates.map(({ symbol }) => symbol.name));
  const once = new Set<string>();
  const often = new Set<string>();
  for (const { symbols } of records) {
    for (const { name } of symbols) {
      if (!wanted.has(name)) continue;
      if (once.has(name)) often.add(name);
      once.add(name);
    }
  }
  return often;
}

function add<Value>(map: Map<string, Value[]>, key: string, value: Value): void {
  const values = map.get(key);
  if (values === undefined) map.set(key, [value]);
  else values.push(value);
}
