import { expect, test } from "vitest";
import { temporaryFolder } from "../folder.js";
import { killOwners } from "../sharing/owner-killing.js";

/** One kill for ten of the runs that the soak is asked for. */
const KILLS = Math.max(1, Math.round(Number(process.env["AGENTOS_SOAK_RUNS"] ?? 10_000) / 10));
const MS_PER_KILL = 5_000;

test(
  `an owner is killed ${KILLS} times under three processes: nothing is lost or applied twice`,
  async () => {
    const { kills, acknowledged, failovers, longestMs } = await killOwners(await temporaryFolder(), KILLS);
    const sorted = [...failovers].sort((a, b) => a - b).map(Math.round);
    console.log(
      `${kills} owners killed, ${acknowledged} batches acknowledged; failover ${sorted[sorted.length >> 1]} ms in the middle, ${sorted.at(-1)} ms at most; longest batch ${longestMs} ms`,
    );
    expect(kills).toBe(KILLS);
    expect(sorted.at(-1)).toBeLessThanOrEqual(2_000);
  },
  60_000 + KILLS * MS_PER_KILL,
);
