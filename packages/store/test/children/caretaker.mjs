// Keeps an index of what it writes, with snapshots, compactions and backups, until it is killed. At its start it brings the
// snapshot up to date as an engine would and holds it against the records; it prints what it saw acknowledged, and where a
// backup begins and ends.
import { rm } from "node:fs/promises";
import { Store } from "@agentos/store";

const [dir = "", backups = "", seed = "1"] = process.argv.slice(2);
let state = Number(seed);
const random = (below) => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((state / 2 ** 32) * below);
};
const store = await Store.open({ dir });
const items = store.collection("items");
const snapshot = store.snapshot("index");

const truth = new Map();
for await (const [key, value] of items.entries()) truth.set(key, value);
const kept = await snapshot.read();
let index = new Map();
let way = "none";
if (kept !== undefined) {
  const changes = await store.changes(kept.sequence, ["items"]);
  way = changes === undefined ? "rebuilt" : "replayed";
  if (changes !== undefined) {
    index = new Map(JSON.parse(Buffer.from(kept.parts.get("index")).toString()));
    if (kept.parts.get("bulk").some((byte) => byte !== kept.sequence % 251))
      throw new Error("mixed snapshot");
    for (const { key } of changes) {
      const value = await items.get(key);
      if (value === undefined) index.delete(key);
      else index.set(key, value);
    }
  }
}
if (way !== "replayed") index = new Map(truth);
const sorted = (map) => JSON.stringify([...map].sort());
if (sorted(index) !== sorted(truth))
  throw new Error(`the index of ${kept?.sequence} disagrees with the records`);
console.log(`ready ${store.sequence} ${way}`);

for (let round = 0; ; round++) {
  const key = `${random(200)}`;
  const value = random(4) === 0 ? undefined : { text: "x".repeat(random(4_000)), at: store.sequence + 1 };
  if (value === undefined) index.delete(key);
  else index.set(key, value);
  const operation = value === undefined ? items.delete(key) : items.put(key, value);
  const sequence = await store.write([operation], { durable: random(3) === 0 });
  process.stdout.write(`${sequence}\n`);
  const parts = () =>
    new Map([
      ["index", Buffer.from(JSON.stringify([...index]))],
      ["bulk", new Uint8Array(6 << 20).fill(sequence % 251)],
    ]);
  if (round % 7 === 5) await snapshot.write(sequence, parts());
  if (round % 23 === 11) await store.compact();
  if (round % 31 === 19) {
    await rm(backups, { recursive: true, force: true });
    console.log("backing up");
    await store.backup({ dir: backups });
    console.log("backed up");
  }
}
