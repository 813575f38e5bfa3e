import { LANGUAGES } from "@agentos/core";
import { defaultDrivers, Sandbox } from "@agentos/sandbox";
import {
  type Arena,
  type CaseResult,
  DRIVER_NAMES,
  type DriverName,
  HOSTILE_CASES,
  type HostileCase,
  plantSentinels,
  runCase,
  runControl,
} from "../../packages/sandbox/hostile/index.js";
import type { PartResult } from "../lib/parts.js";
import { mapConcurrently } from "../lib/pool.js";
import { Progress } from "../lib/progress.js";
import { type BenchContext, runs } from "./context.js";

/** Cases that wait more than they work run so many at one time. */
const WAITING_AT_ONCE = 4;

interface Cell {
  readonly item: HostileCase;
  readonly driver: DriverName;
}

/** Runs every hostile program on every driver that is here, each with its control. */
export async function hostilePart(context: BenchContext): Promise<PartResult> {
  const cells = HOSTILE_CASES.flatMap((item) =>
    item.drivers
      .filter((driver) => runs(context, driver, item.language))
      .map((driver): Cell => ({ item, driver })),
  );
  const progress = new Progress(context.progress, "hostile programs", cells.length);
  const plant = await plantSentinels();
  const sandbox = await Sandbox.open({ cacheDir: context.cacheDir, drivers: defaultDrivers() });
  const results: CaseResult[] = [];
  try {
    const arena: Arena = { sandbox, plant };
    const controls = new Map<string, Promise<readonly string[]>>();
    const run = async ({ item, driver }: Cell): Promise<void> => {
      const key = JSON.stringify([driver, item.language, item.kind === "cheat" ? item.honest : item.control]);
      const control = controls.get(key) ?? runControl(arena, item, driver);
      controls.set(key, control);
      const works = await control.catch((error: Error) => [error.message]);
      const result = await runCase(arena, item, driver).catch(
        (error: Error): CaseResult => ({ item, driver, failed: item.numbers, problems: [error.message] }),
      );
      results.push(
        works.length === 0
          ? result
          : { ...result, failed: item.numbers, problems: [...works, ...result.problems] },
      );
    };
    const options = { signal: context.signal, onDone: () => progress.tick() };
    await mapConcurrently(
      cells.filter(({ item }) => !item.waits),
      run,
      { ...options, concurrency: 1 },
    );
    await mapConcurrently(
      cells.filter(({ item }) => item.waits),
      run,
      { ...options, concurrency: WAITING_AT_ONCE },
    );
  } finally {
    progress.end();
    await sandbox.close();
    await plant.close();
  }
  return summary(results);
}

function summary(results: readonly CaseResult[]): PartResult {
  const applied = new Set(results.flatMap(({ item }) => item.numbers));
  const failed = new Set(results.flatMap((result) => result.failed));
  const notes = results
    .filter(({ problems }) => problems.length > 0)
    .map(
      ({ item, driver, failed: numbers, problems }) =>
        `hostile: ${driver} ${item.language}, ${numbers.join(", ")} ${item.name}: ${problems[0]?.slice(0, 200)}`,
    );
  const languages = LANGUAGES.filter((language) => results.some(({ item }) => item.language === language));
  const drivers = DRIVER_NAMES.filter((name) => results.some(({ driver }) => driver === name));
  return {
    metrics: [
      { name: "hostile.total", value: applied.size, unit: "count", target: { atLeast: 75 } },
      {
        name: "hostile.contained",
        value: applied.size - failed.size,
        unit: "count",
        target: { atLeast: applied.size },
      },
    ],
    notes: [
      `hostile: ${results.length} cells on ${drivers.join(", ")} in ${languages.join(", ")}; numbers not contained: ${[...failed].sort((one, other) => one - other).join(", ") || "none"}`,
      ...notes,
    ],
  };
}
