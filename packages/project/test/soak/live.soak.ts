import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { Store } from "@agentos/store";
import { expect, onTestFinished, test } from "vitest";
import { ProjectIndex } from "../../src/project-index.js";
import { temporaryFolder } from "../temporary.js";

/** As many files as the soak asks for runs, and each of them is edited so often. */
const FILES = Number(process.env["AGENTOS_SOAK_RUNS"] ?? 10_000);
const ROUNDS = 20;
/** Files that change at a time. */
const BATCH = 500;

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** Bytes that the program holds, in MB. */
async function heldMb(): Promise<number> {
  // Twice: what the first frees may hold more.
  for (let turn = 0; turn < 2; turn += 1) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    collectGarbage();
  }
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 1024 ** 2;
}

const folderOf = (number: number): string => `p${number % 40}/m${Math.floor(number / 40) % 10}`;
const textOf = (number: number, round: number): string =>
  `import { f${(number + 1) % FILES} } from "./f${number + 1}.js";\nexport function f${number}() {\n  return ${round} + f${(number + 1) % FILES}();\n}\nexport class Round${round} {}\n`;

test(`${FILES} files that are edited, moved and deleted ${ROUNDS} times over leave the memory as large as it was`, {
  timeout: 60_000 + FILES * ROUNDS * 20,
}, async () => {
  const root = await temporaryFolder();
  const store = await Store.open({ dir: join(await temporaryFolder(), "store") });
  onTestFinished(() => store.close());
  const write = (number: number, round: number): Promise<void> =>
    writeFile(join(root, folderOf(number), `f${number}.ts`), textOf(number, round));
  for (let number = 0; number < FILES; number += 1) {
    if (number < 400) await mkdir(join(root, folderOf(number)), { recursive: true });
    await write(number, 0);
  }
  const index = await ProjectIndex.open({ root, store });
  onTestFinished(() => index.close());
  const errors: unknown[] = [];
  const watch = index.watch({ onError: (error) => errors.push(error) });
  await watch.ready;
  const held: number[] = [];
  for (let round = 1; round <= ROUNDS; round += 1) {
    for (let start = 0; start < FILES; start += BATCH) {
      for (let number = start; number < Math.min(start + BATCH, FILES); number += 1)
        await write(number, round);
      await watch.settled();
      const asked = start + (round % BATCH);
      await index.symbols(`f${asked}`);
      await index.outline(`${folderOf(asked)}/f${asked}.ts`);
      await index.searchText(`return ${round} + f${asked}`);
      await index.affectedTests([`${folderOf(asked)}/f${asked}.ts`]);
    }
    // A branch that comes and goes.
    await rename(join(root, "p1"), join(root, "q1"));
    await watch.settled();
    await rename(join(root, "q1"), join(root, "p1"));
    await mkdir(join(root, "extra"));
    for (let number = 0; number < BATCH; number += 1)
      await writeFile(join(root, "extra", `e${number}.ts`), textOf(number, round));
    await watch.settled();
    await rm(join(root, "extra"), { recursive: true });
    await watch.settled();
    expect((await index.stats()).files).toBe(FILES);
    held.push(await heldMb());
    console.log(
      `round ${round}: ${held.at(-1)?.toFixed(1)} MB held, rss ${Math.round(process.memoryUsage().rss / 1024 ** 2)} MB`,
    );
  }
  expect(errors).toEqual([]);
  // The first rounds fill what is kept on purpose: texts, facts of names.
  const settled = held.slice(3);
  expect((settled.at(-1) ?? 0) - (settled[0] ?? 0)).toBeLessThan(50);
});
