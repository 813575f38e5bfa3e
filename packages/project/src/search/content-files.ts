import { lstatSync, type Stats } from "node:fs";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { type FileTimes, readText } from "../files/read-text.js";
import { OF_LINES } from "./character-kinds.js";
import type { TextKind } from "./content-expression.js";
import { ContentTexts } from "./content-texts.js";
import { type LinesBeyondAscii, linesBeyondAscii } from "./lines-beyond-ascii.js";
import { type TextTraits, TraitCollector } from "./text-traits.js";
import type { TrigramSymbols } from "./trigram-symbols.js";

/** What a text is like. */
export interface ContentKind extends TextKind {
  /** Units of its longest line. */
  readonly longestLine: number;
  /** Undefined where all of it is ASCII. */
  readonly beyondAscii?: LinesBeyondAscii;
}

/** A text to be searched. */
export interface Content {
  readonly text: string;
  readonly kind: ContentKind;
}

/** What is known of one file. */
export interface ContentState {
  readonly times: FileTimes;
  /** The number of the file in its file system; undefined when that of the times is not known. */
  readonly inode: number | undefined;
  /** When it was read, in milliseconds since 1970. */
  readonly readAt: number;
  /** SHA-256 of the content; undefined where there is no text. */
  readonly hash?: string;
  /** Undefined where there is no text: binary, too large, or not there. */
  readonly traits?: TextTraits;
  readonly kind: ContentKind;
}

/** What reading files needs to know. */
export interface ContentFilesOptions {
  readonly root: string;
  readonly maxFileBytes: number;
  /** How many bytes of text are kept in memory. */
  readonly textCacheBytes: number;
  readonly clock: () => number;
}

/** Times this close to the moment of reading may hide a later change, as in `files/read-record.ts`. */
const RACY_MS = 2_000;
const NO_KIND: ContentKind = { ascii: false, lossy: false, longestLine: 0 };
/** Units of a text whose traits are gathered at a time: some milliseconds. */
const SLICE = 500_000;

/** The traits of files, and as many of their texts as the budget allows. Files are read when they are first asked for, and when changed. */
export class ContentFiles {
  readonly #options: ContentFilesOptions;
  readonly #symbols: TrigramSymbols;
  readonly #states = new Map<string, ContentState>();
  #readings = 0;
  readonly #texts: ContentTexts;
  readonly #collector: TraitCollector;

  constructor(options: ContentFilesOptions, symbols: TrigramSymbols) {
    this.#options = options;
    this.#symbols = symbols;
    this.#texts = new ContentTexts(options.textCacheBytes);
    this.#collector = new TraitCollector(symbols);
  }

  /** What is known of a file, if that is still true of it: by size, times and inode. */
  unchanged(path: string): ContentState | undefined {
    const state = this.#states.get(path);
    if (state === undefined) return undefined;
    const { root } = this.#options;
    let found: Stats | undefined;
    try {
      found = lstatSync(`${root}/${path}`, { throwIfNoEntry: false });
    } catch {
      return undefined;
    }
    if (found === undefined || !isOf(state.times, found) || found.ino !== state.inode) return undefined;
    return Math.max(found.mtimeMs, found.ctimeMs) < state.readAt - RACY_MS ? state : undefined;
  }

  /** What is known of a file, if that is true of a content. @param hash SHA-256 */
  withHash(path: string, hash: string): ContentState | undefined {
    const state = this.#states.get(path);
    return state?.hash === hash ? state : undefined;
  }

  /** The text that a state is of, where it is in memory. */
  kept(path: string, state: ContentState): string | undefined {
    return this.#states.get(path) === state ? this.#texts.get(path) : undefined;
  }

  /** How often a file was read or let go of. */
  get readings(): number {
    return this.#readings;
  }

  /** Reads a file as it is now. Undefined where there is no text. */
  async read(path: string): Promise<Content | undefined> {
    const { root, maxFileBytes, clock } = this.#options;
    const known = this.#states.get(path);
    const inode = inodeOf(join(root, path));
    const readAt = clock();
    const reading = await readText(root, path, maxFileBytes);
    if (reading.status === "gone" || reading.status === "unreadable" || reading.status === "same") {
      this.forget(path);
      return undefined;
    }
    const { stats } = reading;
    // Another file may have come between the two looks.
    const base = {
      times: stats,
      inode: inode !== undefined && isOf(stats, inode) ? inode.ino : undefined,
      readAt,
    };
    if (reading.status !== "text") {
      this.#texts.delete(path);
      this.#set(path, { ...base, kind: NO_KIND });
      return undefined;
    }
    const { text, hash, isLossy } = reading;
    const traits = (known?.hash === hash && known.traits) || (await this.#traits(text));
    const { ascii, runs } = traits;
    const kind = {
      ascii,
      lossy: !ascii && isLossy,
      longestLine: runs[OF_LINES] ?? 0,
      ...(!ascii && { beyondAscii: linesBeyondAscii(text) }),
    };
    this.#set(path, { ...base, hash, traits, kind });
    this.#texts.put(path, text, ascii, known !== undefined);
    return { text, kind };
  }

  #set(path: string, state: ContentState): void {
    this.#readings += 1;
    this.#states.set(path, state);
  }

  /** Lets go of what is known of a file. */
  forget(path: string): void {
    this.#readings += 1;
    this.#states.delete(path);
    this.#texts.delete(path);
  }

  /** Lets go of all files but these. */
  keepOnly(paths: ReadonlySet<string>): void {
    for (const path of this.#states.keys()) if (!paths.has(path)) this.forget(path);
  }

  async #traits(text: string): Promise<TextTraits> {
    if (text.length <= SLICE) {
      this.#collector.add(text, 0, text.length);
      return this.#collector.finish();
    }
    // Others may be gathered between its slices.
    const collector = new TraitCollector(this.#symbols);
    for (let start = 0; start < text.length; start += SLICE) {
      collector.add(text, start, start + SLICE);
      await nextTurn();
    }
    return collector.finish();
  }
}

function inodeOf(file: string): Stats | undefined {
  try {
    return lstatSync(file, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

function isOf(times: FileTimes, stats: FileTimes): boolean {
  return times.size === stats.size && times.mtimeMs === stats.mtimeMs && times.ctimeMs === stats.ctimeMs;
}
