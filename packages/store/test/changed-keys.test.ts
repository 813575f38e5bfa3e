import { expect, onTestFinished, test } from "vitest";
import { ChangedKeys, Store } from "../src/index.js";
import { temporaryFolder } from "./folder.js";

async function openNotes() {
  const store = await Store.open({ dir: await temporaryFolder() });
  onTestFinished(() => store.close());
  return { store, notes: store.collection<number>("notes"), changed: new ChangedKeys(store, "notes") };
}

test("gives all at first, then what was written of its collection, once", async () => {
  const { store, notes, changed } = await openNotes();
  await store.write([notes.put("before", 1)]);
  expect(changed.take()).toBe("all");
  expect(changed.take()).toEqual(new Set());
  await store.write([notes.put("a", 1), store.collection("others").put("b", 1), notes.delete("c")]);
  await store.write([notes.put("a", 2)]);
  expect(changed.take()).toEqual(new Set(["a", "c"]));
  expect(changed.take()).toEqual(new Set());
  changed.close();
  await store.write([notes.put("a", 3)]);
  expect(changed.take()).toEqual(new Set());
});

test("takes back what could not be read", async () => {
  const { store, notes, changed } = await openNotes();
  changed.giveBack(changed.take());
  expect(changed.take()).toBe("all");
  await store.write([notes.put("a", 1)]);
  const taken = changed.take();
  const sequence = await store.write([notes.put("b", 1)]);
  changed.giveBack(taken);
  expect(changed.claim("b", sequence)).toBe(true);
  expect(changed.take()).toEqual(new Set(["a"]));
});

test("a write of one's own is claimed unless it was taken, or another came behind it", async () => {
  const { store, notes, changed } = await openNotes();
  const first = await store.write([notes.put("a", 1)]);
  // All is to be read anyway.
  expect(changed.claim("a", first)).toBe(false);
  changed.take();
  const second = await store.write([notes.put("a", 2), notes.put("b", 2)]);
  await store.write([notes.put("b", 3)]);
  expect(changed.claim("a", second)).toBe(true);
  expect(changed.claim("a", second)).toBe(false);
  expect(changed.claim("b", second)).toBe(false);
  expect(changed.take()).toEqual(new Set(["b"]));
  const last = await store.write([notes.put("c", 1)]);
  changed.take();
  expect(changed.claim("c", last)).toBe(false);
});
