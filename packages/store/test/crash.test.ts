import { cp, mkdir, readdir, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { Store } from "../src/index.js";
import { killChild, startChild } from "./children.js";
import { temporaryFolder } from "./folder.js";
import { seeded } from "./random.js";

/** How often a process is killed, and how many power cuts there are. */
const RUNS = Number(process.env["AGENTOS_CRASH_RUNS"] ?? 25);

test(
  "whenever a process is killed: nothing acknowledged is lost, all opens, no index disagrees, a backup is whole or none",
  async () => {
    const dir = await temporaryFolder();
    const backups = join(await temporaryFolder(), "backup");
    const random = seeded(17);
    const ways = new Map<string, number>();
    let [acknowledged, wholeBackups, killedBackups] = [0, 0, 0];
    for (let run = 0; run < RUNS; run++) {
      const { child, says, output } = startChild("caretaker.mjs", [dir, backups, `${run + 1}`]);
      await says("ready");
      // However slow the disk is, some kills meet a backup that runs, and some one that is whole.
      const moment = run % 5;
      if (moment < 3) await pause(random(400));
      else await says(moment === 3 ? "backing up" : "backed up");
      await killChild(child);
      // The last line may be cut in half by the kill.
      const [ready = "", ...lines] = output()
        .split("\n")
        .slice(0, -1)
        .filter((line) => !line.startsWith("back"));
      const [, sequence = "", way = ""] = ready.split(" ");
      ways.set(way, (ways.get(way) ?? 0) + 1);
      expect(Number(sequence), `run ${run}`).toBeGreaterThanOrEqual(acknowledged);
      acknowledged = Math.max(acknowledged, Number(sequence), ...lines.map(Number));
      const report = await Store.check({ dir });
      expect(report.findings, `run ${run}`).toEqual([]);
      expect(report.sequence, `run ${run}`).toBeGreaterThanOrEqual(acknowledged);
      const backup = await Store.check({ dir: backups }).catch((error: { code: string }) => error.code);
      if (typeof backup === "string") expect(backup).toBe("STORE_UNOPENABLE");
      else expect(backup.findings, `run ${run}`).toEqual([]);
      if (typeof backup === "string") killedBackups += 1;
      else wholeBackups += 1;
    }
    // Otherwise the kills would have met nothing.
    expect(ways.get("replayed") ?? 0).toBeGreaterThan(RUNS / 4);
    expect(acknowledged).toBeGreaterThan(RUNS * 5);
    if (RUNS >= 5) expect(Math.min(wholeBackups, killedBackups)).toBeGreaterThan(0);
  },
  30_000 + RUNS * 4_000,
);

test(
  "whenever the power fails: what was durable is there, and a snapshot of what is not is never used",
  async () => {
    const random = seeded(23);
    const seen = { ahead: 0, replayed: 0, none: 0 };
    for (let run = 0; run < RUNS; run++) {
      const dir = await temporaryFolder();
      const store = await Store.open({ dir });
      const items = store.collection<number>("items");
      /** The records at every sequence. */
      const history: ReadonlyMap<string, number>[] = [new Map()];
      let [durable, synced] = [0, 0];
      let written: number | undefined;
      for (let step = 4 + random(30); step > 0; step--) {
        const next = new Map(history.at(-1));
        const key = `${random(10)}`;
        if (random(3) === 0) next.delete(key);
        else next.set(key, random(1e6));
        const value = next.get(key);
        const sync = random(4) === 0;
        const operation = value === undefined ? items.delete(key) : items.put(key, value);
        await store.write([operation], { durable: sync });
        history.push(next);
        if (sync) [durable, synced] = [store.sequence, await logBytes(dir)];
        if (random(4) === 0) {
          const index = Buffer.from(JSON.stringify([...next]));
          await store.snapshot("index").write(store.sequence, new Map([["index", index]]));
          written = store.sequence;
        }
      }
      // What was not synced is gone, or there up to any byte; a snapshot that was under way is there in part.
      const image = join(await temporaryFolder(), "image");
      await cp(dir, image, { recursive: true });
      const log = join(image, "level", await logName(image));
      const reached = random(2) === 0 ? synced : synced + random((await stat(log)).size - synced + 1);
      await truncate(log, reached);
      await mkdir(join(image, "snapshots"), { recursive: true });
      await writeFile(join(image, "snapshots", "index.snapshot.1.unfinished"), "x");
      await store.close();

      const cut = await Store.open({ dir: image });
      expect(cut.sequence).toBeGreaterThanOrEqual(durable);
      const truth = await records(cut);
      expect(truth).toEqual(history[cut.sequence]);
      const snapshot = await cut.snapshot("index").read();
      if (snapshot === undefined) {
        // It may be missing only where it was of no use.
        expect(written === undefined || written > cut.sequence).toBe(true);
        if (written === undefined) seen.none += 1;
        else seen.ahead += 1;
      } else {
        expect(snapshot.sequence).toBe(written);
        const part = Buffer.from(snapshot.parts.get("index") ?? []).toString();
        const index = new Map(JSON.parse(part) as [string, number][]);
        for (const { key } of (await cut.changes(snapshot.sequence, ["items"])) ?? expect.fail()) {
          const value = await cut.collection<number>("items").get(key);
          if (value === undefined) index.delete(key);
          else index.set(key, value);
        }
        expect(new Map([...index].sort())).toEqual(truth);
        seen.replayed += 1;
      }
      await cut.close();
      expect((await Store.check({ dir: image })).findings).toEqual([]);
    }
    expect(Math.min(seen.ahead, seen.replayed)).toBeGreaterThan(RUNS / 20);
  },
  30_000 + RUNS * 2_000,
);

async function records(store: Store): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  for await (const [key, value] of store.collection<number>("items").entries()) found.set(key, value);
  return found;
}

async function logName(dir: string): Promise<string> {
  const logs = (await readdir(join(dir, "level"))).filter((name) => /^\d+\.log$/.test(name));
  expect(logs).toHaveLength(1);
  return logs[0] ?? "";
}

async function logBytes(dir: string): Promise<number> {
  return (await stat(join(dir, "level", await logName(dir)))).size;
}
