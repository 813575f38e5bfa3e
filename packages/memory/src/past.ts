import { Catalogue, type KnownTime } from "./catalogue.js";
import { LexicalIndex, type LexicalWeights } from "./lexical-index.js";
import { type MemoryRecord, sinceOf } from "./record.js";

/**
 * Every version of every memory, also of those in the archive, with the time in which it was what was known. It is made when
 * it is first asked, since few ask what was known once, and it costs what the whole index costs.
 */
export class Past {
  readonly catalogue: Catalogue;
  readonly #versions = new Map<string, string[]>();
  /** The newest versions of what is in the archive. */
  readonly #archived = new Set<string>();

  constructor(weights: LexicalWeights) {
    this.catalogue = new Catalogue(new LexicalIndex(weights));
  }

  /** Adds a version. One that was added before is put in its own place. */
  add(record: MemoryRecord, until: number = Infinity): void {
    const { memory, version = 1 } = record;
    const { id } = memory;
    const from = sinceOf(record);
    const before = versionKey(id, version - 1);
    this.catalogue.end(before, from);
    this.#archived.delete(before);
    // What is forgotten or in quarantine is not known.
    if (record.forgottenAt !== undefined || record.quarantine !== undefined) return;
    const key = versionKey(id, version);
    const known: KnownTime = { from, to: until };
    this.catalogue.set(memory, key, known);
    if (record.archivedAt !== undefined && until === Infinity) this.#archived.add(key);
    const versions = this.#versions.get(id) ?? [];
    if (!versions.includes(key)) versions.push(key);
    this.#versions.set(id, versions);
  }

  /** Takes every version of a memory out. */
  remove(id: string): void {
    for (const key of this.#versions.get(id) ?? []) {
      this.catalogue.delete(key);
      this.#archived.delete(key);
    }
    this.#versions.delete(id);
  }

  /** Leaves only what is in the archive of a mask. */
  onlyArchived(mask: Uint8Array): Uint8Array {
    const left = new Uint8Array(mask.length);
    for (const key of this.#archived) {
      const slot = this.catalogue.slot(key);
      if (slot !== undefined) left[slot] = mask[slot] ?? 0;
    }
    return left;
  }
}

function versionKey(id: string, version: number): string {
  return `${id}\u0001${version}`;
}

/** The id and the number of a version. */
export function versionOfKey(key: string): { readonly id: string; readonly version: number } {
  const at = key.lastIndexOf("\u0001");
  return { id: key.slice(0, at), version: Number(key.slice(at + 1)) };
}
