import { coreError } from "@agentos/core";
import type { StoreProgress } from "../copy.js";
import type { LevelRange } from "../drivers/level-driver.js";
import type { LocalEngine } from "../local-engine.js";
import type { Page, PageRequest, Request, WriteRequest } from "./messages.js";

/** A page of a walk ends when it has as many entries or, in UTF-16 code units, as much text. */
const PAGE_ENTRIES = 200;
const PAGE_LENGTH = 2 ** 20;

/** Walks of one client that are kept open, at most: each holds memory and a snapshot of LevelDB. */
const WALKS = 128;

/** What the handlers of all clients of an owner share. */
export interface Owned {
  readonly engine: LocalEngine;
  /** Writes under way, by the id under which they were asked for. */
  readonly writes: Map<string, Promise<number>>;
}

/** What an owner that closes leaves to the next one: it may take long, and can begin again. */
export function isLeft({ t }: Request): boolean {
  return t === "call" || t === "backup" || t === "compact";
}

type OnProgress = (progress: StoreProgress) => void;

interface Walk {
  readonly cursor: AsyncIterator<readonly [key: Buffer, value: string]>;
  /** Pages that are being read. */
  reading: number;
}

/** What ends by itself, and soon. */
export function isBrief({ t }: Request): boolean {
  return t === "get" || t === "page" || t === "changed" || t === "write";
}

/** Does in the owner what one client asks for. */
export class RequestHandler {
  readonly #owned: Owned;
  readonly #running = new Map<number, { readonly abort: AbortController; readonly request: Request }>();
  readonly #finishing = new Set<Promise<unknown>>();
  readonly #walks = new Map<number, Walk>();

  constructor(owned: Owned) {
    this.#owned = owned;
  }

  /** Writes are queued before this returns, so that they keep their order. */
  async handle(request: Request, onProgress: OnProgress): Promise<unknown> {
    const abort = new AbortController();
    this.#running.set(request.n, { abort, request });
    const work = this.#do(request, abort, onProgress);
    if (request.t !== "call") this.#finishing.add(work);
    try {
      return await work;
    } finally {
      this.#running.delete(request.n);
      this.#finishing.delete(work);
    }
  }

  /** The client does not want the answer any more. */
  cancel(n: number): void {
    this.#running.get(n)?.abort.abort();
  }

  /** The client does not go on with a walk. */
  drop(walk: number): void {
    const cursor = this.#walks.get(walk)?.cursor;
    this.#walks.delete(walk);
    cursor?.return?.().catch(() => {});
  }

  /** Ends what is left to the next owner, waits for what is under way except calls, and lets go of all walks. */
  async close(): Promise<void> {
    for (const { abort, request } of this.#running.values()) if (isLeft(request)) abort.abort();
    await Promise.allSettled([...this.#finishing]);
    // Whoever waits for an answer gets it before this goes on.
    await new Promise((resolve) => setImmediate(resolve));
    for (const walk of [...this.#walks.keys()]) this.drop(walk);
  }

  async #do(request: Request, abort: AbortController, onProgress: OnProgress): Promise<unknown> {
    const { engine } = this.#owned;
    const { signal } = abort;
    switch (request.t) {
      case "get":
        return engine.get(request.key);
      case "write":
        return this.#write(request, signal);
      case "page":
        return this.#page(request);
      case "call":
        return engine.call(request.service, request.request, signal);
      case "changed":
        return engine.changes(request.after, request.collections);
      case "backup":
        if (request.aborted === true) abort.abort();
        return engine.backup(request.dir, { signal, onProgress }, request.again);
      case "compact":
        if (request.aborted === true) abort.abort();
        return engine.compact(signal);
    }
  }

  #write(asked: WriteRequest, signal: AbortSignal): Promise<number> {
    const { engine, writes } = this.#owned;
    const applied = engine.appliedAs(asked.request);
    if (applied !== undefined) return Promise.resolve(applied);
    const running = writes.get(asked.request);
    if (running !== undefined) return running;
    if (asked.aborted === true) {
      throw coreError("ABORTED", "Cancelled by the caller's AbortSignal.");
    }
    const { operations, durable, request } = asked;
    const write = engine
      .write(operations, { durable, signal }, request)
      .finally(() => writes.delete(request));
    writes.set(request, write);
    return write;
  }

  async #page(asked: PageRequest): Promise<Page> {
    const { walk } = asked;
    const open: Walk = this.#walks.get(walk) ?? {
      cursor: this.#owned.engine.entries(rangeOf(asked)),
      reading: 0,
    };
    const { cursor } = open;
    // The last one that was read stands last.
    this.#walks.delete(walk);
    this.#walks.set(walk, open);
    this.#dropOldest();
    open.reading += 1;
    const entries: [string, string][] = [];
    let length = 0;
    try {
      while (entries.length < PAGE_ENTRIES && length < PAGE_LENGTH) {
        const { done, value } = await cursor.next();
        if (done === true) {
          this.#walks.delete(walk);
          return { entries, done: true };
        }
        const key = value[0].toString("utf8");
        entries.push([key, value[1]]);
        length += key.length + value[1].length;
      }
      return { entries, done: false };
    } catch (error) {
      this.drop(walk);
      throw error;
    } finally {
      open.reading -= 1;
    }
  }

  /** A walk that is dropped begins anew behind its last key when it is asked to go on. */
  #dropOldest(): void {
    if (this.#walks.size <= WALKS) return;
    for (const [walk, { reading }] of this.#walks) {
      if (reading > 0) continue;
      this.drop(walk);
      return;
    }
  }
}

function rangeOf({ lower, openLower, upper, limit, reverse }: PageRequest): LevelRange {
  return {
    lower: Buffer.from(lower, "latin1"),
    openLower,
    upper: Buffer.from(upper, "latin1"),
    limit,
    reverse,
    signal: undefined,
  };
}
