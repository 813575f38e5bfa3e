import { type Journal, type JournalEntry, validate } from "@agentos/core";
import * as v from "valibot";
import type { Collection } from "./collection.js";
import { storeError } from "./errors.js";
import type { Store } from "./store.js";

const entrySchema = v.strictObject({
  solveId: v.pipe(v.string(), v.nonEmpty("must not be empty")),
  index: v.pipe(v.number(), v.integer(), v.minValue(0)),
  type: v.string(),
  at: v.number(),
  data: v.unknown(),
});

/** What is known of one solve without reading its entries. */
interface SolveHead {
  readonly count: number;
  /** Which solve of the store it is: 0, 1, 2… */
  readonly order: number;
}

/** Keeps journals of solves in a {@link Store}. The store stays the caller's to close. */
export class StoreJournal implements Journal {
  readonly #store: Store;
  readonly #entries: Collection<JournalEntry>;
  readonly #heads: Collection<SolveHead>;
  readonly #order: Collection<string>;
  #appending: Promise<unknown> = Promise.resolve();

  constructor(store: Store) {
    this.#store = store;
    this.#entries = store.collection("journal.entries");
    this.#heads = store.collection("journal.solves");
    this.#order = store.collection("journal.order");
  }

  /**
   * Adds the next entry of its solve; it is on the disk when the promise resolves. Throws `STORE_JOURNAL_GAP` when its
   * index is not the next one, `INPUT_INVALID` when it is no entry, and what `Store.write` throws.
   */
  append(entry: JournalEntry): Promise<void> {
    // One after another: two entries with the same index must not both find it free.
    const appended = this.#appending.then(() => this.#append(entry));
    this.#appending = appended.catch(() => {});
    return appended;
  }

  async read(solveId: string): Promise<readonly JournalEntry[]> {
    const entries: JournalEntry[] = [];
    if (solveId === "") return entries;
    for await (const [, entry] of this.#entries.entries({ prefix: solvePrefix(solveId) }))
      entries.push(entry);
    return entries;
  }

  async solves(): Promise<readonly string[]> {
    // Two processes that share the store may have given the same place to two solves, which then is the last one's.
    const solves: { readonly id: string; readonly order: number }[] = [];
    for await (const [id, { order }] of this.#heads.entries()) solves.push({ id, order });
    return solves.sort((a, b) => a.order - b.order).map(({ id }) => id);
  }

  async #append(entry: JournalEntry): Promise<void> {
    validate(entrySchema, entry, { what: "Journal entry", code: "INPUT_INVALID" });
    const head = await this.#heads.get(entry.solveId);
    const next = head?.count ?? 0;
    if (entry.index !== next) {
      throw storeError(
        "STORE_JOURNAL_GAP",
        `Solve "${entry.solveId}" has ${next} entries, so the next index is ${next}, not ${entry.index}. Read the journal and go on from its end; two writers of one solve are not supported.`,
        { details: { solveId: entry.solveId, expected: next, index: entry.index } },
      );
    }
    const order = head?.order ?? (await this.#nextOrder());
    await this.#store.write(
      [
        this.#entries.put(solvePrefix(entry.solveId) + sortable(entry.index), entry),
        this.#heads.put(entry.solveId, { count: next + 1, order }),
        ...(head === undefined ? [this.#order.put(sortable(order), entry.solveId)] : []),
      ],
      { durable: true },
    );
  }

  async #nextOrder(): Promise<number> {
    for await (const [last] of this.#order.entries({ reverse: true, limit: 1 })) return Number(last) + 1;
    return 0;
  }
}

/** The length in front keeps solves apart whose ids begin alike. */
function solvePrefix(solveId: string): string {
  return `${solveId.length}:${solveId}:`;
}

function sortable(index: number): string {
  return String(index).padStart(10, "0");
}
