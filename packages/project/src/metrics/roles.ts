/** What a node means to the measures of complexity. */
export type Role =
  | "if"
  | "elseIf"
  | "else"
  | "loop"
  | "switch"
  | "case"
  | "catch"
  | "conditional"
  /** A condition that the paper on cognitive complexity does not count: guards, comprehensions, Rust's `?`. */
  | "decision"
  /** `else` of Rust's `let … else`. */
  | "fallback"
  | "jump";

/** What a role adds. */
export interface Effect {
  /** To the cyclomatic complexity. */
  readonly decisions: 0 | 1;
  /** To the cognitive complexity: one and the depth (`nested`), or one (`flat`). */
  readonly cognitive: "nested" | "flat" | "none";
  /** Whether what stands within is a level deeper. */
  readonly nests: boolean;
}

export const EFFECTS: Readonly<Record<Role, Effect>> = {
  if: { decisions: 1, cognitive: "nested", nests: true },
  elseIf: { decisions: 1, cognitive: "flat", nests: false },
  else: { decisions: 0, cognitive: "flat", nests: false },
  loop: { decisions: 1, cognitive: "nested", nests: true },
  switch: { decisions: 0, cognitive: "nested", nests: true },
  case: { decisions: 1, cognitive: "none", nests: false },
  catch: { decisions: 1, cognitive: "nested", nests: true },
  conditional: { decisions: 1, cognitive: "nested", nests: true },
  decision: { decisions: 1, cognitive: "none", nests: false },
  fallback: { decisions: 1, cognitive: "flat", nests: false },
  jump: { decisions: 0, cognitive: "flat", nests: false },
};

/** Nodes whose `&&`, `||` and `??` decide. */
export const LOGICAL_NODES: ReadonlySet<string> = new Set(
  "binary_expression boolean_operator binary list let_chain and_pattern or_pattern".split(" "),
);

/** Nodes that do not end a run of logical operators. */
export const PARENTHESES: ReadonlySet<string> = new Set([
  "parenthesized_expression",
  "parenthesized_statements",
  "parenthesized_pattern",
]);

/** Logical operators, each with the one that counts as the same; `??` is shorthand, which the paper leaves out. */
export const LOGICAL_OPERATORS: ReadonlyMap<string, "&&" | "||" | "??"> = new Map([
  ["&&", "&&"],
  ["and", "&&"],
  ["||", "||"],
  ["or", "||"],
  ["??", "??"],
]);

/** Assignments that happen on a condition. */
export const LOGICAL_ASSIGNMENTS: ReadonlySet<string> = new Set(["&&=", "||=", "??="]);
