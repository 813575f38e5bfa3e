import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import type { RunLimits, RunResult } from "@agentos/core";
import { afterAll, describe, test } from "vitest";
import { requirement } from "../../../../test/require.js";
import { driverConformance } from "../../src/conformance/index.js";
import type { DriverFactory, DriverJob, DriverResult, SandboxDriver } from "../../src/driver.js";
import { DEFAULT_LIMITS } from "../../src/options.js";

/** A driver that was tried and opened. */
export interface OpenedDriver {
  readonly driver: SandboxDriver;
  readonly cacheDir: string;
  run(
    files: Readonly<Record<string, string>>,
    changes?: Partial<DriverJob> & { signal?: AbortSignal },
  ): Promise<DriverResult>;
}

export const MEBIBYTE: number = 1024 * 1024;

/** Ordinary limits with some of them changed. */
export function limits(changes: RunLimits = {}): Required<RunLimits> {
  return {
    ...DEFAULT_LIMITS,
    wallMs: 20_000,
    memoryBytes: 256 * MEBIBYTE,
    outputBytes: 64 * 1024,
    ...changes,
  };
}

/** Runs `body` with the driver opened, or skips it with the reason why this machine cannot. Closes it afterwards. */
export async function withDriver(
  factory: DriverFactory,
  requirementName: string,
  body: (opened: OpenedDriver) => void,
): Promise<void> {
  const cacheDir = mkdtempSync(join(tmpdir(), `agentos-${factory.name}-`));
  const availability = await factory.probe({ cacheDir });
  const reason = availability.available ? "" : `${availability.reason}; ${availability.remedy}`;
  if (!requirement(requirementName, availability.available, reason)) {
    rmSync(cacheDir, { recursive: true });
    describe.skip(`${factory.name}: ${reason}`, () => {
      test("needs it", () => {});
    });
    return;
  }
  const driver = await factory.open({ cacheDir });
  afterAll(async () => {
    await driver.close();
    rmSync(cacheDir, { recursive: true, force: true });
  });
  body({
    driver,
    cacheDir,
    run: (files, { signal, ...changes } = {}) =>
      driver.run(
        {
          language: driver.languages[0] ?? "javascript",
          files: new Map(Object.entries(files)),
          entry: Object.keys(files)[0] ?? "",
          args: [],
          stdin: new Uint8Array(),
          limits: limits(),
          ...changes,
        },
        { signal },
      ),
  });
}

/** The conformance suite as tests. */
export function conformanceTests({ driver }: OpenedDriver): void {
  describe("conformance", () => {
    for (const item of driverConformance(driver)) {
      if (item.skip) test.skip(`${item.name} (${item.skip})`, () => {});
      else test(item.name, () => item.run(), 60_000);
    }
  });
}

/** The result without what differs from run to run, for messages. */
export function shown(result: RunResult): string {
  return JSON.stringify({ ...result, guarantees: undefined, enforced: undefined }).slice(0, 2000);
}

/** Processes whose parent is this one, by command line. Empty where there is no `/proc`. */
export function childrenOfThis(): string[] {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const parent = / \(.*\) \S+ (\d+) /.exec(
          ` ${readFileSync(`/proc/${pid}/stat`, "latin1").replace(/^\d+/, "")}`,
        )?.[1];
        return parent === String(process.pid)
          ? [readFileSync(`/proc/${pid}/cmdline`, "latin1").replaceAll("\0", " ")]
          : [];
      } catch {
        return [];
      }
    })
    .filter((command) => command.includes("children/"));
}
