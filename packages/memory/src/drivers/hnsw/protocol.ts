/** What the thread of the graph is started with. */
export interface GraphSettings {
  /** The path of hnswlib-node. */
  readonly library: string;
  readonly dimensions: number;
  /** Links of a vector (M). */
  readonly links: number;
  /** Candidates looked at when a vector is linked (efConstruction). */
  readonly buildWidth: number;
  /** Candidates looked at in a search (ef), at least. */
  readonly searchWidth: number;
}

/** What the thread is asked for. It does one after another, in order. */
export type GraphRequest =
  | {
      readonly type: "change";
      /** Taken out first. What the graph does not hold is no error. */
      readonly removed: Int32Array;
      readonly added: Int32Array;
      /** Those of `added`, of length 1, one after another. */
      readonly vectors: Float32Array;
      /** Whether everything is taken out before. */
      readonly clear: boolean;
    }
  | { readonly type: "search"; readonly id: number; readonly query: Float32Array; readonly count: number };

/** What the thread answers. */
export type GraphAnswer =
  | {
      readonly type: "changed";
      readonly live: number;
      /** What was taken out stays in the graph, hidden, until it is cleared. */
      readonly dead: number;
    }
  | { readonly type: "found"; readonly id: number; readonly slots: Int32Array };
