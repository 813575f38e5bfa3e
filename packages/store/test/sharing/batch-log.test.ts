import { silentLogger } from "@agentos/core";
import { expect, test } from "vitest";
import type { StoreChange } from "../../src/changes.js";
import { LevelDriver } from "../../src/drivers/level-driver.js";
import { BatchLog } from "../../src/sharing/batch-log.js";
import { temporaryFolder } from "../folder.js";

/** A log over LevelDB, and a clock to turn. */
async function openLog(told: StoreChange[] = []) {
  const driver = await LevelDriver.open(await temporaryFolder(), silentLogger);
  let now = 1_000_000;
  const load = (): Promise<BatchLog> =>
    BatchLog.load(
      driver,
      () => now,
      (changes) => void told.push(...changes),
    );
  let log = await load();
  let sequence = 0;
  const write = async (count: number, request?: string): Promise<void> => {
    const batches = Array.from({ length: count }, () => {
      sequence += 1;
      const operations = [{ type: "delete", collection: "a", key: `k${sequence}` } as const];
      return { sequence, operations, request };
    });
    await driver.write(log.records(batches), false);
    log.applied(batches);
  };
  const count = async (): Promise<number> => {
    let found = 0;
    const range = { lower: Buffer.from("m:batch:"), upper: Buffer.from("m:batch;"), openLower: false };
    for await (const _ of driver.entries({ ...range, limit: -1, reverse: false, signal: undefined }))
      found += 1;
    return found;
  };
  return {
    write,
    count,
    pass: (ms: number) => {
      now += ms;
    },
    reload: async () => {
      log = await load();
    },
    skip: (batches: number) => {
      sequence += batches;
    },
    get log() {
      return log;
    },
    close: () => driver.close(),
  };
}

test("an id leads to its batch, from memory and after the next owner has read the log", async () => {
  const opened = await openLog();
  await opened.write(1, "c:1");
  await opened.write(1);
  await opened.write(1, "c:2");
  for (let round = 0; round < 2; round++) {
    expect(["c:1", "c:2", "c:3"].map((id) => opened.log.sequenceOf(id))).toEqual([1, 3, undefined]);
    expect((await opened.log.since(1, 3))?.map(({ sequence }) => sequence)).toEqual([2, 3]);
    expect(await opened.log.since(3, 3)).toEqual([]);
    await opened.reload();
  }
  await opened.close();
});

test("records go after ten minutes, or after one when there are more than 10,000, and never before", async () => {
  const opened = await openLog();
  await opened.write(1, "old");
  await opened.write(12_000);
  expect(await opened.count()).toBe(12_001);
  opened.pass(59_000);
  await opened.write(1, "new");
  expect(opened.log.sequenceOf("old")).toBe(1);
  opened.pass(2_000);
  for (let n = 0; n < 10; n++) await opened.write(1);
  expect(opened.log.sequenceOf("old")).toBe(undefined);
  expect(await opened.count()).toBe(10_001);
  expect(await opened.log.since(0, 12_012)).toBe(undefined);
  expect((await opened.log.since(12_000, 12_012))?.length).toBe(12);
  opened.pass(600_001);
  await opened.reload();
  for (let n = 0; n < 40; n++) await opened.write(1);
  expect(opened.log.sequenceOf("new")).toBe(undefined);
  expect(await opened.count()).toBe(40);
  await opened.close();
});

test("a gap, as a store leaves that was open without sharing, is not passed over", async () => {
  const opened = await openLog();
  await opened.write(2, "c:1");
  opened.skip(3);
  await opened.write(1);
  expect(await opened.log.since(1, 6)).toBe(undefined);
  expect(await opened.log.since(4, 6)).toBe(undefined);
  expect((await opened.log.since(5, 6))?.length).toBe(1);
  expect(await opened.log.since(7, 6)).toBe(undefined);
  await opened.close();
});

test("batches whose write failed and that are there after all are remembered and told", async () => {
  const told: StoreChange[] = [];
  const opened = await openLog(told);
  await opened.write(3, "c:1");
  const log = opened.log;
  await opened.reload();
  told.length = 0;
  await log.recovered(2, 3);
  expect(told.map(({ sequence }) => sequence)).toEqual([2, 3]);
  await log.recovered(4, 5);
  expect(told.at(-1)).toEqual({ sequence: 5, changed: "unknown" });
  await opened.close();
});
