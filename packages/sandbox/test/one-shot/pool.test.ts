import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { Duplex } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, describe, test } from "vitest";
import type { RunHooks } from "../../src/driver.js";
import { type ChildProgram, OneShotChild } from "../../src/one-shot/child.js";
import { parseMessage } from "../../src/one-shot/protocol.js";
import { type DriverFacts, runOnce } from "../../src/one-shot/run.js";
import { DEFAULT_LIMITS } from "../../src/options.js";
import { type PoolOptions, SparePool } from "../../src/spare-pool.js";

const folder = mkdtempSync(join(tmpdir(), "agentos-pool-"));
afterAll(() => rmSync(folder, { recursive: true }));
let count = 0;

/** A child whose program is `body`, which may use `say(message)`, and waits for its job after it said that it is ready. */
function program(
  body: string,
  readiness = 'say({ type: "ready" });',
): { name: string; file: string; nodeOptions: string[] } {
  const file = join(folder, `child-${count++}.mjs`);
  writeFileSync(
    file,
    `import { readSync, writeSync } from "node:fs";\nconst say = (m) => writeSync(3, JSON.stringify(m) + "\\n");\n${readiness}\nconst job = Buffer.alloc(1 << 20); readSync(3, job, 0, 4, null); readSync(3, job, 0, job.length, null);\n${body}\n`,
  );
  return { name: "fake", file, nodeOptions: [] };
}

const facts: DriverFacts = { driver: "fake", mechanism: "process", guarantees: [], enforced: [] };
const job = (wallMs = 30_000) =>
  ({
    language: "javascript",
    files: new Map(),
    entry: "a",
    args: [],
    stdin: new Uint8Array(),
    limits: { ...DEFAULT_LIMITS, wallMs, memoryBytes: 200 * 1024 * 1024, outputBytes: 2000 },
    tests: { nonce: "n", files: [{ path: "a", label: "a", style: "detect" }] },
    problems: new Map(),
  }) as const;

/** A pool whose policies are programs. */
function poolOf(options: PoolOptions = {}): SparePool<ChildProgram, OneShotChild> {
  return new SparePool(
    (policy) => new OneShotChild(policy),
    (policy) => policy.file,
    options,
  );
}

async function take(
  pool: SparePool<ChildProgram, OneShotChild>,
  policy: ChildProgram,
): Promise<OneShotChild> {
  const taken = await pool.take(policy);
  assert.ok(taken);
  return taken.item;
}

async function until(condition: () => boolean): Promise<void> {
  for (let round = 0; round < 1000 && !condition(); round++) await wait(25);
  assert.ok(condition());
}

const WAITS = "setInterval(() => {}, 1000)";

async function runBody(body: string, wallMs?: number, hooks: RunHooks = {}) {
  const pool = poolOf({ spares: 0 });
  try {
    return await runOnce(await take(pool, program(body)), job(wallMs), facts, hooks);
  } finally {
    await pool.close();
  }
}

/** Two ends of one link in memory. */
function pair(): [Duplex, Duplex] {
  const end = (): Duplex =>
    new Duplex({
      read() {},
      write(chunk, _encoding, done) {
        other.get(this)?.push(chunk);
        done();
      },
      final(done) {
        other.get(this)?.push(null);
        done();
      },
    });
  const one = end();
  const two = end();
  const other = new Map([
    [one, two],
    [two, one],
  ]);
  return [one, two];
}

function alive(pid: number | undefined): boolean {
  try {
    process.kill(pid ?? -1, 0);
    return true;
  } catch {
    return false;
  }
}

describe("labels", () => {
  const end = 'say({ type: "end", end: { status: "exited", exitCode: 4 } });';
  test.each([
    ["an end that it tells", end, { status: "exited", exitCode: 4 }],
    [
      "only the first end counts",
      `${end}say({ type: "end", end: { status: "memory" } })`,
      { status: "exited", exitCode: 4 },
    ],
    ["memory that it tells", 'say({ type: "end", end: { status: "memory" } })', { status: "memory" }],
    ["silence", "", { status: "internal", message: /ended with 0/ }],
    ["an exit that it did not tell", "process.exit(9)", { status: "internal", message: /ended with 9/ }],
    ["a crash", 'process.kill(process.pid, "SIGSEGV"); setInterval(() => {}, 9)', { status: "internal" }],
    [
      "broken machinery",
      'writeSync(1, "kept"); say({ type: "broken", message: "no more" })',
      { status: "internal", message: "no more", stdout: "kept" },
    ],
    [
      "too much output at the end",
      'writeSync(1, "x".repeat(9000)); say({ type: "end", end: { status: "exited", exitCode: 4 }, wrote: [9000, 0] });',
      { status: "output" },
    ],
    [
      "a signal from elsewhere",
      'process.kill(process.pid, "SIGTERM"); setInterval(() => {}, 9)',
      { status: "signal", signal: "SIGTERM" },
    ],
    ["a report line without end", 'for (;;) writeSync(3, "x".repeat(65536))', { status: "output" }],
    [
      "a flood of tests",
      'for (;;) say({ type: "test", test: { file: "a", name: "x".repeat(60000), status: "passed" } })',
      { status: "output" },
    ],
    ["too much output", 'for (;;) writeSync(1, "x".repeat(999))', { status: "output" }],
    [
      "memory of the process",
      "const kept = []; for (;;) { kept.push(Buffer.alloc(1 << 24, 1)) }",
      { status: "memory" },
    ],
  ])("%s", async (_name, body, expected) => {
    const { result } = await runBody(body);
    for (const [key, value] of Object.entries(expected)) {
      const actual = (result as unknown as Record<string, unknown>)[key];
      if (value instanceof RegExp) assert.match(String(actual), value);
      else assert.equal(actual, value);
    }
  });

  test("CPU time, counted from outside and not by the clock on the wall", async () => {
    const pool = poolOf({ spares: 0 });
    const bounded = { ...job(20_000), limits: { ...job(20_000).limits, cpuMs: 300 } };
    try {
      const burns = await runOnce(await take(pool, program("for (;;) {}")), bounded, facts);
      assert.equal(burns.result.status, "cpu-time");
      const { cpuMs = 0 } = burns.result.usage;
      assert.ok(cpuMs >= 300 && cpuMs < 600, `${cpuMs}`);
      const sleeps = await runOnce(
        await take(pool, program(`setTimeout(() => { ${end} }, 600)`)),
        bounded,
        facts,
      );
      assert.equal(sleeps.result.status, "exited");
      assert.ok((sleeps.result.usage.cpuMs ?? 999) < 200);
    } finally {
      await pool.close();
    }
  });

  test("memory that was touched shows in the usage", async () => {
    const body = `const kept = Buffer.alloc(100 << 20, 1); ${end} setInterval(() => {}, 9)`;
    const { peakMemoryBytes = 0 } = (await runBody(body)).result.usage;
    assert.ok(peakMemoryBytes > 95 << 20 && peakMemoryBytes < 125 << 20, `${peakMemoryBytes}`);
  });

  test("all that was written is there, though nobody waits for the process", async () => {
    const { result } = await runBody(
      'writeSync(1, "x".repeat(1500)); say({ type: "end", end: { status: "exited", exitCode: 0 }, wrote: [1500, 0] }); setInterval(() => {}, 9)',
    );
    assert.equal(result.stdout.length, 1500);
  });

  test("wall time and cancellation, with what was printed before", async () => {
    const body = 'writeSync(1, "before"); for (;;) {}';
    const late = await runBody(body, 400);
    assert.equal(late.result.status, "wall-time");
    assert.equal(late.result.stdout, "before");
    const cancelled = await runBody(body, 5000, { signal: AbortSignal.timeout(400) });
    assert.equal(cancelled.result.status, "cancelled");
    assert.equal((await runBody(body, 5000, { signal: AbortSignal.abort() })).result.status, "cancelled");
  });

  test("reports before an abrupt end are kept, and nothing is invented", async () => {
    const { report } = await runBody(
      'say({ type: "test", test: { file: "a", name: "one", status: "passed" } }); say({ type: "finished", file: "a" }); writeSync(3, "not json\\n{}\\n[]\\nnull\\n"); process.exit(0)',
    );
    assert.deepEqual(report?.tests, [{ file: "a", name: "one", status: "passed" }]);
    assert.deepEqual(report?.finished, ["a"]);
  });
});

describe("live", () => {
  test("a link carries bytes both ways and ends with the run", async () => {
    const [here, there] = pair();
    const run = runBody(
      'const b = Buffer.alloc(64); const n = readSync(4, b, 0, 64, null); writeSync(4, "got " + b.subarray(0, n)); process.exit(0)',
      5000,
      { link: there },
    );
    here.write("hello");
    const got: string[] = [];
    for await (const chunk of here) got.push(String(chunk));
    assert.equal(got.join(""), "got hello");
    await run;
  });

  test("input comes while it runs, and ends", async () => {
    const output: string[] = [];
    let more = (): void => {};
    const { result } = await runBody(
      'const b = Buffer.alloc(64); for (let n; (n = readSync(0, b, 0, 64, null)) > 0; ) writeSync(1, "<" + b.subarray(0, n) + ">"); say({ type: "end", end: { status: "exited", exitCode: 3 }, wrote: [10, 0] })',
      5000,
      {
        onOutput: (_stream, bytes) => {
          output.push(String(Buffer.from(bytes)));
          more();
        },
        input: (async function* () {
          yield Buffer.from("one");
          // Only what the program answered lets it go on.
          await new Promise<void>((resolve) => {
            more = resolve;
          });
          yield Buffer.from("two");
        })(),
      },
    );
    assert.deepEqual(output, ["<one>", "<two>"]);
    assert.equal(result.status === "exited" && result.exitCode, 3);
  });

  test("a reader that waits holds the program's writes back", async () => {
    let seen = 0;
    let release = (): void => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const body =
      "let n = 0; setInterval(() => {}, 1000); const text = Buffer.alloc(50); for (let i = 0; i < 100000; i++) { try { n += writeSync(1, text) } catch { break } } process.exit(0)";
    const run = runBody(body, 1500, {
      onOutput: (_stream, bytes) => {
        seen += bytes.length;
        return held;
      },
    });
    await wait(700);
    // No more than what one read and the pipe hold.
    assert.ok(seen < 512 * 1024, `${seen} bytes came`);
    release();
    assert.equal((await run).result.status, "output");
  });
});

describe("pool", () => {
  test("a child that cannot start is a coded error, after a second try", async () => {
    for (const readiness of [
      'say({ type: "broken", message: "no library" }); process.exit(1);',
      'throw new Error("no library");',
    ]) {
      const pool = poolOf();
      await assert.rejects(pool.take(program("", readiness)), {
        code: "SANDBOX_DRIVER_FAILED",
        message: /no library/,
      });
      assert.equal(pool.metrics().started, 2);
      await pool.close();
      assert.equal(pool.metrics().alive, 0);
    }
  });

  test("a spare is started ahead, used once, and ended with the pool", async () => {
    const pool = poolOf();
    const policy = program(WAITS);
    const first = await pool.take(policy);
    assert.equal(first?.warm, false);
    await until(() => pool.metrics().ready === 1);
    const second = await pool.take(policy);
    assert.equal(second?.warm, true);
    assert.notEqual(first?.item.pid, second?.item.pid);
    const { taken, hits, idleRssBytes } = pool.metrics();
    assert.deepEqual([taken, hits], [2, 1]);
    assert.equal(idleRssBytes, 0);
    await pool.close();
    assert.ok(!alive(first?.item.pid) && !alive(second?.item.pid));
    await assert.rejects(pool.take(policy), { code: "CLOSED" });
  });

  test("a spare that died is not handed out", async () => {
    const pool = poolOf();
    const policy = program(
      "",
      'say({ type: "ready" }); setTimeout(() => process.exit(1), 10); await new Promise((r) => setTimeout(r, 1000));',
    );
    const used = await take(pool, policy);
    await until(() => pool.metrics().started === 2 && pool.metrics().spares === 0);
    used.kill();
    const again = await pool.take(policy);
    assert.equal(again?.warm, false);
    await pool.close();
  });

  test("one that dies while it starts costs its taker a second start, not the run", async () => {
    const marker = join(folder, "died-once");
    const pool = poolOf();
    const child = await take(
      pool,
      program(
        WAITS,
        `import { existsSync, writeFileSync } from "node:fs"; if (!existsSync(${JSON.stringify(marker)})) { writeFileSync(${JSON.stringify(marker)}, ""); process.kill(process.pid, "SIGKILL"); } say({ type: "ready" });`,
      ),
    );
    assert.ok(alive(child.pid));
    assert.equal(pool.metrics().started, 2);
    await pool.close();
  });

  test("policies do not share, and room is made where work came longest ago", async () => {
    const pool = poolOf({ spares: 2 });
    const [one, two] = [program(WAITS), program(WAITS)];
    const used = [await take(pool, one), await take(pool, one)];
    await until(() => pool.metrics().spares === 2);
    for (const child of used) child.kill();
    const { started } = pool.metrics();
    assert.equal((await pool.take(two))?.warm, false);
    // The one that was taken, and one ahead of the next.
    await until(() => pool.metrics().ready === 2 && pool.metrics().started === started + 2);
    assert.equal((await pool.take(two))?.warm, true);
    assert.equal((await pool.take(one))?.warm, true);
    await pool.close();
  });

  test("more spares come with more work, up to the bound; unused ones are ended", async () => {
    const pool = poolOf({ spares: 2, idleMs: 5000 });
    const policy = program(WAITS);
    const used = await Promise.all([1, 2, 3].map(() => take(pool, policy)));
    await until(() => pool.metrics().ready === 2);
    assert.ok((pool.metrics().idleRssBytes ?? 1) > 0);
    await until(() => pool.metrics().spares === 0);
    for (const child of used) child.kill();
    await until(() => pool.metrics().alive === 0);
    await pool.close();
  });
});

describe("messages", () => {
  test.each([
    "",
    "{",
    "null",
    "[]",
    '"ready"',
    "{}",
    '{"type":"test"}',
    '{"type":"test","test":{"file":"a","name":1,"status":"passed"}}',
    '{"type":"test","test":{"file":"a","name":"b","status":"fine"}}',
    '{"type":"finished","file":3}',
    '{"type":"end","end":{"status":"exited"}}',
    '{"type":"end","end":{"status":"cancelled"}}',
    '{"type":"end"}',
  ])("%s is none", (line) => {
    assert.equal(parseMessage(line), undefined);
  });

  test("unknown fields are dropped", () => {
    const line =
      '{"type":"test","test":{"file":"a","name":"b","status":"passed","durationMs":"x","extra":1}}';
    assert.deepEqual(parseMessage(line), { type: "test", test: { file: "a", name: "b", status: "passed" } });
  });
});
