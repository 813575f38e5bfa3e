import { rm } from "node:fs/promises";
import { join } from "node:path";
import { Store } from "@agentos/store";
import fc from "fast-check";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { ProjectIndex } from "../src/project-index.js";
import { TreeSitterParser } from "../src/tree-sitter-parser.js";
import { begin, contents, forget, happen, lives, type Step } from "./incremental-life.js";
import { temporaryFolder } from "./temporary.js";

let parser: TreeSitterParser;
beforeAll(async () => {
  parser = await TreeSitterParser.open();
});
afterAll(() => parser.close());

async function openStore(): Promise<Store> {
  const store = await Store.open({ dir: join(await temporaryFolder(), "store") });
  onTestFinished(() => store.close());
  return store;
}

/** Compares an index that is brought up to date, and one that is watched, with a clean one after each of a few random steps. */
export function testSequences(sequences: number): void {
  test(`whatever becomes of a project, index() and a watch end where a clean index begins (${sequences} sequences)`, {
    timeout: 60_000 + sequences * 2_000,
  }, async () => {
    const [called, watched, clean] = [await openStore(), await openStore(), await openStore()];
    const live = async (steps: readonly (readonly Step[])[]): Promise<void> => {
      const root = await temporaryFolder();
      await begin(root);
      const byCall = await ProjectIndex.open({ root, store: called, parser });
      const byWatch = await ProjectIndex.open({ root, store: watched, parser });
      const errors: unknown[] = [];
      const watch = byWatch.watch({ onError: (error) => errors.push(error) });
      await watch.ready;
      for (const step of steps) {
        for (const one of step) await happen(root, one);
        await byCall.index();
        await watch.settled();
        const anew = await ProjectIndex.open({ root, store: clean, parser });
        await anew.index();
        const expected = await contents(anew, clean);
        await anew.close();
        await forget(clean, root);
        expect(await contents(byCall, called), "by index()").toEqual(expected);
        expect(await contents(byWatch, watched), "by the watch").toEqual(expected);
      }
      expect(errors).toEqual([]);
      await byWatch.close();
      await byCall.close();
      await rm(root, { recursive: true });
    };
    await fc.assert(fc.asyncProperty(lives(3), live), { numRuns: sequences });
  });
}
