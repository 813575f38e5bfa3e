import { expect, test } from "vitest";
import { temporaryFolder } from "../folder.js";
import { killOwners } from "./owner-killing.js";

test("three processes write and read while their owner is killed ten times: nothing is lost or applied twice", async () => {
  const { kills, acknowledged, failovers, longestMs } = await killOwners(await temporaryFolder(), 10);
  console.log(
    `${kills} owners killed, ${acknowledged} batches acknowledged; failover ${failovers.map(Math.round).join(", ")} ms; longest batch ${longestMs} ms`,
  );
  expect(kills).toBe(10);
  expect(acknowledged).toBeGreaterThan(100);
  expect(Math.max(...failovers)).toBeLessThanOrEqual(2_000);
});

test("the same while every process compacts the store, too", async () => {
  const { compactions, acknowledged, failovers } = await killOwners(await temporaryFolder(), 8, true);
  console.log(
    `${compactions} compactions, ${acknowledged} batches acknowledged; failover ${failovers.map(Math.round).join(", ")} ms`,
  );
  expect(compactions).toBeGreaterThan(8);
  expect(acknowledged).toBeGreaterThan(100);
  expect(Math.max(...failovers)).toBeLessThanOrEqual(2_000);
});
