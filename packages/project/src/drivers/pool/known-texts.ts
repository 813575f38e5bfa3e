import { createHash } from "node:crypto";
import type { ParserQuestion } from "./protocol.js";

/** So many are remembered; of more, the oldest are forgotten. */
const MOST = 10_000;

/** Texts that are known again, by a hash. Whatever is asked of one begins with the same parse, so the kind of question does not count. */
export class KnownTexts {
  readonly #hashes = new Set<string>();

  get size(): number {
    return this.#hashes.size;
  }

  add(question: ParserQuestion): void {
    this.#hashes.add(hashOf(question));
    const [oldest] = this.#hashes;
    if (this.#hashes.size > MOST && oldest !== undefined) this.#hashes.delete(oldest);
  }

  has(question: ParserQuestion): boolean {
    return this.#hashes.size > 0 && this.#hashes.has(hashOf(question));
  }
}

/** A question for facts names a language, any other a grammar: both of the same name. */
function hashOf({ grammar, text }: ParserQuestion): string {
  return createHash("sha256").update(`${grammar}\0`).update(text, "utf8").digest("base64");
}
