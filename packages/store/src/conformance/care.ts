import assert from "node:assert/strict";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Change } from "../change-log.js";
import type { StoreChange } from "../changes.js";
import type { Collection } from "../collection.js";
import type { StoreProgress } from "../copy.js";
import { coded, type WithStore } from "./cases.js";

/** Where a store lies, and what this opening of it may do. */
export interface StoreConformanceOptions {
  /** The folder that `open` uses for a name; stores of these names are looked for and made there. */
  readonly folder: (name: string) => string;
  /** Whether what is opened owns its folder. A client of a shared store has neither snapshots nor services of its own. @default true */
  readonly owner?: boolean;
}

/** What engines and people need beside reading and writing: changes, snapshots, services, compaction, backup. */
export function careCases(withStore: WithStore, { folder, owner = true }: StoreConformanceOptions): void {
  withStore("tells listeners of every batch, in order and before its write resolves", async (store) => {
    const items = store.collection<number>("items");
    const heard: StoreChange[] = [];
    const stop = store.onChange((change) => void heard.push(change));
    store.onChange(() => {
      throw new Error("a listener that throws stops nobody");
    });
    for (let n = 1; n <= 20; n++) {
      await store.write([items.put("a", n), items.delete("b"), items.put("a", n)]);
      assert.equal(heard.at(-1)?.sequence, n);
    }
    const keys = ["a", "b", "a"].map((key) => ({ collection: "items", key }));
    assert.deepEqual(
      heard,
      Array.from({ length: 20 }, (_, n) => ({ sequence: n + 1, changed: keys })),
    );
    stop();
    await store.write([items.put("a", 0)]);
    assert.equal(heard.length, 20);
  });

  withStore("tells which keys were written behind a sequence, each once", async (store, again) => {
    const [items, others] = [store.collection<number>("items"), store.collection<number>("others")];
    await store.write([items.put("a", 1), others.put("x", 1)]);
    await store.write([items.put("b", 1), items.put("a", 2)]);
    await store.write([items.delete("a"), others.put("y", 1)]);
    const look = async (from: typeof store): Promise<void> => {
      assert.deepEqual(named(await from.changes(0, ["items"])), ["items a", "items b"]);
      assert.deepEqual(named(await from.changes(2, ["items", "others"])), ["items a", "others y"]);
      assert.deepEqual(await from.changes(3, ["items"]), []);
      assert.deepEqual(await from.changes(0, []), []);
    };
    await look(store);
    await look(await again());
    await assert.rejects(store.changes(-1, ["items"]));
  });

  withStore("compacts: records and sequence stay, no byte of what was deleted does", async (store, again) => {
    const items = store.collection<string>("items");
    const secret = "never-to-be-read-again";
    await store.write([
      items.put("gone", secret),
      items.put("overwritten", secret),
      items.put("kept", "kept"),
    ]);
    await store.write([items.delete("gone"), items.put("overwritten", "new")]);
    await assert.rejects(store.compact({ signal: AbortSignal.abort() }), coded("ABORTED"));
    await store.compact();
    const look = async (from: typeof store): Promise<void> => {
      assert.equal(from.sequence, 2);
      assert.deepEqual(await entriesOf(from.collection("items")), { kept: "kept", overwritten: "new" });
      // The log of changes named the keys that are gone.
      assert.equal(await from.changes(0, ["items"]), undefined);
      assert.deepEqual(await from.changes(2, ["items"]), []);
    };
    await look(store);
    await store.write([]);
    const reopened = await again();
    assert.equal(reopened.sequence, 3);
    assert.deepEqual(await entriesOf(reopened.collection("items")), { kept: "kept", overwritten: "new" });
    for (const text of await textsBelow(reopened.dir)) assert.ok(!text.includes(secret));
  });

  withStore(
    "backs up into an empty folder a store of its own, as it was at one sequence",
    async (store, _again, open) => {
      const items = store.collection<number>("items");
      const name = `${store.dir.split(/[\\/]/).at(-1)}-copy`;
      await store.write(Array.from({ length: 2_000 }, (_, n) => items.put(String(n), n)));
      let entries = 0;
      const writing = [1, 2, 3].map((n) => store.write([items.put("meanwhile", n)]));
      const onProgress = (progress: StoreProgress): void => {
        entries = progress.entries;
      };
      const sequence = await store.backup({ dir: folder(name), onProgress });
      await Promise.all(writing);
      await store.write([items.put("later", 1)]);
      const copy = await open(name);
      try {
        assert.ok(entries >= 2_000);
        assert.equal(copy.sequence, sequence);
        const found = await entriesOf(copy.collection<number>("items"));
        assert.equal(found["1999"], 1_999);
        assert.equal(found["meanwhile"], sequence > 1 ? sequence - 1 : undefined);
        assert.equal(found["later"], undefined);
        assert.equal(await copy.write([copy.collection("items").put("own", 1)]), sequence + 1);
        assert.equal(await items.get("own"), undefined);
      } finally {
        await copy.close();
      }
    },
  );

  withStore("backs up into nothing but an empty folder, and leaves it empty when given up", async (store) => {
    await store.write([store.collection("items").put("a", 1)]);
    const taken = `${store.dir}-taken`;
    await mkdir(taken, { recursive: true });
    await writeFile(join(taken, "mine"), "mine");
    await assert.rejects(store.backup({ dir: taken }), coded("STORE_NOT_EMPTY"));
    assert.deepEqual(await readdir(taken), ["mine"]);
    const empty = `${store.dir}-empty`;
    await mkdir(empty, { recursive: true });
    const signal = AbortSignal.abort();
    await assert.rejects(store.backup({ dir: empty, signal }), coded("ABORTED"));
    assert.deepEqual(await readdir(empty), []);
  });

  if (!owner) {
    withStore("leaves snapshots to the owner", async (store) => {
      const snapshot = store.snapshot("index");
      await assert.rejects(snapshot.read(), coded("STORE_NOT_OWNER"));
      await assert.rejects(snapshot.write(0, new Map()), coded("STORE_NOT_OWNER"));
      await assert.rejects(snapshot.delete(), coded("STORE_NOT_OWNER"));
    });
    return;
  }

  withStore(
    "keeps snapshots whole, replaces and deletes them, and drops those that a compaction overtakes",
    async (store, again) => {
      const bytes = Uint8Array.from({ length: 100_000 }, (_, n) => n % 251);
      const parts = new Map([
        ["large", bytes],
        ["", new Uint8Array()],
      ]);
      await store.write([]);
      assert.equal(await store.snapshot("index").read(), undefined);
      await store.snapshot("index").write(1, new Map([["old", bytes]]));
      await store.snapshot("index").write(1, parts);
      await store.snapshot("other").write(0, new Map());
      await assert.rejects(store.snapshot("index").write(2, new Map()), coded("INPUT_INVALID"));
      const signal = AbortSignal.abort();
      await assert.rejects(store.snapshot("index").write(1, new Map(), { signal }), coded("ABORTED"));
      const reopened = await again();
      const kept = await reopened.snapshot("index").read();
      assert.equal(kept?.sequence, 1);
      assert.deepEqual(
        [...(kept?.parts ?? [])].map(([name, part]) => [name, [...part]]),
        [
          ["large", [...bytes]],
          ["", []],
        ],
      );
      await reopened.snapshot("other").delete();
      await reopened.snapshot("other").delete();
      assert.equal(await reopened.snapshot("other").read(), undefined);
      await reopened.write([]);
      await reopened.compact();
      assert.equal(await reopened.snapshot("index").read(), undefined);
    },
  );

  withStore("answers calls of a service with copies, and hands on what it throws", async (store) => {
    const given = { list: [1], left: undefined };
    let asked: unknown;
    const end = store.serve("echo", async (request) => {
      asked = request;
      return request;
    });
    assert.throws(() => store.serve("echo", async () => 1), coded("INPUT_INVALID"));
    assert.deepEqual(await store.call("echo", given), { list: [1] });
    assert.notEqual(asked, given);
    assert.equal(await store.call("echo", undefined), undefined);
    await assert.rejects(store.call("echo", 1n), coded("STORE_VALUE_INVALID"));
    await assert.rejects(store.call("echo", 1, { signal: AbortSignal.abort() }), coded("ABORTED"));
    end();
    store.serve("echo", async () => {
      throw new Error("broken");
    });
    await assert.rejects(store.call("echo", 1), coded("STORE_SERVICE_FAILED"));
  });
}

function named(changes: readonly Change[] | undefined): readonly string[] | undefined {
  return changes?.map(({ collection, key }) => `${collection} ${key}`).sort();
}

async function entriesOf<Value>(collection: Collection<Value>): Promise<Record<string, Value>> {
  const entries: Record<string, Value> = {};
  for await (const [key, value] of collection.entries()) entries[key] = value;
  return entries;
}

async function textsBelow(folder: string): Promise<readonly string[]> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  return Promise.all(
    files
      .filter((file) => file.isFile())
      .map(({ parentPath, name }) => readFile(join(parentPath, name), "latin1")),
  );
}
