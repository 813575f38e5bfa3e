import { existsSync, readFileSync } from "node:fs";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Memory, Scope } from "@agentos/core";
import { expect, test } from "vitest";
import { openMemory } from "../fixture.js";
import { liveOnce, seeded } from "./life.js";

/** A million operations for the 10,000 runs that the soak is asked for. */
const OPERATIONS = 100 * Number(process.env["AGENTOS_SOAK_RUNS"] ?? 10_000);
const QUERIES = 10 * Number(process.env["AGENTOS_SOAK_RUNS"] ?? 10_000);
/** So many memories are in use at most: cleanup sees to it. */
const LIVE = 2_000;

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

test(`${OPERATIONS} operations leave the memory of the process as large as half of them did`, {
  timeout: 60_000 + OPERATIONS * 10,
}, async () => {
  const fixture = await openMemory({ cleanup: { records: LIVE, everyMs: 100 } });
  const random = seeded(1);
  const life = liveOnce(fixture, random);
  const sizes: {
    readonly done: number;
    readonly heap: number;
    readonly outside: number;
    readonly rss: number;
  }[] = [];
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const began = performance.now();
  const points = 20;
  for (let point = 1; point <= points; point++) {
    await life(OPERATIONS / points);
    // Twice: what the first frees may hold more.
    for (let at = 0; at < 2; at++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      delay.disable();
      collectGarbage();
      delay.enable();
    }
    const { heapUsed, external, rss } = process.memoryUsage();
    const mb = (bytes: number): number => Math.round(bytes / 1024 ** 2);
    sizes.push({
      done: (point * OPERATIONS) / points,
      heap: mb(heapUsed),
      outside: mb(external),
      rss: mb(rss),
    });
    const one = sizes.at(-1);
    console.log(
      `${one?.done} operations: heap ${one?.heap} MB, outside ${one?.outside} MB, rss ${one?.rss} MB (of files that are mapped: ${mappedMb()}), ${Math.round((performance.now() - began) / 1000)} s`,
    );
  }
  delay.disable();
  const stall = (nanoseconds: number): string => Math.max(0, nanoseconds / 1e6 - 1).toFixed(1);
  console.log(`event loop: p99 ${stall(delay.percentile(99))} ms, at most ${stall(delay.max)} ms`);
  const half = sizes.slice(points / 2 - 1);
  const held = half.map(({ heap, outside }) => heap + outside);
  const [first, second] = [mean(held.slice(0, 5)), mean(held.slice(-5))];
  console.log(
    `heap and outside: ${first.toFixed(1)} MB in the third quarter, ${second.toFixed(1)} MB in the last`,
  );
  // What swings is when the lists were compacted last.
  expect(second - first).toBeLessThan(Math.max(8, first * 0.1));
  expect((await fixture.memory.stats()).memories).toBeLessThan(LIVE * 1.5);
});

test(`${QUERIES} questions to scopes at random find nothing of another`, {
  timeout: 60_000 + QUERIES * 20,
}, async () => {
  const fixture = await openMemory({ nearDuplicates: "keep" });
  const random = seeded(2);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const scopes: Scope[] = [
    { level: "user" },
    { level: "shared" },
    ...Array.from({ length: 30 }, (_, n) => ({ level: "project", id: `p${n}` }) as const),
    ...Array.from({ length: 8 }, (_, n) => ({ level: "agent", id: `a${n}` }) as const),
  ];
  const words = Array.from({ length: 200 }, (_, n) => `word${n}`);
  const text = (): string => Array.from({ length: 4 }, () => pick(words)).join(" ");
  const keyOf = ({ level, id }: Scope): string => `${level}:${id ?? ""}`;
  const held: Memory[] = [];
  const gone = new Set<string>();
  let found = 0;
  for (let query = 0; query < QUERIES; query++) {
    // Scopes change all the time, so that slots go from one to another.
    if (query % 4 === 0 || held.length < 1_000)
      held.push(await fixture.memory.remember({ content: text(), scope: pick(scopes) }));
    if (query % 4 === 2 && held.length > 1_000) {
      const [old] = held.splice(Math.floor(random() * held.length), 1);
      if (old) {
        gone.add(old.id);
        await fixture.memory.forget(old.id);
      }
    }
    const asked = Array.from({ length: 1 + Math.floor(random() * 3) }, () => pick(scopes));
    const allowed = new Set(asked.map(keyOf));
    const recalled = await fixture.memory.recall(text(), { scopes: asked, limit: 20 });
    found += recalled.length;
    const leaks = recalled.filter(({ memory }) => !allowed.has(keyOf(memory.scope)) || gone.has(memory.id));
    if (leaks.length > 0) expect(leaks).toEqual([]);
  }
  console.log(
    `${QUERIES} questions found ${found} memories, none of another scope and none that was forgotten`,
  );
  expect(found).toBeGreaterThan(QUERIES);
});

/** LevelDB maps its tables, which grow with the history: that is no memory of the process. Undefined where Linux is not. */
function mappedMb(): string {
  if (!existsSync("/proc/self/status")) return "unknown";
  const status = readFileSync("/proc/self/status", "utf8");
  const kilobytes = ["RssFile", "RssShmem"].map((name) =>
    Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]),
  );
  return `${Math.round(kilobytes.reduce((sum, one) => sum + one, 0) / 1024)} MB`;
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}
