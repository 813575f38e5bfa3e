import type { NameTable } from "./found.js";

/** What names mean depends on files: who has them. Nothing here waits; a file that is not there yet is asked for by name. */
export interface NameSource {
  /** What a file says of names; undefined when it is not there, or not yet. */
  table(file: string): NameTable | undefined;
  /**
   * The files that a module's specifier stands for in a file.
   * @param name of a namespace that many files add to: only those that define this name in it
   */
  moduleFiles(from: string, specifier: string, name?: string): readonly string[];
  /** Other files whose first scopes a file sees without an import: those of its package in Go and Java. */
  siblings(file: string): readonly string[];
}
