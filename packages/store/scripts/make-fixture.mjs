// Writes a small store of the format that the built version has into test/fixtures/format-<n>. Run it after a build and
// before STORE_FORMAT is raised, and commit the folder: from then on a test opens it with every later version.
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { STORE_FORMAT, Store, StoreJournal } from "../dist/index.js";

const dir = fileURLToPath(new URL(`../test/fixtures/format-${STORE_FORMAT}`, import.meta.url));
await rm(dir, { recursive: true, force: true });

/** What the store holds in the end: `notes` n0 to n39 without every fifth, the newest text ending in the last opening. */
for (let opening = 0; opening < 3; opening++) {
  const store = await Store.open({ dir });
  const notes = store.collection("notes");
  for (let n = opening * 5; n < 40; n++) {
    const operation =
      n % 5 === 0 ? notes.delete(`n${n}`) : notes.put(`n${n}`, { text: `ü note ${n} of opening ${opening}` });
    await store.write([operation], { durable: n % 10 === 0 });
  }
  const journal = new StoreJournal(store);
  await journal.append({ solveId: "s", index: opening, type: "step", at: opening, data: { opening } });
  await store.close();
}
// What LevelDB keeps for people and for its lock says nothing of the data.
for (const name of await readdir(join(dir, "level"))) {
  if (name.startsWith("LOG") || name === "LOCK") await rm(join(dir, "level", name));
}
