import { throwIfAborted } from "@agentos/core";
import type { LevelBuild } from "./drivers/level-build.js";
import type { FrozenLevel } from "./drivers/level-frozen.js";

/** How far work that goes through the whole store has come. */
export interface StoreProgress {
  readonly entries: number;
  /** Bytes of keys and values. */
  readonly bytes: number;
}

/** What a walk through the whole store takes. */
export interface CopyOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: StoreProgress) => void) | undefined;
}

/** Copies entries of a frozen database into one in the making; says after every page how far it is. */
export async function copyEntries(
  source: FrozenLevel,
  build: LevelBuild,
  range: { readonly lower: Buffer; readonly upper: Buffer },
  { signal, onProgress }: CopyOptions,
): Promise<void> {
  let [entries, bytes] = [0, 0];
  for await (const page of source.pages(range.lower, range.upper)) {
    throwIfAborted(signal);
    for (const [key, value] of page) {
      await build.put(key, value);
      entries += 1;
      bytes += key.length + value.length;
    }
    onProgress?.({ entries, bytes });
  }
}
