import type { HierarchicalNSW } from "hnswlib-node";
import type { GraphAnswer, GraphRequest, GraphSettings } from "./protocol.js";

/** The slice of hnswlib-node that is used. */
export interface HnswLibrary {
  readonly HierarchicalNSW: new (space: "ip", dimensions: number) => HierarchicalNSW;
}

const FIRST_CAPACITY = 1024;
const SEED = 100;

/**
 * A graph of hnswlib whose points are slots. A vector that is put in place of another is a new point, and the old one is
 * hidden: hnswlib moves points at the cost of what it finds.
 */
export class Graph {
  readonly #library: HnswLibrary;
  readonly #settings: GraphSettings;
  #points: HierarchicalNSW;
  #capacity = FIRST_CAPACITY;
  /** The point of each slot. */
  readonly #pointOf = new Map<number, number>();
  /** The slot of each point. */
  #slots: number[] = [];

  constructor(library: HnswLibrary, settings: GraphSettings) {
    this.#library = library;
    this.#settings = settings;
    this.#points = this.#empty();
  }

  answer(request: GraphRequest): GraphAnswer {
    if (request.type === "search") {
      const { id, query, count } = request;
      return { type: "found", id, slots: this.#search(query, count) };
    }
    if (request.clear) this.#clear();
    for (const slot of request.removed) this.#remove(slot);
    const { dimensions } = this.#settings;
    for (const [place, slot] of request.added.entries()) {
      this.#add(slot, request.vectors.subarray(place * dimensions, (place + 1) * dimensions));
    }
    const live = this.#pointOf.size;
    return { type: "changed", live, dead: this.#slots.length - live };
  }

  #search(query: Float32Array, count: number): Int32Array {
    const wanted = Math.min(count, this.#pointOf.size);
    if (wanted === 0) return new Int32Array();
    this.#points.setEf(Math.max(this.#settings.searchWidth, wanted));
    const { neighbors } = this.#points.searchKnn([...query], wanted);
    return Int32Array.from(neighbors, (point) => this.#slots[point] ?? -1);
  }

  #add(slot: number, vector: Float32Array): void {
    this.#remove(slot);
    const point = this.#slots.length;
    if (point === this.#capacity) {
      this.#capacity *= 2;
      this.#points.resizeIndex(this.#capacity);
    }
    this.#points.addPoint([...vector], point);
    this.#slots.push(slot);
    this.#pointOf.set(slot, point);
  }

  #remove(slot: number): void {
    const point = this.#pointOf.get(slot);
    if (point === undefined) return;
    this.#points.markDelete(point);
    this.#pointOf.delete(slot);
  }

  #clear(): void {
    this.#pointOf.clear();
    this.#slots = [];
    this.#capacity = FIRST_CAPACITY;
    this.#points = this.#empty();
  }

  #empty(): HierarchicalNSW {
    const { dimensions, links, buildWidth } = this.#settings;
    const points = new this.#library.HierarchicalNSW("ip", dimensions);
    points.initIndex(FIRST_CAPACITY, links, buildWidth, SEED);
    return points;
  }
}
