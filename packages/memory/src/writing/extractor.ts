import type { MemoryKind, WaitOptions } from "@agentos/core";

/** One turn of a conversation, or a text by itself. */
export interface Turn {
  /** Who said it; `text` for what is no conversation, such as a commit message. */
  readonly role: "user" | "assistant" | "tool" | "text";
  readonly content: string;
}

/**
 * A memory that an extractor proposes. Scope and trust are not its to choose: what it read may have been written by
 * anybody.
 */
export interface ProposedMemory {
  readonly content: string;
  /** @default "fact" */
  readonly kind?: MemoryKind;
  /** @default [] */
  readonly tags?: readonly string[];
  /** 0 (trivial) to 1 (vital). @default 0.5 */
  readonly importance?: number;
}

/** Options of {@link Extractor.propose}. */
export interface ExtractOptions extends WaitOptions {
  /** At most so many are wanted; the weightiest, when there are more. */
  readonly limit: number;
}

/**
 * Reads turns and proposes what is worth remembering: a language model, or rules. What it gives is data: use it through
 * `proposeMemories`, which checks it item by item.
 */
export interface Extractor {
  /** For logs and the source of memories, for example "rules-1". */
  readonly name: string;
  /** Proposals for these turns, best first; none when nothing is worth it. Rejects with `ABORTED` when the signal is. */
  propose(turns: readonly Turn[], options: ExtractOptions): Promise<readonly ProposedMemory[]>;
}
