/** Who proposed a candidate. */
export interface Proposer {
  /** The agent's name, for example "reviewer-2". */
  readonly agent?: string;
  /** The model's name as its provider writes it. */
  readonly model?: string;
}

/** Code proposed for a task. */
export interface Candidate {
  /** Unique within its task. */
  readonly id: string;
  /** Whole files by path relative to the workspace (or the project's root), with `/`. `null` deletes a file. */
  readonly files: Readonly<Record<string, string | null>>;
  readonly proposer?: Proposer;
}
