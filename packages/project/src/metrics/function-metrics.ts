/** Halstead's counts and measures (M. H. Halstead, "Elements of Software Science", 1977). */
export interface HalsteadMetrics {
  /** n1: different operators. */
  readonly distinctOperators: number;
  /** n2: different operands. */
  readonly distinctOperands: number;
  /** N1: operators in all. */
  readonly operators: number;
  /** N2: operands in all. */
  readonly operands: number;
  /** n = n1 + n2. */
  readonly vocabulary: number;
  /** N = N1 + N2. */
  readonly length: number;
  /** V = N log2 n, in bits; 0 where there are no tokens. */
  readonly volume: number;
  /** D = n1 / 2 · N2 / n2; 0 where there are no operands. */
  readonly difficulty: number;
  /** E = D · V. */
  readonly effort: number;
}

/**
 * What is measured of one function. A nested function that has a name has an entry of its own; a closure without one is part of
 * the function around it.
 */
export interface FunctionMetrics {
  /** `file` is the whole text, whose name is empty. */
  readonly kind: "file" | "function";
  readonly name: string;
  /** The named class or function around it; absent: none. */
  readonly parent?: string;
  /** First and last line, 1-based. */
  readonly line: number;
  readonly endLine: number;
  /**
   * Decisions + 1 (T. J. McCabe, "A Complexity Measure", 1976). Each of these is one: `if`, loop, label of a case, `catch`, conditional
   * expression, guard, `for` and `if` of a comprehension, Rust's `?`, and `&&`, `||`, `??` with their assignments. The default label, `else`
   * and `?.` are none. Nested functions with entries do not count; for a file it is the sum of its functions and of the code around them.
   */
  readonly cyclomatic: number;
  /**
   * Points for what breaks the flow, more of them the deeper it stands (G. A. Campbell, "Cognitive Complexity", SonarSource, 2018).
   * One and the depth for `if`, loop, switch, `catch`, conditional expression; one for `else`, `else if`, a jump to a label, each run of the
   * same logical operator, and for a function that calls itself. Nested functions count to those around, a level deeper.
   */
  readonly cognitive: number;
  /** Of its own tokens without those of nested functions that have entries; for a file of all. */
  readonly halstead: HalsteadMetrics;
  /** Physical lines, from the first to the last. */
  readonly lines: number;
  /** Lines on which code stands: neither blank nor only comment. A text of many lines counts as code on each. */
  readonly codeLines: number;
  /** How deep structures and nested functions stand in one another at most; 0 where there are none. */
  readonly nesting: number;
  /** Declared parameters without the receiver (`self`, `this`); 0 for a file and in Bash. */
  readonly parameters: number;
}
