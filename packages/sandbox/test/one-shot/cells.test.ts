import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, test } from "vitest";
import { requirement } from "../../../../test/require.js";
import { findCgroups } from "../../src/drivers/namespace/cgroup.js";
import { namespaceDriver } from "../../src/drivers/namespace.js";
import { CellPaths, type Cells } from "../../src/one-shot/cells.js";
import { type ChildProgram, OneShotChild } from "../../src/one-shot/child.js";
import { workingCells } from "../../src/one-shot/facts.js";
import { runOnce } from "../../src/one-shot/run.js";
import { DEFAULT_LIMITS } from "../../src/options.js";

const folder = mkdtempSync(join(tmpdir(), "agentos-cells-"));
afterAll(() => rmSync(folder, { recursive: true }));
let count = 0;

/** A child in a cell that runs `body` as Node, as if a program had broken out of its runtime. */
function program(cells: Cells, body: string, memoryBytes = 64 * 1024 * 1024): ChildProgram {
  const file = join(folder, `child-${count++}.mjs`);
  writeFileSync(
    file,
    `import { readSync, writeSync as write } from "node:fs";\nconst wrote = [0, 0];\nconst writeSync = (to, text) => { const bytes = write(to, text); if (to < 3) wrote[to - 1] += bytes; };\nconst say = (m) => writeSync(3, JSON.stringify(m) + "\\n");\nsay({ type: "ready" });\nconst job = Buffer.alloc(1 << 20); readSync(3, job, 0, 4, null); readSync(3, job, 0, job.length, null);\n${body}\nsay({ type: "end", end: { status: "exited", exitCode: 0 }, wrote }); setInterval(() => {}, 99);\n`,
  );
  const paths = new CellPaths({ [file]: "/agentos/child.mjs" });
  return {
    name: "fake",
    file: paths.inside(file),
    nodeOptions: [],
    cell: { cells, binds: paths.binds, memoryBytes },
  };
}

const found = await workingCells((cells) => program(cells, ""), 10_000);
const cells = found.cells;
requirement("bubblewrap", cells !== undefined, found.why);
// What the namespace driver can filter, cells can.
const namespace = await namespaceDriver.probe({ cacheDir: folder });
if (cells && namespace.available && namespace.guarantees.includes("kernel"))
  test("the filter of system calls is promised", () => assert.ok(cells.guarantees.includes("kernel")));

describe.skipIf(!cells)("a program that broke out of its runtime", () => {
  const run = async (body: string, memoryBytes?: number) => {
    const child = new OneShotChild(program(cells as Cells, body, memoryBytes));
    await child.ready;
    const job = {
      language: "javascript",
      files: new Map(),
      entry: "a",
      args: [],
      stdin: new Uint8Array(),
      limits: { ...DEFAULT_LIMITS, memoryBytes: 2 ** 40 },
      problems: new Map(),
    } as const;
    const facts = { driver: "fake", mechanism: "isolate", guarantees: [], enforced: [] } as const;
    const { result } = await runOnce(child, job, facts);
    await child.gone;
    return result;
  };

  test("reads, lists and writes nothing of the host", async () => {
    const secret = join(folder, "secret.txt");
    writeFileSync(secret, "planted", { mode: 0o644 });
    const result = await run(`
      import fs from "node:fs";
      const tries = [() => fs.readFileSync(${JSON.stringify(secret)}, "utf8"), () => fs.readFileSync("/etc/passwd", "utf8"),
        () => fs.readdirSync("/home").join(), () => fs.readdirSync("/root").join(), () => (fs.writeFileSync("/agentos/x", "x"), "wrote"),
        () => (fs.writeFileSync("/usr/x", "x"), "wrote"), () => (fs.writeFileSync("/tmp/x", "x".repeat(9999)), "wrote"), () => process.env.HOME ?? (() => { throw 0 })()];
      for (const one of tries) { let got; try { got = one() } catch { got = "refused" } writeSync(1, got + "\\n"); }
      writeSync(1, fs.readdirSync("/").sort().join() + "\\n"); writeSync(1, process.getuid() + " " + fs.readdirSync("/proc").filter((name) => /^\\d+$/.test(name)).length);`);
    const lines = result.stdout.split("\n");
    assert.deepEqual(lines.slice(0, 8), Array(8).fill("refused"), result.stdout);
    assert.doesNotMatch(lines[8] ?? "", /home|root|etc\b.*var|srv|mnt/);
    // Its own user, and no process but bubblewrap's and its own.
    assert.match(lines[9] ?? "", /^1000 [12]$/);
  });

  test("reaches no port of the host", async () => {
    let connections = 0;
    const server = createServer(() => connections++);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" ? address?.port : 0;
    const result = await run(
      `import net from "node:net"; await new Promise((done) => net.connect(${port}, "127.0.0.1").on("error", () => { writeSync(1, "refused"); done() }).on("connect", done));`,
    );
    await new Promise((resolve) => server.close(resolve));
    assert.equal(result.stdout, "refused");
    assert.equal(connections, 0);
  });

  test.skipIf(!cells?.guarantees.includes("kernel"))(
    "is refused system calls that no run needs",
    async () => {
      const result = await run(
        `import { spawnSync } from "node:child_process"; import fs from "node:fs";
      const status = fs.readFileSync("/proc/self/status", "utf8");
      writeSync(1, /Seccomp:\\s+(\\d)/.exec(status)[1] + /NoNewPrivs:\\s+(\\d)/.exec(status)[1]);
      writeSync(1, spawnSync("/usr/bin/unshare", ["--user", "/usr/bin/true"]).status === 0 ? " nested" : " refused");`,
      );
      assert.equal(result.stdout, "21 refused");
    },
  );

  test.skipIf(!cells?.guarantees.includes("memory"))("is ended by its control group", async () => {
    const result = await run("const kept = []; for (;;) kept.push(Buffer.alloc(1 << 24, 1));");
    assert.equal(result.status, "memory");
  });

  test("takes its processes along, and leaves no control group", async () => {
    const result = await run(
      'import { spawn } from "node:child_process"; for (let i = 0; i < 5; i++) spawn("/bin/sleep", ["3210"], { detached: true }).unref(); await new Promise((done) => setTimeout(done, 300));',
    );
    assert.equal(result.status, "exited");
    const { execFileSync } = await import("node:child_process");
    assert.doesNotMatch(execFileSync("ps", ["-eo", "args"], { encoding: "utf8" }), /sleep 3210/);
    const parent = findCgroups();
    const groups = parent ? [parent.memory, parent.pids].flatMap((path) => readdirSync(path)) : [];
    assert.deepEqual(
      groups.filter((name) => name.startsWith(`agentos.${process.pid}_`)),
      [],
    );
  });
});
