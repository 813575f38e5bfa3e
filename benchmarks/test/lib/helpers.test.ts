import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { runDirectly } from "../../lib/direct-run.js";
import { type Metric, metricsJson, metricsTable, quantile } from "../../lib/metrics.js";
import { mapConcurrently } from "../../lib/pool.js";
import { Progress } from "../../lib/progress.js";
import { sample, seededRandom } from "../../lib/random.js";

test("a sample is a repeatable draw without replacement", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer()), fc.nat(30), fc.string(), (items, count, seed) => {
      const drawn = sample(items, count, seededRandom(seed));
      expect(new Set(drawn).size).toBe(Math.min(count, items.length));
      expect(items).toEqual(expect.arrayContaining([...drawn]));
      expect(sample(items, count, seededRandom(seed))).toEqual(drawn);
    }),
  );
});

test("each item is drawn about equally often, at each place", () => {
  const items = [0, 1, 2, 3, 4];
  const counts = items.map(() => [0, 0]);
  for (let round = 0; round < 5_000; round += 1) {
    for (const [place, item] of sample(items, 2, seededRandom(`round ${round}`)).entries()) {
      const count = counts[item];
      if (count) count[place] = (count[place] ?? 0) + 1;
    }
  }
  // 1,000 expected, standard deviation 28.
  for (const count of counts.flat()) expect(Math.abs(count - 1_000)).toBeLessThan(150);
});

test("the pool keeps the order and its bound", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(3), { maxLength: 12 }),
      fc.integer({ min: 1, max: 4 }),
      async (delays, concurrency) => {
        let [running, most, done] = [0, 0, 0];
        const results = await mapConcurrently(
          delays,
          async (delay, index) => {
            running += 1;
            most = Math.max(most, running);
            await new Promise((resolve) => setTimeout(resolve, delay));
            running -= 1;
            return index;
          },
          { concurrency, onDone: () => (done += 1) },
        );
        expect(results).toEqual(delays.map((_, index) => index));
        expect(most).toBeLessThanOrEqual(concurrency);
        expect(done).toBe(delays.length);
      },
    ),
    { numRuns: 30 },
  );
});

test("after a failure no call starts, and the calls under way are awaited", async () => {
  const started: number[] = [];
  let finished = false;
  const working = mapConcurrently(
    [0, 1, 2, 3, 4],
    async (item) => {
      started.push(item);
      if (item === 1) throw new Error("broken");
      await new Promise((resolve) => setTimeout(resolve, 20));
      finished = true;
    },
    { concurrency: 2 },
  );
  await expect(working).rejects.toThrow("broken");
  expect(started).toEqual([0, 1]);
  expect(finished).toBe(true);
});

test("an abort stops the pool", async () => {
  const controller = new AbortController();
  let started = 0;
  const working = mapConcurrently(
    [0, 1, 2],
    async () => {
      started += 1;
      controller.abort();
    },
    { concurrency: 1, signal: controller.signal },
  );
  await expect(working).rejects.toMatchObject({ code: "ABORTED" });
  expect(started).toBe(1);
});

test("a quantile is the smallest value that at least the share of values does not exceed", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer(), { minLength: 1 }),
      fc.double({ min: 0.01, max: 1, noNaN: true }),
      (values, share) => {
        const enough = values.filter(
          (value) => values.filter((other) => other <= value).length >= share * values.length,
        );
        expect(quantile(values, share)).toBe(Math.min(...enough));
      },
    ),
  );
  expect(() => quantile([], 0.5)).toThrow(RangeError);
});

const METRICS: readonly Metric[] = [
  { name: "a_pct", value: 97.126, unit: "pct", target: { atLeast: 98 } },
  { name: "b.p50_ms", value: 120, unit: "ms", target: { atMost: 300 } },
  { name: "c", value: 3, unit: "count" },
];

test("metrics are written by name with value and unit", () => {
  expect(JSON.parse(metricsJson(METRICS))).toEqual({
    metrics: {
      a_pct: { value: 97.13, unit: "pct" },
      "b.p50_ms": { value: 120, unit: "ms" },
      c: { value: 3, unit: "count" },
    },
  });
});

test("the table says which targets are missed", () => {
  expect(metricsTable(METRICS).split("\n")).toEqual([
    "metric    value  unit   target  met",
    "a_pct     97.13  pct    >= 98   NO",
    "b.p50_ms    120  ms     <= 300  yes",
    "c             3  count",
  ]);
});

function show(total: number, stream: { isTTY?: boolean; columns?: number }): string {
  let written = "";
  const progress = new Progress({ ...stream, write: (text) => (written += text) }, "work", total);
  for (let done = 0; done < total; done += 1) progress.tick();
  progress.end();
  return written;
}

test("progress is a plain line for each tenth, or one bar on a terminal that fits it", () => {
  expect(show(20, {}).split("\n")).toHaveLength(12);
  expect(show(3, {})).toBe("work: 0/3\nwork: 1/3\nwork: 2/3\nwork: 3/3\n");
  expect(show(0, {})).toBe("work: 0/0\n");
  const bar = show(3, { isTTY: true, columns: 40 });
  expect(bar.split("\n")).toHaveLength(2);
  for (const frame of bar.trimEnd().split("\r")) expect(frame.length).toBeLessThanOrEqual(40);
});

test("a direct run tells passed, failed, timed out and not installed apart", async () => {
  const run = (command: string, program: string) =>
    runDirectly({ command, args: ["a.mjs"], files: { "a.mjs": program }, timeoutMs: 5_000 });
  expect((await run(process.execPath, "console.log('fine')")).passed).toBe(true);
  expect(await run(process.execPath, "throw new Error('bad')")).toMatchObject({
    passed: false,
    output: expect.stringContaining("bad"),
  });
  expect((await run("no-such-toolchain", "")).passed).toBeUndefined();
  const endless = { command: process.execPath, args: ["a.mjs"], files: { "a.mjs": "for (;;);" } };
  expect((await runDirectly({ ...endless, timeoutMs: 300 })).passed).toBe(false);
  const signal = AbortSignal.timeout(300);
  await expect(runDirectly({ ...endless, timeoutMs: 10_000, signal })).rejects.toMatchObject({
    code: "ABORTED",
  });
});

test("what a direct run started ends with it, and its memory is bounded", async () => {
  const started = `import { spawn } from "node:child_process";
console.log(spawn("sleep", ["60"], { stdio: "ignore" }).pid);
`;
  const run = (program: string, more: object) =>
    runDirectly({
      command: process.execPath,
      args: ["a.mjs"],
      files: { "a.mjs": program },
      timeoutMs: 2_000,
      ...more,
    });
  const { output } = await run(started, {});
  await expect.poll(() => isRunning(Number(output)), { timeout: 5_000 }).toBe(false);
  const hungry = { command: "python3", args: ["-c", "x = bytearray(2 ** 30)"], files: {}, timeoutMs: 5_000 };
  if ((await runDirectly(hungry)).passed) {
    expect((await runDirectly({ ...hungry, addressSpaceBytes: 2 ** 29 })).passed).toBe(false);
  }
});

/** Whether a process is there and not a zombie that nobody has awaited yet. */
function isRunning(pid: number): boolean {
  try {
    return !/^State:\s*Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}
