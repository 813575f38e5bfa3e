/** A named definition in a project's source. */
export interface CodeSymbol {
  readonly name: string;
  readonly kind: "function" | "method" | "class" | "interface" | "type" | "enum" | "variable" | "module";
  /** Path relative to the project's root, with `/`. */
  readonly path: string;
  /** First line, 1-based. */
  readonly line: number;
  /** Last line, 1-based, inclusive. */
  readonly endLine: number;
  /** The first line of the definition, trimmed. */
  readonly signature: string;
  /** The symbol that encloses it. */
  readonly parent?: string;
}
