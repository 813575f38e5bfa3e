import type { JournalEntry } from "@agentos/core";
import { expect, test } from "vitest";
import { Store, StoreJournal } from "../src/index.js";
import { temporaryFolder } from "./folder.js";

const entry = (solveId: string, index: number): JournalEntry => ({
  solveId,
  index,
  type: "step",
  at: 5,
  data: { index },
});

test("reads back each solve in order, newest solve last, after reopening too", async () => {
  const dir = await temporaryFolder();
  const store = await Store.open({ dir });
  const journal = new StoreJournal(store);
  const ids = ["z", "a", "1:z:", "z:", "z:0000000000"];
  for (let index = 0; index < 12; index++)
    await Promise.all(ids.map((id) => journal.append(entry(id, index))));
  await store.close();
  const reopened = await Store.open({ dir });
  const again = new StoreJournal(reopened);
  expect(await again.solves()).toEqual(ids);
  for (const id of ids)
    expect(await again.read(id)).toEqual(Array.from({ length: 12 }, (_, n) => entry(id, n)));
  expect(await again.read("unknown")).toEqual([]);
  expect(await again.read("")).toEqual([]);
  await again.append(entry("a", 12));
  expect(await again.solves()).toEqual(ids);
  await reopened.close();
});

test("refuses gaps, repetitions and what is no entry, and keeps nothing of them", async () => {
  const store = await Store.open({ dir: await temporaryFolder() });
  const journal = new StoreJournal(store);
  await expect(journal.append(entry("a", 1))).rejects.toMatchObject({
    code: "STORE_JOURNAL_GAP",
    details: { expected: 0 },
  });
  await journal.append(entry("a", 0));
  await expect(journal.append(entry("a", 0))).rejects.toMatchObject({ code: "STORE_JOURNAL_GAP" });
  const racing = await Promise.allSettled([journal.append(entry("a", 1)), journal.append(entry("a", 1))]);
  expect(racing.map((result) => result.status)).toEqual(["fulfilled", "rejected"]);
  await expect(journal.append({ ...entry("a", 2), index: -1 })).rejects.toMatchObject({
    code: "INPUT_INVALID",
  });
  await expect(journal.append({ ...entry("", 0) })).rejects.toMatchObject({ code: "INPUT_INVALID" });
  expect(await journal.read("a")).toEqual([entry("a", 0), entry("a", 1)]);
  expect(await journal.solves()).toEqual(["a"]);
  await store.close();
});

test("journals of several handles of a shared store lose no solve that began at the same moment", async () => {
  const dir = await temporaryFolder();
  const stores = await Promise.all(Array.from({ length: 4 }, () => Store.open({ dir, shared: true })));
  await Promise.all(stores.map((store, n) => new StoreJournal(store).append(entry(`solve ${n}`, 0))));
  for (const store of stores) {
    const solves = await new StoreJournal(store).solves();
    expect([...solves].sort()).toEqual(["solve 0", "solve 1", "solve 2", "solve 3"]);
  }
  await Promise.all(stores.map((store) => store.close()));
});
