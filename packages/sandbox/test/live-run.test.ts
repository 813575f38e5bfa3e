import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunEvent } from "@agentos/core";
import { afterAll, describe, expect, test } from "vitest";
import { defaultDrivers, Sandbox } from "../src/index.js";
import { openNamespaceSandbox } from "./helpers.js";

const opened = await openNamespaceSandbox();

describe.skipIf(!opened)("a run while it goes on", () => {
  if (!opened) return;
  const { sandbox, close } = opened;
  afterAll(close);
  const python = (source: string, limits = {}) =>
    ({ language: "python", files: { "a.py": source }, entry: "a.py", limits }) as const;

  test("answers what is written to it, and ends with its figures and its result", async () => {
    const run = sandbox.start(
      python("import sys\nfor line in sys.stdin:\n    print(line.upper(), end='', flush=True)\n"),
    );
    run.write("one\n");
    const events: RunEvent[] = [];
    let output = "";
    for await (const event of run) {
      events.push(event);
      if (event.type !== "stdout") continue;
      output += Buffer.from(event.bytes).toString();
      if (output === "ONE\n") run.write(Buffer.from("two\n"));
      if (output === "ONE\nTWO\n") run.endInput();
    }
    expect(output).toBe("ONE\nTWO\n");
    expect(events.at(-2)).toMatchObject({ type: "metric", usage: { outputBytes: 8 } });
    expect(events.at(-1)).toMatchObject({ type: "exit", result: { status: "exited", stdout: "ONE\nTWO\n" } });
    expect(await run.result).toMatchObject({ status: "exited", exitCode: 0 });
  });

  test("wrong input and a second reader are refused", async () => {
    const run = sandbox.start(python("print(input())"));
    expect(() => run.write(5 as unknown as string)).toThrow("text or a Uint8Array");
    const first = run[Symbol.asyncIterator]();
    const reading = first.next();
    await expect(run[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: "INPUT_INVALID" });
    run.write("x\n");
    run.endInput();
    expect((await reading).value).toMatchObject({ type: "stdout" });
    expect((await run.result).stdout).toBe("x\n");
  });

  test("bytes come as they are", async () => {
    const run = sandbox.start(python("import sys\nsys.stdout.buffer.write(bytes(range(256)))"));
    run.endInput();
    const parts: Uint8Array[] = [];
    for await (const event of run) if (event.type === "stdout") parts.push(event.bytes);
    expect(Buffer.concat(parts)).toEqual(Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)));
  });

  test("a slow reader holds the program back", async () => {
    const limits = { outputBytes: 64 * 1024 * 1024, wallMs: 20_000 };
    const run = sandbox.start(python("for _ in range(400): print('x' * 65535)", limits));
    run.endInput();
    await new Promise((resolve) => setTimeout(resolve, 1000));
    // Nobody has read yet: far less than the 25 MiB can have left the program.
    const early = await Promise.race([run.result, Promise.resolve("still running")]);
    expect(early).toBe("still running");
    let bytes = 0;
    for await (const event of run) if (event.type === "stdout") bytes += event.bytes.length;
    expect(bytes).toBe(400 * 65536);
    expect((await run.result).usage.outputBytes).toBe(400 * 65536);
  }, 40_000);

  test("what nobody reads is ended by its wall time and by a signal all the same", async () => {
    const flood = "while True: print('x' * 65535)";
    const large = { outputBytes: 64 * 1024 * 1024 };
    const late = sandbox.start(python(flood, { ...large, wallMs: 1500 }));
    expect((await late.result).status).toBe("wall-time");
    const controller = new AbortController();
    const cancelled = sandbox.start(python(flood, large), { signal: controller.signal });
    setTimeout(() => controller.abort(), 700);
    expect((await cancelled.result).status).toBe("cancelled");
  }, 20_000);

  test("is cancelled by itself and by a signal, and keeps what was printed", async () => {
    const source = "import time\nprint('before', flush=True)\ntime.sleep(60)";
    const run = sandbox.start(python(source));
    for await (const event of run) if (event.type === "stdout") run.cancel();
    expect(await run.result).toMatchObject({ status: "cancelled", stdout: "before\n" });
    const controller = new AbortController();
    const other = sandbox.start(python(source), { signal: controller.signal });
    for await (const event of other) if (event.type === "stdout") controller.abort();
    expect(await other.result).toMatchObject({ status: "cancelled", stdout: "before\n" });
  });

  test("a wrong request is told to the reader and by the result", async () => {
    const run = sandbox.start({ language: "python", files: {}, entry: "a.py" });
    await expect(
      (async () => {
        for await (const _ of run);
      })(),
    ).rejects.toMatchObject({ code: "SANDBOX_REQUEST_INVALID" });
    await expect(run.result).rejects.toMatchObject({ code: "SANDBOX_REQUEST_INVALID" });
  });

  test("runs beyond the bound wait, and say how long", async () => {
    const narrow = await openNamespaceSandbox({ concurrency: 1 });
    if (!narrow) return;
    const told: number[] = [];
    narrow.sandbox.events.on("run", ({ usage }) => told.push(usage.queueMs));
    const results = await Promise.all(
      [0, 1, 2].map(() => narrow.sandbox.run(python("import time\ntime.sleep(0.3)"))),
    );
    await narrow.close();
    const waits = results.map((result) => result.usage.queueMs).sort((left, right) => left - right);
    expect(waits[0]).toBeLessThan(200);
    expect(waits[1]).toBeGreaterThan(290);
    expect(waits[2]).toBeGreaterThan(590);
    expect(told).toHaveLength(3);
  });
});

test("what nobody reads is ended by its wall time in a child process, too, and the sandbox closes", async () => {
  const cacheDir = mkdtempSync(join(tmpdir(), "agentos-live-"));
  const sandbox = await Sandbox.open({
    cacheDir,
    drivers: defaultDrivers().filter(({ name }) => name === "quickjs"),
  });
  const run = sandbox.start({
    language: "javascript",
    files: { "a.js": "for (;;) console.log('x'.repeat(65535));" },
    entry: "a.js",
    limits: { outputBytes: 64 * 1024 * 1024, wallMs: 1500 },
  });
  expect((await run.result).status).toBe("wall-time");
  await sandbox.close();
  rmSync(cacheDir, { recursive: true });
}, 20_000);
