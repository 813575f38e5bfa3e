import type { WaitOptions } from "@agentos/core";

/** Turns texts into vectors whose cosine says how alike the texts are. */
export interface Embedder {
  /** Identifies model and settings. When it changes, everything is embedded anew, in the background, at the next opening. */
  readonly name: string;
  /** Length of every vector. */
  readonly dimensions: number;
  /**
   * Cosine up to which two texts count as unrelated: such memories are found by their words only.
   * @default 0
   */
  readonly unrelatedBelow?: number;
  /** One finite vector for each text, in order. The same text always gets the same vector. */
  embed(texts: readonly string[], options?: WaitOptions): Promise<readonly Float32Array[]>;
  /**
   * The vector of a question, for models that treat questions and texts differently.
   * @default what `embed` gives
   */
  embedQuery?(text: string, options?: WaitOptions): Promise<Float32Array>;
  /** Whether it knows words alone, as the lexical search does: it is then left out of recall unless a weight is given. */
  readonly lexical?: boolean;
}
