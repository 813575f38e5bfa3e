import type { Dialect, ImportFact, OutlinedSymbol } from "../source-parser.js";

/** Why the content of a file is not in the index. */
export type SkipReason = "large" | "binary" | "unreadable" | "unparsed";

/** By what it is seen whether a file may have changed. */
export interface RecordTimes {
  readonly size: number;
  /** Times of the last change of content and of inode, in milliseconds since 1970, with fractions. */
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  /** When it was read, by the index's clock. */
  readonly readAt: number;
}

/** What is kept of one file, in memory and in the store. JSON data. */
export interface FileRecord extends RecordTimes {
  /** Relative to the root, with `/`. */
  readonly path: string;
  /** SHA-256 of the content in hexadecimal; absent when it was not read. */
  readonly hash?: string;
  /** The grammar it was parsed with; absent for text that is only searched. */
  readonly dialect?: Dialect;
  /** `unparsed`: it is searched, but its symbols are unknown. */
  readonly skipped?: SkipReason;
  readonly symbols: readonly OutlinedSymbol[];
  readonly imports: readonly ImportFact[];
  /** How often each name is used in it. */
  readonly uses: Readonly<Record<string, number>>;
  /** Namespaces that it declares (C#, PHP), and the classes and modules of Ruby. */
  readonly namespaces?: readonly string[];
  /** The module path that a `go.mod` states. */
  readonly goModule?: string;
  /** The library that a `Cargo.toml` makes: the name of its crate, and the file that begins it, relative to the manifest. */
  readonly rustLibrary?: { readonly name: string; readonly path: string };
  /** The name that a `package.json` states. */
  readonly packageName?: string;
  /** The entry that a `package.json` states: its `main`, or what it exports as `.`. */
  readonly packageMain?: string;
  /** What a `tsconfig.json` or `jsconfig.json` says of where modules are. */
  readonly moduleRules?: ModuleRules;
  /** The package that a Java file declares; empty for the one without a name. */
  readonly javaPackage?: string;
}

/** What a `tsconfig.json` says of where modules are, as it is written. */
export interface ModuleRules {
  readonly baseUrl?: string;
  readonly paths?: Readonly<Record<string, readonly string[]>>;
  readonly rootDirs?: readonly string[];
  readonly extends?: readonly string[];
}

/** Whether the content of a file can be read and searched. */
export function isReadable(record: FileRecord): boolean {
  return record.hash !== undefined;
}
