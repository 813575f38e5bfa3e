import { type Lifecycle, validate } from "@agentos/core";
import * as v from "valibot";
import type { SnapshotContent, Snapshots } from "./snapshots.js";

/** Options of reading and writing a {@link Snapshot}. */
export interface SnapshotOptions {
  /** Ends the work with `ABORTED`; what was there before stays. */
  readonly signal?: AbortSignal;
}

const optionsSchema: v.GenericSchema<SnapshotOptions> = v.strictObject({
  signal: v.optional(v.instance(AbortSignal)),
});
const sequenceSchema = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const partsSchema = v.map(v.string(), v.instance(Uint8Array));

/**
 * A derived index, kept so that opening need not build it anew. It is never the truth: what is torn, damaged, of another
 * store or ahead of this one reads as undefined. `Store.changes` tells what is to be looked at again behind its sequence.
 * In a shared store only the owner has snapshots: a client gets `STORE_NOT_OWNER` from all three, until it takes over.
 */
export class Snapshot {
  readonly name: string;
  readonly #snapshots: () => Snapshots;
  readonly #lifecycle: Lifecycle;

  constructor(name: string, snapshots: () => Snapshots, lifecycle: Lifecycle) {
    this.name = name;
    this.#snapshots = snapshots;
    this.#lifecycle = lifecycle;
  }

  /**
   * What was written last, each part in a buffer of its own; undefined when there is nothing that can be used. What is
   * damaged is told to the logger and removed. Throws `ABORTED`, `CLOSED`.
   */
  async read(options: SnapshotOptions = {}): Promise<SnapshotContent | undefined> {
    const { signal } = validate(optionsSchema, options, { what: "Options of a snapshot" });
    return this.#lifecycle.track(async () => this.#snapshots().read(this.name, signal));
  }

  /**
   * Puts new content in the place of the old one: either wholly or not at all, on the disk when it resolves. The parts
   * are read while they are written and must not change until then.
   * Throws `STORE_FULL` (the old one stays), `STORE_IO`, `INPUT_INVALID` when the store is not yet at that sequence,
   * `ABORTED`, `CLOSED`.
   */
  async write(
    sequence: number,
    parts: ReadonlyMap<string, Uint8Array>,
    options: SnapshotOptions = {},
  ): Promise<void> {
    validate(sequenceSchema, sequence, { what: "Sequence of a snapshot", code: "INPUT_INVALID" });
    validate(partsSchema, parts as Map<string, Uint8Array>, {
      what: "Parts of a snapshot",
      code: "INPUT_INVALID",
    });
    const { signal } = validate(optionsSchema, options, { what: "Options of a snapshot" });
    return this.#lifecycle.track(async () => this.#snapshots().write(this.name, sequence, parts, signal));
  }

  /** Removes it; no error when there is none. */
  async delete(): Promise<void> {
    return this.#lifecycle.track(async () => this.#snapshots().delete(this.name));
  }
}
