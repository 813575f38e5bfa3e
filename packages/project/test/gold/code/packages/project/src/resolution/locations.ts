import type { Found } from "./found.js";
import type { DefinitionKind, ReferenceRole } from "./name-facts.js";
import type { NamedFile } from "./name-resolver.js";

/** A place that gives a name its meaning. */
export interface Definition {
  /** Relative to the root, with `/`. */
  readonly path: string;
  /** 1-based. */
  readonly line: number;
  /** 0-based, in UTF-16 units. */
  readonly column: number;
  readonly name: string;
  readonly kind: DefinitionKind;
  /**
   * `exact`: of the same file. `import`: of another one, by way of imports or of the package. `guess`: one of those of that
   * name, where nothing more is known.
   */
  readonly confidence: Confidence;
}

/** A place where a name is used. */
export interface Reference {
  readonly path: string;
  /** 1-based. */
  readonly line: number;
  /** 0-based, in UTF-16 units. */
  readonly column: number;
  readonly name: string;
  readonly role: ReferenceRole;
  /** `exact`: in the file of the definition. `import`: in another one. `guess`: the name agrees, and nothing more is known. */
  readonly confidence: Confidence;
}

/** How sure it is that a name stands for something. */
export type Confidence = "exact" | "import" | "guess";

/** @param from the file that was asked about */
export function definitionOf(found: Found, from: string, file: NamedFile): Definition {
  const { file: path, name, kind, start } = found;
  return { path, ...file.lines.position(start), name, kind, confidence: path === from ? "exact" : "import" };
}
