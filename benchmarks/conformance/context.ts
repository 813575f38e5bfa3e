/** What every part of the benchmark works with. */
export interface ConformanceBench {
  /** A folder for what is installed, which is removed afterwards. */
  readonly folder: string;
  readonly signal: AbortSignal;
}
