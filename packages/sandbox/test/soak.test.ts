import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Language, RunLimits, RunResult, RunStatus } from "@agentos/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { requirement } from "../../../test/require.js";
import { Watch } from "../hostile/index.js";
import { namespaceDriver, Sandbox } from "../src/index.js";

// `pnpm test:soak` asks for 10,000 runs; a whole test run does some hundred.
const RUNS = Number(process.env["AGENTOS_SOAK_RUNS"] ?? 200);
const AT_ONCE = 200;
const MEBIBYTE = 1024 * 1024;
const PATIENCE = 60_000 + RUNS * 500;

interface Kind {
  readonly language: Language;
  readonly program: string;
  readonly ends: RunStatus;
  readonly limits?: RunLimits;
  /** One in so many runs, counted from its own place. */
  readonly every: number;
}

/** Ways for a run to end, the quick ones often and the slow ones seldom. */
const KINDS: readonly Kind[] = [
  { language: "python", program: "print(1)", ends: "exited", every: 1 },
  { language: "javascript", program: "console.log(1)", ends: "exited", every: 3 },
  {
    language: "python",
    program: "import os, time\nif os.fork() == 0:\n  os.setsid()\n  time.sleep(10**6)",
    ends: "exited",
    every: 5,
  },
  { language: "python", program: "while True: print('y' * 9999)", ends: "output", every: 11 },
  { language: "python", program: "import os\nos.abort()", ends: "signal", every: 13 },
  {
    language: "python",
    program: "x = bytearray(b'x') * (200 * 2**20)",
    ends: "memory",
    limits: { memoryBytes: 64 * MEBIBYTE },
    every: 29,
  },
  {
    language: "python",
    program: "import time\ntime.sleep(10**6)",
    ends: "wall-time",
    limits: { wallMs: 400 },
    every: 31,
  },
];

const availability = await namespaceDriver.probe({ cacheDir: tmpdir() });
const reason = availability.available ? "" : `${availability.reason}; ${availability.remedy}`;
const works = requirement("bubblewrap", availability.available, reason);
const holdsMemory = availability.available && availability.guarantees.includes("memory");
const kinds = KINDS.filter(({ ends }) => ends !== "memory" || holdsMemory);
const built = fileURLToPath(new URL("../dist/index.js", import.meta.url));
const ready = requirement("build", existsSync(built), "packages/sandbox/dist is missing; run pnpm build");

describe.skipIf(!works)("soak", () => {
  let top = "";
  let temporary: string | undefined;

  beforeAll(() => {
    top = mkdtempSync(join(tmpdir(), "agentos-soak-"));
    temporary = process.env["TMPDIR"];
    // What is left among the temporary files of this folder was left by these tests.
    process.env["TMPDIR"] = join(top, "temporary");
    mkdirSync(join(top, "temporary"));
  });

  afterAll(() => {
    if (temporary === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = temporary;
    rmSync(top, { recursive: true });
  });

  /** Works with a sandbox of its own and says what is left when it is closed. */
  async function leavings(work: (sandbox: Sandbox) => Promise<void>): Promise<readonly string[]> {
    const cacheDir = join(top, "cache");
    const first = await Sandbox.open({ cacheDir, drivers: [namespaceDriver] });
    await run(first, KINDS[0] as Kind);
    await first.close();
    const watch = new Watch();
    const sandbox = await Sandbox.open({ cacheDir, drivers: [namespaceDriver] });
    await work(sandbox);
    await sandbox.close();
    return watch.settled(3000);
  }

  function run(sandbox: Sandbox, kind: Kind): Promise<RunResult> {
    const entry = kind.language === "python" ? "main.py" : "main.js";
    return sandbox.run({
      language: kind.language,
      files: { [entry]: kind.program },
      entry,
      limits: { wallMs: 60_000, ...kind.limits },
    });
  }

  test(
    `${RUNS} runs leave no process, control group, mount, folder or descriptor`,
    async () => {
      const wrong: string[] = [];
      const left = await leavings(async (sandbox) => {
        let next = 0;
        const worker = async (): Promise<void> => {
          for (let index = next++; index < RUNS; index = next++) {
            const kind = kinds.findLast(({ every }) => index % every === every - 1) ?? (kinds[0] as Kind);
            const { status, stderr } = await run(sandbox, kind);
            if (status !== kind.ends)
              wrong.push(`run ${index}: ${status} instead of ${kind.ends}: ${stderr}`);
          }
        };
        await Promise.all(Array.from({ length: 8 }, worker));
      });
      expect(wrong).toEqual([]);
      expect(left).toEqual([]);
    },
    PATIENCE,
  );

  test(
    `${AT_ONCE} runs at once all end well`,
    async () => {
      const left = await leavings(async (sandbox) => {
        const kind = KINDS[0] as Kind;
        const results = await Promise.all(Array.from({ length: AT_ONCE }, () => run(sandbox, kind)));
        expect(results.filter(({ status, stdout }) => status !== "exited" || stdout !== "1\n")).toEqual([]);
      });
      expect(left).toEqual([]);
    },
    PATIENCE,
  );

  test(
    "sandboxes that wait are killed: the next runs work all the same, and nothing is left",
    async () => {
      const left = await leavings(async (sandbox) => {
        const kind = KINDS[0] as Kind;
        await Promise.all(Array.from({ length: 4 }, () => run(sandbox, kind)));
        await delay(1000);
        const killed = new Set<number>();
        // Again until none is left: one that is just starting gets more processes meanwhile.
        for (let ids = inGroupsOf(process.pid); ids.length > 0; ids = inGroupsOf(process.pid)) {
          for (const id of ids) {
            killed.add(id);
            try {
              process.kill(id, "SIGKILL");
            } catch {
              // It went with the one before.
            }
          }
        }
        const results = await Promise.all(Array.from({ length: 4 }, () => run(sandbox, kind).catch(String)));
        // Where no control group holds all of a sandbox, only bubblewrap is killed above, and the program inside may have
        // begun its job before it follows: each crash may cost that one run.
        const most = holdsMemory ? 0 : killed.size;
        const failed = results.filter((one) => typeof one === "string" || one.status !== "exited");
        expect(failed.length, JSON.stringify(failed)).toBeLessThanOrEqual(most);
        expect((await run(sandbox, kind)).status).toBe("exited");
      });
      expect(left).toEqual([]);
    },
    PATIENCE,
  );

  test.skipIf(!ready)(
    "the host is killed: nothing survives the next start",
    async () => {
      const cacheDir = join(top, "killed-cache");
      const own = join(top, "killed-temporary");
      mkdirSync(own);
      const host = spawn(
        process.execPath,
        [
          "--input-type=module",
          "-e",
          `import { Sandbox, namespaceDriver } from ${JSON.stringify(built)};
const sandbox = await Sandbox.open({ cacheDir: ${JSON.stringify(cacheDir)}, drivers: [namespaceDriver] });
const run = (program) => sandbox.run({ language: "python", files: { "main.py": program }, entry: "main.py", limits: { wallMs: 60000 } });
await Promise.all([run("print(1)"), run("print(1)")]);
for (let count = 0; count < 3; count++) void run("import os, time\\nos.fork()\\ntime.sleep(1000)");
setTimeout(() => console.log("running"), 1500);`,
        ],
        { env: { ...process.env, TMPDIR: own }, stdio: ["ignore", "pipe", "inherit"] },
      );
      const owner = host.pid ?? 0;
      await new Promise((resolve) => host.stdout.once("data", resolve));
      expect(inGroupsOf(owner).length).toBeGreaterThan(0);
      host.kill("SIGKILL");
      await new Promise((resolve) => host.once("close", resolve));
      for (let wait = 0; wait < 100 && inGroupsOf(owner).length > 0; wait++) await delay(50);
      expect(inGroupsOf(owner)).toEqual([]);
      await leavings(async () => {});
      expect(new Watch(owner).present().filter((line) => /^(process|control group)/.test(line))).toEqual([]);
      expect(readdirSync(own)).toEqual([]);
      const mounts = readFileSync("/proc/self/mountinfo", "utf8");
      expect(mounts.split("\n").filter((line) => line.includes(top))).toEqual([]);
    },
    PATIENCE,
  );
});

/** Ids of the processes in control groups that a process made, and of its children where it made none. */
function inGroupsOf(owner: number): readonly number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((id) => {
      try {
        const stat = readFileSync(`/proc/${id}/stat`, "latin1");
        const [state, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
        if (state === "Z") return false;
        const bubblewrap =
          Number(parent) === owner && readFileSync(`/proc/${id}/cmdline`, "latin1").includes("bwrap");
        return readFileSync(`/proc/${id}/cgroup`, "latin1").includes(`agentos.${owner}.`) || bubblewrap;
      } catch {
        return false;
      }
    });
}
