import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Guarantee, type Language, RUN_LIMITS, type RunRequest } from "@agentos/core";
import { afterAll, describe, expect, test } from "vitest";
import {
  type Availability,
  DRIVER_CONTRACT_VERSION,
  type DriverFactory,
  type DriverJob,
  defaultDrivers,
  Sandbox,
  type SandboxDriver,
} from "../src/index.js";
import { DEFAULT_LIMITS } from "../src/options.js";
import { openNamespaceSandbox } from "./helpers.js";

const cacheDir = mkdtempSync(join(tmpdir(), "agentos-facade-"));
afterAll(() => rmSync(cacheDir, { recursive: true }));

interface Recorder extends DriverFactory {
  readonly jobs: DriverJob[];
  readonly calls: string[];
}

/** A driver that gives what it is told to give, runs nothing and remembers its jobs: it makes the choosing visible. */
function recorder(
  name: string,
  guarantees: readonly Guarantee[],
  languages: readonly Language[] = ["python", "typescript"],
  changes: { availability?: Availability; contract?: number; fails?: boolean } = {},
): Recorder {
  const jobs: DriverJob[] = [];
  const calls: string[] = [];
  const available: Availability = {
    available: true,
    mechanism: "process",
    guarantees,
    limits: RUN_LIMITS,
    languages,
    notes: ["kernel: needs seccomp; install it"],
  };
  return {
    name,
    jobs,
    calls,
    async probe() {
      calls.push("probe");
      if (changes.fails) throw new Error("broken probe");
      return changes.availability ?? available;
    },
    async open() {
      calls.push("open");
      return {
        contract: (changes.contract ?? DRIVER_CONTRACT_VERSION) as SandboxDriver["contract"],
        name,
        mechanism: "process",
        guarantees,
        limits: RUN_LIMITS,
        languages,
        testsIn: [],
        async run(job) {
          jobs.push(job);
          const facts = { driver: name, mechanism: "process", guarantees, enforced: [] } as const;
          return {
            result: {
              ...facts,
              status: "exited",
              exitCode: 0,
              stdout: "",
              stderr: "",
              truncated: false,
              usage: { outputBytes: 0, queueMs: 0, warm: false },
              durationMs: 0,
            },
          };
        },
        async close() {
          calls.push("close");
        },
      };
    },
  };
}

const request: RunRequest = { language: "python", files: { "a.py": "" }, entry: "a.py" };

describe("choosing a driver", () => {
  const first = () => recorder("first", ["filesystem"]);
  const second = () => recorder("second", ["filesystem", "network", "memory"]);

  test("the first that gives what is needed; later ones are not even tried", async () => {
    const [a, b, c] = [first(), second(), second()];
    const sandbox = await Sandbox.open({ cacheDir, drivers: [a, b, { ...c, name: "third" }] });
    expect((await sandbox.run(request)).driver).toBe("second");
    expect((await sandbox.run({ ...request, needs: ["filesystem"] })).driver).toBe("first");
    expect((await sandbox.run({ ...request, needs: "none" })).driver).toBe("first");
    expect((await sandbox.run({ ...request, driver: "second" })).driver).toBe("second");
    expect(c.calls).toEqual([]);
    await sandbox.close();
    await sandbox.close();
    expect(a.calls).toEqual(["probe", "open", "close"]);
    expect(b.calls).toEqual(["probe", "open", "close"]);
  });

  test("nothing is weakened silently: the error names what each driver lacks", async () => {
    const sandbox = await Sandbox.open({ cacheDir, drivers: [first(), second()] });
    const asked = sandbox.run({ ...request, needs: ["kernel", "network"] });
    await expect(asked).rejects.toMatchObject({ code: "SANDBOX_GUARANTEE_UNAVAILABLE" });
    await expect(asked).rejects.toThrow(
      /first: does not give kernel, network \(kernel: needs seccomp; install it\).*second: does not give kernel/s,
    );
    await expect(sandbox.run({ ...request, driver: "first" })).rejects.toMatchObject({
      code: "SANDBOX_GUARANTEE_UNAVAILABLE",
    });
    await sandbox.close();
  });

  test("a language that nothing runs, with the remedies", async () => {
    const absent = recorder("absent", [], [], {
      availability: { available: false, reason: "not installed", remedy: "apt-get install it" },
    });
    const broken = recorder("broken", [], [], { fails: true });
    const sandbox = await Sandbox.open({ cacheDir, drivers: [absent, broken, first()] });
    const asked = sandbox.run({ ...request, language: "go", files: { "a.go": "" }, entry: "a.go" });
    await expect(asked).rejects.toMatchObject({ code: "SANDBOX_LANGUAGE_UNAVAILABLE" });
    await expect(asked).rejects.toThrow(
      /absent: not installed \(apt-get install it\).*broken probe.*first: does not run go/s,
    );
    await sandbox.close();
  });

  test("a driver of another contract is refused", async () => {
    const sandbox = await Sandbox.open({
      cacheDir,
      drivers: [recorder("old", ["filesystem", "network"], undefined, { contract: 0 })],
    });
    await expect(sandbox.run(request)).rejects.toMatchObject({ code: "SANDBOX_DRIVER_CONTRACT" });
    await sandbox.close();
  });

  test("drivers get complete jobs, TypeScript as JavaScript on the same lines", async () => {
    const driver = second();
    const sandbox = await Sandbox.open({ cacheDir, drivers: [driver], limits: { wallMs: 1234 } });
    const source = "const a: number = 1;\ninterface B {\n  c: string;\n}\nconsole.log(a);\n";
    await sandbox.run({
      language: "typescript",
      files: { "a.ts": source },
      entry: "a.ts",
      limits: { outputBytes: 2048 },
    });
    const job = driver.jobs[0];
    expect(job).toMatchObject({ language: "javascript", entry: "a.ts", args: [], stdin: Buffer.alloc(0) });
    expect(job?.limits).toEqual({ ...DEFAULT_LIMITS, wallMs: 1234, outputBytes: 2048 });
    const code = String(job?.files.get("a.ts"));
    expect(code).not.toMatch(/interface|number/);
    expect(code.split("\n")[4]).toBe("console.log(a);");
    const invalid = await sandbox.run({
      language: "typescript",
      files: { "a.ts": "let x: = 1" },
      entry: "a.ts",
    });
    expect(invalid).toMatchObject({ status: "invalid", message: expect.stringContaining("a.ts") });
    await sandbox.close();
  });
});

describe("opening and closing", () => {
  test.each([
    ["a relative cacheDir", { cacheDir: "cache" }],
    ["an unknown option", { cacheDir, speed: 1 }],
    ["no needs", { cacheDir, needs: [] }],
    ["a driver that is none", { cacheDir, drivers: [{}] }],
    ["two drivers of one name", { cacheDir, drivers: [recorder("a", []), recorder("a", [])] }],
    ["a limit out of bounds", { cacheDir, limits: { wallMs: -1 } }],
  ])("refuses %s", async (_name, options) => {
    await expect(Sandbox.open(options as never)).rejects.toMatchObject({ code: "OPTIONS_INVALID" });
  });

  test("a cacheDir that cannot be made is a coded error", async () => {
    const file = join(cacheDir, "file");
    writeFileSync(file, "");
    await expect(Sandbox.open({ cacheDir: join(file, "below") })).rejects.toMatchObject({
      code: "SANDBOX_DRIVER_FAILED",
    });
  });

  test("a closed one refuses work", async () => {
    const sandbox = await Sandbox.open({ cacheDir, drivers: [] });
    await sandbox.close();
    await expect(sandbox.run(request)).rejects.toMatchObject({ code: "CLOSED" });
    await expect(sandbox.drivers()).rejects.toMatchObject({ code: "CLOSED" });
  });

  test("the default drivers, in their order, say what they can do or what would help", async () => {
    expect(defaultDrivers().map((driver) => driver.name)).toEqual([
      "namespace",
      "isolate",
      "quickjs",
      "pyodide",
    ]);
    await using sandbox = await Sandbox.open({ cacheDir });
    for (const { availability } of await sandbox.drivers()) {
      if (availability.available) expect(availability.languages.length).toBeGreaterThan(0);
      else expect(`${availability.reason} ${availability.remedy}`.length).toBeGreaterThan(10);
    }
  }, 60_000);
});

const opened = await openNamespaceSandbox();

describe.skipIf(!opened)("run on the namespace driver", () => {
  if (!opened) return;
  const { sandbox, close } = opened;
  afterAll(close);

  test("what was run, with what is in force", async () => {
    const result = await sandbox.run({
      ...request,
      files: { "a.py": "print(input())" },
      stdin: "é\n",
      limits: { wallMs: 4000 },
    });
    expect(result).toMatchObject({ status: "exited", exitCode: 0, stdout: "é\n", driver: "namespace" });
    expect(result.enforced).toEqual(expect.arrayContaining(["wall time 4000 ms"]));
  });

  test("an aborted run is a result", async () => {
    const controller = new AbortController();
    const run = sandbox.run(
      { ...request, files: { "a.py": "while True: pass" } },
      { signal: controller.signal },
    );
    setTimeout(() => controller.abort(), 150);
    expect((await run).status).toBe("cancelled");
    const before = await sandbox.run(request, { signal: AbortSignal.abort() });
    expect(before.status).toBe("cancelled");
  });

  test("one signal ends a hundred runs, and Node takes their listeners for no leak", async () => {
    const warnings: Error[] = [];
    const note = (warning: Error): void => void warnings.push(warning);
    process.on("warning", note);
    const controller = new AbortController();
    const endless = { ...request, files: { "a.py": "while True: pass" } };
    const runs = Array.from({ length: 100 }, () => sandbox.run(endless, { signal: controller.signal }));
    setTimeout(() => controller.abort(), 300);
    const statuses = (await Promise.all(runs)).map((result) => result.status);
    process.off("warning", note);
    expect(new Set(statuses)).toEqual(new Set(["cancelled"]));
    expect(warnings).toEqual([]);
  }, 60_000);

  test("runs that are cancelled at every moment leave nothing behind and disturb no others", async () => {
    const quiet = sandbox.run({
      ...request,
      files: { "a.py": "import time\ntime.sleep(1)\nprint('whole')" },
    });
    const name = `cancelled_${process.pid}.py`;
    for (let round = 0; round < 10; round++) {
      const runs = Array.from({ length: 8 }, (_, index) => {
        const controller = new AbortController();
        setTimeout(() => controller.abort(), round + index * 8);
        const files = { [name]: "while True: pass" };
        return sandbox.run({ ...request, files, entry: name }, { signal: controller.signal });
      });
      expect(new Set((await Promise.all(runs)).map((result) => result.status))).toEqual(
        new Set(["cancelled"]),
      );
    }
    expect((await quiet).stdout).toBe("whole\n");
    const left = readdirSync("/proc").filter((id) => {
      try {
        return /^\d+$/.test(id) && readFileSync(`/proc/${id}/cmdline`, "utf8").includes(name);
      } catch {
        return false;
      }
    });
    expect(left).toEqual([]);
  }, 60_000);
});
