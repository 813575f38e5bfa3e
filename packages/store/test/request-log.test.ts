import { silentLogger } from "@agentos/core";
import { expect, test } from "vitest";
import { LevelDriver } from "../src/drivers/level-driver.js";
import { RequestLog } from "../src/request-log.js";
import { temporaryFolder } from "./folder.js";

/** A log over LevelDB, and a clock to turn. */
async function openLog() {
  const driver = await LevelDriver.open(await temporaryFolder(), silentLogger);
  let now = 1_000_000;
  const load = (): Promise<RequestLog> => RequestLog.load(driver, () => now);
  let log = await load();
  let sequence = 0;
  const write = async (count: number, request?: (n: number) => string): Promise<void> => {
    const batches = Array.from({ length: count }, () => {
      sequence += 1;
      const operations = [{ type: "delete", collection: "a", key: `k${sequence}` } as const];
      return { sequence, operations, request: request?.(sequence) };
    });
    await driver.write(log.records(batches), false);
    log.applied(batches);
  };
  const count = async (): Promise<number> => {
    let found = 0;
    const range = { lower: Buffer.from("m:request:"), upper: Buffer.from("m:request;"), openLower: false };
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
    get log() {
      return log;
    },
    close: () => driver.close(),
  };
}

test("an id leads to its batch, from memory and after the next owner has read the log", async () => {
  const opened = await openLog();
  await opened.write(1, () => "c:1");
  await opened.write(1);
  await opened.write(1, () => "c:2");
  for (let round = 0; round < 2; round++) {
    expect(["c:1", "c:2", "c:3"].map((id) => opened.log.sequenceOf(id))).toEqual([1, 3, undefined]);
    expect(await opened.count()).toBe(2);
    await opened.reload();
  }
  await opened.close();
});

test("records go after ten minutes, or after one when there are more than 10,000, and never before", async () => {
  const opened = await openLog();
  const id = (n: number): string => `c:${n}`;
  await opened.write(1, () => "old");
  await opened.write(12_000, id);
  expect(await opened.count()).toBe(12_001);
  opened.pass(59_000);
  await opened.write(1, () => "new");
  expect(opened.log.sequenceOf("old")).toBe(1);
  opened.pass(2_000);
  for (let n = 0; n < 10; n++) await opened.write(1, id);
  expect(opened.log.sequenceOf("old")).toBe(undefined);
  expect(await opened.count()).toBe(10_001);
  opened.pass(600_001);
  await opened.reload();
  // Writes that nobody asked for under an id take old records along too.
  for (let n = 0; n < 40; n++) await opened.write(1);
  expect(opened.log.sequenceOf("new")).toBe(undefined);
  expect(await opened.count()).toBe(0);
  await opened.close();
});

test("ids of batches whose write failed and that are there after all are remembered", async () => {
  const opened = await openLog();
  const { log } = opened;
  await opened.write(1, () => "c:1");
  await opened.reload();
  await opened.write(1, () => "c:2");
  expect(log.sequenceOf("c:2")).toBe(undefined);
  await log.recovered(2);
  expect(log.sequenceOf("c:2")).toBe(2);
  await opened.close();
});
