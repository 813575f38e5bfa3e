/** How far a text may be trusted: `own` was written by the user or by AgentOS, `outside` came from a run, a repository or the web. */
export type Trust = "own" | "outside";

/** One piece of a brief. */
export interface BriefItem {
  readonly kind: "test" | "file" | "memory" | "symbol" | "map" | "failure" | "pattern" | "warning";
  /** Where it comes from, for a person: a memory id, `path:line`, an outcome id. */
  readonly source: string;
  readonly text: string;
  readonly trust: Trust;
  /** Estimated size of `text` in tokens. */
  readonly tokens: number;
}

/** What AgentOS hands an agent before it writes. */
export interface Brief {
  readonly taskId: string;
  /** The whole brief as text, ready for a prompt. Text from outside is quoted as data. */
  readonly text: string;
  readonly items: readonly BriefItem[];
  /** Estimated size of `text` in tokens, at most the budget. */
  readonly tokens: number;
  /** What had to be left out, and which engines were missing. */
  readonly notes: readonly string[];
}
