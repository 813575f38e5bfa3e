import { join } from "node:path";
import { Store } from "@agentos/store";
import { expect, onTestFinished, test } from "vitest";
import { Catalogue } from "../../src/files/catalogue.js";
import type { FileRecord } from "../../src/files/file-record.js";
import { temporaryFolder } from "../temporary.js";

async function openStore(): Promise<Store> {
  const store = await Store.open({ dir: join(await temporaryFolder(), "store") });
  onTestFinished(() => store.close());
  return store;
}

const hashOf = (number: number): string => number.toString(16).padStart(8, "0").repeat(8);

function recordOf(number: number, salt = 0): FileRecord {
  const path = `f${String(number).padStart(5, "0")}.ts`;
  const times = { size: number, mtimeMs: 1_000.25 + salt, ctimeMs: 2_000.5, readAt: 3_000 };
  if (number % 10 === 0) return { path, ...times, skipped: "large", symbols: [], imports: [], uses: {} };
  const name = `Name${number}é\u{1f600}`;
  return {
    path,
    ...times,
    // Some begin with zeros.
    hash: hashOf(number + salt),
    dialect: "typescript",
    symbols: [{ name, kind: "function", line: 1, endLine: 2, signature: `function ${name}()` }],
    imports: [{ specifier: "./a.js" }],
    uses: { a: number },
  };
}

/** All that a catalogue says of each file without its whole record, and then with it. */
function contentsOf(catalogue: Catalogue): unknown {
  const columns = catalogue
    .paths()
    .sort()
    .map((path) => {
      const { size, mtimeMs, ctimeMs, readAt } = catalogue.times(path) as FileRecord;
      return [path, size, mtimeMs, ctimeMs, readAt, catalogue.hash(path), catalogue.names(path)];
    });
  const { size, symbols } = catalogue;
  return [columns, size, symbols, catalogue.skipped(), catalogue.all()];
}

test("records that were written together open as those that are read one by one, and with what was written since", async () => {
  const store = await openStore();
  const written = await Catalogue.open(store, "/root", 1);
  for (let number = 0; number < 1_500; number += 1) written.put(recordOf(number));
  await written.save(1);
  await written.pack(async () => void (await written.refresh()));
  const snapshots = async (): Promise<number | undefined> =>
    (await store.snapshot([...names][0] ?? "").read())?.sequence;
  const names = new Set<string>();
  const original = store.snapshot.bind(store);
  store.snapshot = (name: string) => {
    names.add(name);
    return original(name);
  };
  const opened = await Catalogue.open(store, "/root", 1);
  expect(await snapshots()).toBeGreaterThan(0);
  expect(contentsOf(opened)).toEqual(contentsOf(written));

  written.put(recordOf(7, 90_000));
  written.put(recordOf(2_000));
  written.delete("f00008.ts");
  await written.save(2);
  // Too little to write all together again.
  const before = await snapshots();
  await written.pack(async () => void (await written.refresh()));
  expect(await snapshots()).toBe(before);
  const later = await Catalogue.open(store, "/root", 1);
  expect(contentsOf(later)).toEqual(contentsOf(written));
  await opened.refresh();
  expect(contentsOf(opened)).toEqual(contentsOf(written));

  // Records of another form are not taken from it.
  expect((await Catalogue.open(store, "/root", 2)).size).toBe(0);
  for (const one of [written, opened, later]) one.close();
});

test("a record with the same content is found, whether it was written together or alone, while it is there", async () => {
  const store = await openStore();
  const written = await Catalogue.open(store, "/root", 1);
  for (let number = 0; number < 1_200; number += 1) written.put(recordOf(number));
  await written.save(1);
  await written.pack(async () => void (await written.refresh()));
  const opened = await Catalogue.open(store, "/root", 1);
  for (const catalogue of [written, opened]) {
    expect(catalogue.twin(hashOf(11), "typescript")?.path).toBe("f00011.ts");
    expect(catalogue.twin(hashOf(11), "python")).toBeUndefined();
    expect(catalogue.twin(hashOf(0), "typescript")).toBeUndefined();
    catalogue.delete("f00011.ts");
    expect(catalogue.twin(hashOf(11), "typescript")).toBeUndefined();
    catalogue.put({ ...recordOf(11), path: "moved.ts" });
    expect(catalogue.twin(hashOf(11), "typescript")?.path).toBe("moved.ts");
    catalogue.close();
  }
});
