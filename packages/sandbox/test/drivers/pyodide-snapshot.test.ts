import assert from "node:assert/strict";
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, test } from "vitest";
import { pyodideDriver } from "../../src/drivers/pyodide.js";
import { openSnapshot, writeSnapshot } from "../../src/python/snapshot.js";
import { limits } from "./one-shot.js";

let cacheDir = "";
beforeEach(() => {
  cacheDir = mkdtempSync(join(tmpdir(), "agentos-snapshot-"));
});
afterEach(() => rmSync(cacheDir, { recursive: true, force: true }));

describe("snapshot file", () => {
  const path = (): string => join(cacheDir, "deeper", "a.snapshot");
  const bytes = Uint8Array.from({ length: 5000 }, (_, index) => index % 251);

  test("comes back as it was written, without a temporary file left", async () => {
    await writeSnapshot(path(), bytes);
    assert.deepEqual(new Uint8Array(openSnapshot(path()) ?? []), bytes);
    assert.deepEqual(readdirSync(join(cacheDir, "deeper")), ["a.snapshot"]);
  });

  test("cut short anywhere or with any byte changed, it counts as missing", async () => {
    await writeSnapshot(path(), bytes);
    const whole = readFileSync(path());
    for (let size = 0; size < whole.length; size += 97) {
      writeFileSync(path(), whole.subarray(0, size));
      assert.equal(openSnapshot(path()), undefined, `cut to ${size}`);
    }
    for (let at = 0; at < whole.length; at += 97) {
      const changed = Buffer.from(whole);
      changed[at] = (changed[at] ?? 0) ^ 1;
      writeFileSync(path(), changed);
      assert.equal(openSnapshot(path()), undefined, `changed at ${at}`);
    }
    assert.equal(openSnapshot(join(cacheDir, "none")), undefined);
  });
});

describe("pyodide and its snapshot", () => {
  const hello = async (): Promise<string> => {
    const driver = await pyodideDriver.open({ cacheDir });
    try {
      const { result } = await driver.run({
        language: "python",
        files: new Map([["main.py", "import unittest\nprint('hello')"]]),
        entry: "main.py",
        args: [],
        stdin: new Uint8Array(),
        limits: limits(),
      });
      return result.stdout;
    } finally {
      await driver.close();
    }
  };
  const only = (): string => {
    const names = readdirSync(cacheDir);
    assert.equal(names.length, 1, names.join());
    return join(cacheDir, names[0] ?? "");
  };

  test("is made once, used again, and made anew when it is damaged", async () => {
    assert.equal(await hello(), "hello\n");
    const made = statSync(only());
    assert.ok(made.size > 10_000_000);
    assert.equal(await hello(), "hello\n");
    assert.equal(statSync(only()).ino, made.ino);
    truncateSync(only(), 1_000_000);
    assert.equal(await hello(), "hello\n");
    assert.equal(statSync(only()).size, made.size);
  }, 120_000);

  test("a snapshot that breaks between starts costs time, not the run", async () => {
    await hello();
    const driver = await pyodideDriver.open({ cacheDir });
    const job = {
      language: "python",
      files: new Map([["main.py", "print('hello')"]]),
      entry: "main.py",
      args: [],
      stdin: new Uint8Array(),
      limits: limits(),
    } as const;
    try {
      await driver.run(job);
      writeFileSync(only(), "damaged");
      for (let round = 0; round < 3; round++) assert.equal((await driver.run(job)).result.stdout, "hello\n");
    } finally {
      await driver.close();
    }
  }, 120_000);

  test("a cache folder that cannot be written is no obstacle", async () => {
    const file = join(cacheDir, "a-file");
    writeFileSync(file, "");
    cacheDir = join(file, "below");
    assert.equal(await hello(), "hello\n");
    cacheDir = join(file, "..");
  }, 120_000);
});
