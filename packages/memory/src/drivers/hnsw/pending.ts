import type { VectorTable } from "../exact/vector-table.js";
import type { GraphRequest } from "./protocol.js";

/** Vectors in one change: few while searches wait behind it, many while a graph is built and none are asked. */
const FEW = 64;
const MANY = 512;

/** What a graph does not hold yet of a table, and what it holds too much; one change is under way at a time. */
export class Pending {
  readonly #table: VectorTable;
  /** Slots whose vector the graph does not hold. */
  readonly #set = new Set<number>();
  readonly #deleted = new Set<number>();
  /** Slots of the change that is under way and have not changed since. */
  readonly #sent = new Set<number>();
  #underWay = false;
  #clear = false;

  constructor(table: VectorTable) {
    this.#table = table;
  }

  /** How many vectors the graph does not hold. */
  get size(): number {
    return this.#set.size;
  }

  /** Whether the graph holds what the table holds, and no more. */
  get done(): boolean {
    return !this.#underWay && !this.#clear && this.#set.size === 0 && this.#deleted.size === 0;
  }

  /** Slots whose vector the graph does not hold. */
  slots(): readonly number[] {
    return [...this.#set];
  }

  set(slot: number): void {
    this.#set.add(slot);
    this.#sent.delete(slot);
    this.#deleted.delete(slot);
  }

  delete(slot: number): void {
    this.#set.delete(slot);
    this.#sent.delete(slot);
    this.#deleted.add(slot);
  }

  /** The graph is to be built anew. */
  all(): void {
    this.#clear = true;
    this.#deleted.clear();
    this.#sent.clear();
    for (const slot of this.#table.slots()) this.#set.add(slot);
  }

  /** The next change; undefined when there is none, or one is under way. */
  take(): (GraphRequest & { readonly type: "change" }) | undefined {
    if (this.#underWay || this.done) return undefined;
    const { dimensions } = this.#table;
    const most = this.#set.size > MANY ? MANY : FEW;
    for (const slot of this.#set) {
      if (this.#sent.size === most) break;
      this.#sent.add(slot);
    }
    const added = Int32Array.from(this.#sent);
    const vectors = new Float32Array(added.length * dimensions);
    added.forEach((slot, place) => {
      vectors.set(this.#table.get(slot) ?? [], place * dimensions);
    });
    const removed = Int32Array.from(this.#deleted);
    const clear = this.#clear;
    this.#deleted.clear();
    this.#clear = false;
    this.#underWay = true;
    return { type: "change", added, removed, vectors, clear };
  }

  /** The change that was under way is done. */
  taken(): void {
    for (const slot of this.#sent) this.#set.delete(slot);
    this.#sent.clear();
    this.#underWay = false;
  }
}
