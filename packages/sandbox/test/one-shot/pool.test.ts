import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, describe, test } from "vitest";
import { OneShotPool } from "../../src/one-shot/pool.js";
import { parseMessage } from "../../src/one-shot/protocol.js";
import { type DriverFacts, runOnce } from "../../src/one-shot/run.js";

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
const job = (wallMs = 5000) =>
  ({
    language: "javascript",
    files: new Map(),
    entry: "a",
    args: [],
    stdin: new Uint8Array(),
    limits: { wallMs, memoryBytes: 200 * 1024 * 1024, outputBytes: 2000 },
    tests: { nonce: "n", files: [] },
    problems: new Map(),
  }) as const;

async function runBody(body: string, wallMs?: number, signal?: AbortSignal) {
  const pool = new OneShotPool(() => program(body), { spares: 0 });
  try {
    return await runOnce(await pool.take(), job(wallMs), facts, signal);
  } finally {
    await pool.close();
  }
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
    ["silence is a failing exit", "", { status: "exited", exitCode: 1 }],
    ["its own exit code", "process.exit(9)", { status: "exited", exitCode: 9 }],
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
    for (const [key, value] of Object.entries(expected))
      assert.equal((result as unknown as Record<string, unknown>)[key], value);
  });

  test("wall time and cancellation, with what was printed before", async () => {
    const body = 'writeSync(1, "before"); for (;;) {}';
    const late = await runBody(body, 400);
    assert.equal(late.result.status, "wall-time");
    assert.equal(late.result.stdout, "before");
    const cancelled = await runBody(body, 5000, AbortSignal.timeout(400));
    assert.equal(cancelled.result.status, "cancelled");
    assert.equal((await runBody(body, 5000, AbortSignal.abort())).result.status, "cancelled");
  });

  test("reports before an abrupt end are kept, and nothing is invented", async () => {
    const { report } = await runBody(
      'say({ type: "test", test: { file: "a", name: "one", status: "passed" } }); say({ type: "finished", file: "a" }); writeSync(3, "not json\\n{}\\n[]\\nnull\\n"); process.exit(0)',
    );
    assert.deepEqual(report, { tests: [{ file: "a", name: "one", status: "passed" }], finished: ["a"] });
  });
});

describe("pool", () => {
  test("a child that cannot start is a coded error", async () => {
    for (const readiness of [
      'say({ type: "broken", message: "no library" }); process.exit(1);',
      'throw new Error("no library");',
    ]) {
      const pool = new OneShotPool(() => program("", readiness));
      await assert.rejects(pool.take(), { code: "SANDBOX_DRIVER_FAILED", message: /no library/ });
      await pool.close();
    }
  });

  test("a spare is loaded ahead, used once, and ended with the pool", async () => {
    const pool = new OneShotPool(() => program("setInterval(() => {}, 1000)"));
    const first = await pool.take();
    const second = await pool.take();
    assert.notEqual(first.pid, second.pid);
    await pool.close();
    assert.ok(!alive(first.pid) && !alive(second.pid));
  });

  test("a spare that died is not handed out", async () => {
    const pool = new OneShotPool(() =>
      program(
        "",
        'say({ type: "ready" }); setTimeout(() => process.exit(1), 10); await new Promise((r) => setTimeout(r, 1000));',
      ),
    );
    await pool.take();
    await wait(800);
    const second = await pool.take();
    assert.ok(second.pid !== undefined);
    await pool.close();
  });

  test("spares that nobody takes are ended after a while", async () => {
    let started = 0;
    const pool = new OneShotPool(
      () => {
        started++;
        return program("setInterval(() => {}, 1000)");
      },
      { spares: 2, idleMs: 100 },
    );
    const used = await pool.take();
    assert.equal(started, 3);
    await wait(400);
    used.kill();
    await pool.take();
    assert.equal(started, 6);
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
