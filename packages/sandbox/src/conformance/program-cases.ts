import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Guarantee, LANGUAGES, type Language, type RunResult } from "@agentos/core";
import type { ConformanceCase } from "@agentos/core/conformance";
import type { SandboxDriver } from "../driver.js";
import { type JobChanges, runFiles } from "./job.js";
import { PROGRAMS, type Programs } from "./programs.js";

/** Cases about whole programs. */
export function programCases(driver: SandboxDriver, patienceMs: number): readonly ConformanceCase[] {
  return LANGUAGES.flatMap((language) => {
    const programs = PROGRAMS[language];
    return programs ? casesIn(driver, language, programs, patienceMs) : [];
  });
}

function casesIn(
  driver: SandboxDriver,
  language: Language,
  programs: Programs,
  patienceMs: number,
): readonly ConformanceCase[] {
  const run = async (program: string, changes: JobChanges = {}): Promise<RunResult> =>
    (await runFiles(driver, language, { [programs.entry]: program }, patienceMs, changes)).result;
  const item = (name: string, body: () => Promise<void>, needs?: Guarantee): ConformanceCase => {
    const skip = !driver.languages.includes(language)
      ? `the driver does not run ${language} here`
      : needs !== undefined && !driver.guarantees.includes(needs)
        ? `the driver does not promise "${needs}" here`
        : undefined;
    return { name: `${language}: ${name}`, run: body, ...(skip === undefined ? {} : { skip }) };
  };
  return [
    item("prints to both streams", async () => {
      const result = await run(programs.hello);
      exited(result, 0);
      assert.equal(result.stdout, "héllo\n");
      assert.equal(result.stderr, "to stderr\n");
      assert.equal(result.truncated, false);
      assert.equal(result.driver, driver.name);
      assert.equal(result.mechanism, driver.mechanism);
      assert.deepEqual([...result.guarantees].sort(), [...driver.guarantees].sort());
    }),
    item("an uncaught error is a failing exit", async () => {
      const result = await run(programs.fails);
      assert.equal(result.status, "exited");
      assert.notEqual(result.status === "exited" && result.exitCode, 0);
      assert.match(result.stderr, /on purpose/);
    }),
    item("hands on the exit code", async () => exited(await run(programs.exits3), 3)),
    item("code that does not parse is invalid", async () => {
      const result = await run(programs.doesNotParse);
      assert.equal(result.status, "invalid");
      assert.ok(result.status === "invalid" && result.message !== "");
    }),
    item("a busy loop ends at the wall time and keeps its output", async () => {
      const started = performance.now();
      // Who has more patience has a slower machine.
      const wallMs = Math.max(1500, patienceMs / 20) + (programs.buildMs ?? 0);
      const result = await run(programs.loops, { limits: { wallMs } });
      assert.equal(result.status, "wall-time");
      assert.ok(performance.now() - started < wallMs + patienceMs, "it took too long to be ended");
      assert.equal(result.stdout, "before\n");
    }),
    item("endless output ends the run, in bounded memory", async () => {
      const result = await run(programs.printsForEver, { limits: { outputBytes: 10_000 } });
      assert.equal(result.status, "output");
      assert.equal(result.truncated, true);
      assert.ok(result.stdout.length > 5000 && result.stdout.length < 11_000, `kept ${result.stdout.length}`);
    }),
    item("head and tail of long output are kept", async () => {
      const result = await run(programs.printsMuch, { limits: { outputBytes: 100_000 } });
      exited(result, 0);
      assert.equal(result.truncated, true);
      assert.ok(result.stdout.startsWith("head\n") && result.stdout.endsWith("tail\n"));
    }),
    item(
      "memory over the limit is labelled so",
      async () => {
        const result = await run(programs.hoards, { limits: { memoryBytes: 256 * 1024 * 1024 } });
        assert.equal(result.status, "memory");
      },
      "memory",
    ),
    item("reads its standard input", async () => {
      const result = await run(programs.echoesInput, { stdin: Buffer.from("from outside\n") });
      exited(result, 0);
      assert.equal(result.stdout, "from outside\n");
    }),
    item("gets its arguments as they are", async () => {
      const result = await run(programs.echoesArguments, { args: ["a b", "$HOME", "'\""] });
      exited(result, 0);
      assert.equal(result.stdout, "a b|$HOME|'\"\n");
    }),
    item("imports a file beside it", async () => {
      const { path, module, program } = programs.imports;
      const files = { [programs.entry]: program, [path]: module };
      const { result } = await runFiles(driver, language, files, patienceMs);
      exited(result, 0);
      assert.equal(result.stdout, "42\n");
    }),
    item("an abort ends it as cancelled", async () => {
      const controller = new AbortController();
      setTimeout(() => controller.abort(), 300);
      const started = performance.now();
      const result = await run(programs.loops, { signal: controller.signal });
      assert.equal(result.status, "cancelled");
      assert.ok(performance.now() - started < patienceMs);
    }),
    item("an abort beforehand starts nothing", async () => {
      const result = await run(programs.hello, { signal: AbortSignal.abort() });
      assert.equal(result.status, "cancelled");
      assert.equal(result.stdout, "");
    }),
    item("a file of the host cannot be read", () => cannotRead(run, programs), "filesystem"),
    item("the host's loopback cannot be reached", () => cannotConnect(run, programs), "network"),
    item("the host's environment is not handed on", async () => {
      process.env["AGENTOS_CONFORMANCE_SECRET"] = "planted-in-the-environment";
      try {
        assert.doesNotMatch((await run(programs.printsEnvironment)).stdout, /planted-in-the-environment/);
      } finally {
        delete process.env["AGENTOS_CONFORMANCE_SECRET"];
      }
    }),
    item("nothing of one run is left for the next", async () => {
      for (let round = 0; round < 2; round++) {
        assert.equal((await run(programs.leavesFile)).stdout, "clean\n");
      }
    }),
    item("runs at the same time do not meet", async () => {
      const results = await Promise.all(
        Array.from({ length: 4 }, (_, index) => run(index % 2 === 0 ? programs.hello : programs.exits3)),
      );
      results.forEach((result, index) => {
        exited(result, index % 2 === 0 ? 0 : 3);
        assert.equal(result.stdout, index % 2 === 0 ? "héllo\n" : "");
      });
    }),
  ];
}

type Run = (program: string, changes?: JobChanges) => Promise<RunResult>;

async function cannotRead(run: Run, programs: Programs): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "conformance-"));
  try {
    const secret = join(folder, "secret.txt");
    await writeFile(secret, "planted-on-the-host", { mode: 0o644 });
    assert.equal((await run(programs.readsFile(secret))).stdout, "refused\n");
    assert.doesNotMatch((await run(programs.readsFile("/etc/passwd"))).stdout, /root:/);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function cannotConnect(run: Run, programs: Programs): Promise<void> {
  let connections = 0;
  const server = createServer((socket) => {
    connections++;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const address = server.address();
    assert.ok(address !== null && typeof address === "object");
    const result = await run(programs.connects(address.port));
    assert.equal(connections, 0);
    assert.equal(result.stdout, "refused\n");
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

function exited(result: RunResult, code: number): void {
  const shown = JSON.stringify({ ...result, guarantees: undefined, enforced: undefined });
  assert.equal(result.status, "exited", shown);
  assert.equal(result.status === "exited" ? result.exitCode : undefined, code, shown);
}
