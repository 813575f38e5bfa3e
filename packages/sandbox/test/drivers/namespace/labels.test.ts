import type { Language, RunResult } from "@agentos/core";
import { afterAll, describe, expect, test } from "vitest";
import { findCgroups } from "../../../src/drivers/namespace/cgroup.js";
import { readStatus } from "../../../src/drivers/namespace/supervisor.js";
import { openNamespaceSandbox } from "../../helpers.js";
import { LABELLED_PROGRAMS } from "./labelled-programs.js";

const opened = await openNamespaceSandbox();
const groups = findCgroups() !== undefined;
const EXTENSION: Partial<Record<Language, string>> = { python: "py", javascript: "js", go: "go" };

describe.skipIf(!opened)("how runs end", async () => {
  if (!opened) return;
  const { sandbox, close } = opened;
  afterAll(close);
  const availability = (await sandbox.drivers())[0]?.availability;
  const languages = availability?.available ? availability.languages : [];

  for (const { name, language, program, limits, status, exitCode, signal, group } of LABELLED_PROGRAMS) {
    const without = !languages.includes(language)
      ? `no ${language} here`
      : group && !groups
        ? "no control groups"
        : process.arch !== "x64" && status === "policy"
          ? "the program is in the machine language of x86-64"
          : "";
    test.skipIf(without !== "")(
      `${name}: ${status}${without && ` (${without})`}`,
      async () => {
        const entry = `main.${EXTENSION[language]}`;
        const result = await sandbox.run({
          language,
          files: { [entry]: program },
          entry,
          limits: { wallMs: 20_000, ...limits },
        });
        const { stdout, stderr } = result;
        expect({
          ...shortened(result),
          stdout: stdout.slice(-200),
          stderr: stderr.slice(-500),
        }).toMatchObject({
          status,
          ...(exitCode === undefined ? {} : { exitCode }),
          ...(signal === undefined ? {} : { signal }),
        });
      },
      60_000,
    );
  }

  test("cancelled, and what it printed is kept", async () => {
    const stop = new AbortController();
    const files = { "main.py": "import time\nprint('begun', flush=True)\ntime.sleep(100)" };
    const live = sandbox.start({ language: "python", files, entry: "main.py" }, { signal: stop.signal });
    for await (const event of live) if (event.type === "stdout") stop.abort();
    expect(await live.result).toMatchObject({ status: "cancelled", stdout: "begun\n" });
  });

  test("every limit of a run is said to be enforced, and by which means", async () => {
    const limits = { cpuMs: 5000, processes: 50, openFiles: 100, fileBytes: 4096, diskBytes: 1024 * 1024 };
    const files = { "main.py": "import resource\nprint(resource.getrlimit(resource.RLIMIT_NOFILE)[0])" };
    const result = await sandbox.run({ language: "python", files, entry: "main.py", limits });
    expect(result.stdout).toBe("100\n");
    const means = groups ? /cgroup v[12]/ : /rlimit/;
    for (const limit of ["CPU time", "memory", "processes"]) {
      expect(result.enforced.find((line) => line.includes(limit))).toMatch(means);
    }
    expect(result.enforced.join()).toContain("100 open files, 4096 bytes a file");
    expect(result.enforced.join()).toContain("disk 1 MiB");
  });

  test.skipIf(!groups)("CPU time and peak memory are told, and are the job's own", async () => {
    const files = {
      "main.py":
        "import time\nx = bytearray(b'x') * (100 * 2**20)\nwhile time.process_time() < 0.5: pass\nprint(time.process_time())",
    };
    for (let run = 0; run < 2; run++) {
      const { usage, stdout } = await sandbox.run({ language: "python", files, entry: "main.py" });
      expect(usage.cpuMs).toBeGreaterThan(450);
      expect(usage.cpuMs).toBeLessThan(Number(stdout) * 1000 + 150);
      expect(usage.peakMemoryBytes).toBeGreaterThan(100 * 2 ** 20);
      expect(usage.peakMemoryBytes).toBeLessThan(130 * 2 ** 20);
    }
  });
});

/** How it ended alone, for a short failure message. */
function shortened(result: RunResult): Record<string, unknown> {
  const { status } = result;
  return {
    status,
    ...("exitCode" in result ? { exitCode: result.exitCode } : {}),
    ...("signal" in result ? { signal: result.signal } : {}),
    ...("message" in result ? { message: result.message } : {}),
  };
}

describe("what the supervisor says", () => {
  test.each([
    ["", { exitCode: undefined, signal: undefined, full: false }],
    ["ended 0 \n", { exitCode: 0, signal: undefined, full: false }],
    ["ended 137 \n", { exitCode: 137, signal: undefined, full: false }],
    ["Killed\nended 137 \n", { exitCode: 137, signal: 9, full: false }],
    ["sh: line 9:     2 Killed   ( … )\nended 137 bash\n", { exitCode: 137, signal: 9, full: false }],
    ["Segmentation fault\nfull /work\nended 139 \n", { exitCode: 139, signal: 11, full: true }],
    ["full /work\nended 137 \n", { exitCode: 137, signal: undefined, full: true }],
    ["ended 130 \n", { exitCode: 130, signal: 2, full: false }],
    ["ended 143 \n", { exitCode: 143, signal: undefined, full: false }],
    ["ended 143 bash\n", { exitCode: 143, signal: 15, full: false }],
  ])("%j", (text, expected) => {
    expect(readStatus(text)).toEqual(expected);
  });
});
