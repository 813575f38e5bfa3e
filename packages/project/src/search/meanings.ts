import { type KeyedText, throwIfAborted, type VectorSearch } from "@agentos/core";
import { type FileRecord, isReadable } from "../files/file-record.js";
import { type CodeChunk, chunksOf } from "./code-chunks.js";

/** A piece of code that is alike to a question. */
export interface AlikeChunk {
  readonly path: string;
  readonly chunk: CodeChunk;
  /** A cosine, above 0. */
  readonly score: number;
}

/** The text of a file as it is now; undefined when it cannot be read. */
export type ReadText = (path: string) => Promise<string | undefined>;

interface Kept {
  readonly hash: string;
  readonly chunks: readonly CodeChunk[];
}

interface Fresh extends Kept {
  readonly path: string;
  readonly texts: readonly KeyedText[];
}

/** Texts that are given to the search at once. */
const BATCH = 256;

/** Pieces of the project's code in a vector search, brought up to date when they are asked. */
export class Meanings {
  readonly #vectors: VectorSearch;
  readonly #files = new Map<string, Kept>();
  #updating: Promise<void> = Promise.resolve();

  constructor(vectors: VectorSearch) {
    this.#vectors = vectors;
  }

  /** The pieces that are most alike to a text, best first. */
  async search(
    text: string,
    records: readonly FileRecord[],
    read: ReadText,
    { limit, signal }: { readonly limit: number; readonly signal: AbortSignal | undefined },
  ): Promise<readonly AlikeChunk[]> {
    const update = this.#updating.catch(() => {}).then(() => this.#update(records, read, signal));
    this.#updating = update;
    await update;
    const found = await this.#vectors.search(text, { limit, signal });
    return found.flatMap(({ key, score }) => {
      const [path = "", number = ""] = key.split("\0");
      const chunk = this.#files.get(path)?.chunks[Number(number)];
      return chunk === undefined ? [] : [{ path, chunk, score }];
    });
  }

  async #update(
    records: readonly FileRecord[],
    read: ReadText,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const gone = new Set(this.#files.keys());
    for (const { path, hash } of records) if (hash !== undefined) gone.delete(path);
    for (const path of gone) this.#forget(path);
    let waiting: Fresh[] = [];
    let count = 0;
    for (const record of records) {
      const { path, hash } = record;
      if (!isReadable(record) || hash === undefined || record.dialect === undefined) continue;
      if (this.#files.get(path)?.hash === hash) continue;
      throwIfAborted(signal);
      const text = await read(path);
      this.#forget(path);
      if (text === undefined) continue;
      const lines = text.split("\n");
      const chunks = chunksOf(record, lines);
      const texts = chunks.map((chunk, number) => ({
        key: keyOf(path, number),
        text: textOf(path, chunk, lines),
      }));
      waiting.push({ path, hash, chunks, texts });
      count += texts.length;
      if (count < BATCH) continue;
      await this.#put(waiting, signal);
      waiting = [];
      count = 0;
    }
    await this.#put(waiting, signal);
  }

  /** A file is known once all of it was taken: else the next question gives it again. */
  async #put(files: readonly Fresh[], signal: AbortSignal | undefined): Promise<void> {
    const texts = files.flatMap((file) => file.texts);
    try {
      await this.#vectors.put(texts, { signal });
    } catch (error) {
      this.#vectors.delete(texts.map(({ key }) => key));
      throw error;
    }
    for (const { path, hash, chunks } of files) this.#files.set(path, { hash, chunks });
  }

  #forget(path: string): void {
    const chunks = this.#files.get(path)?.chunks ?? [];
    this.#vectors.delete(chunks.map((_, number) => keyOf(path, number)));
    this.#files.delete(path);
  }
}

function keyOf(path: string, number: number): string {
  return `${path}\0${number}`;
}

/** What a piece says: where it stands, what it belongs to, and its lines. */
function textOf(path: string, { line, endLine, symbol }: CodeChunk, lines: readonly string[]): string {
  const owner = symbol?.parent === undefined ? "" : `${symbol.parent}.`;
  const head = symbol === undefined ? "" : `${owner}${symbol.name}\n${symbol.doc ?? ""}\n`;
  return `${path}\n${head}${lines.slice(line - 1, endLine).join("\n")}`;
}
