/** What every part of the benchmark works with. */
export interface McpBench {
  /** A folder for projects, which is removed afterwards. */
  readonly folder: string;
  readonly signal: AbortSignal;
}
