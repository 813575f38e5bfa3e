import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Language } from "@agentos/core";
import { afterAll, describe, expect, inject, test } from "vitest";
import { requirement } from "../../../../test/require.js";
import {
  CATALOGUE,
  type DriverName,
  HOSTILE_CASES,
  type HostileCase,
  notApplied,
  plantSentinels,
  runCase,
  runControl,
  Watch,
} from "../../hostile/index.js";
import { defaultDrivers, Sandbox } from "../../src/index.js";

/** What a driver is called in AGENTOS_REQUIRE. */
const REQUIREMENTS: Readonly<Record<DriverName, string>> = {
  namespace: "bubblewrap",
  isolate: "isolate",
  quickjs: "quickjs",
  pyodide: "pyodide",
};

/** Every hostile program of a driver and a language, each with its control, on a host with sentinels. */
export async function hostileSuite(driver: DriverName, languages: readonly Language[]): Promise<void> {
  // A folder of temporary files of its own: whatever is left in it was left by this suite.
  const temporary = mkdtempSync(join(tmpdir(), "agentos-hostile-"));
  process.env["TMPDIR"] = temporary;
  const watch = new Watch();
  const sandbox = await Sandbox.open({
    cacheDir: inject("cacheDir"),
    drivers: defaultDrivers().filter(({ name }) => name === driver),
  });
  const availability = (await sandbox.drivers())[0]?.availability;
  const reason = availability?.available === false ? `${availability.reason}; ${availability.remedy}` : "";
  const spoken = availability?.available ? availability.languages : [];
  const guarantees = availability?.available ? availability.guarantees : [];
  requirement(REQUIREMENTS[driver], availability?.available === true, reason);
  const plant = await plantSentinels();
  const arena = { sandbox, plant };
  const controls = new Map<string, Promise<readonly string[]>>();

  /** A control that several cases share works once for all of them. */
  function control(item: HostileCase): Promise<readonly string[]> {
    const key = JSON.stringify([item.language, item.kind === "cheat" ? item.honest : item.control]);
    const known = controls.get(key) ?? runControl(arena, item, driver);
    controls.set(key, known);
    return known;
  }

  afterAll(async () => {
    await sandbox.close();
    await plant.close();
    const left = await watch.settled();
    rmSync(temporary, { recursive: true });
    expect(left).toEqual([]);
  });

  for (const language of languages) {
    describe.skipIf(!spoken.includes(language))(`hostile ${language} in ${driver}`, () => {
      const cases = HOSTILE_CASES.filter(
        (item) => item.drivers.includes(driver) && item.language === language,
      );
      const run = (item: HostileCase) => async () => {
        expect(await control(item)).toEqual([]);
        const { problems } = await runCase(arena, item, driver);
        expect(problems).toEqual([]);
      };
      const name = (item: HostileCase) => `${item.numbers.join(", ")} ${item.name}`;
      // What ends by its memory can be held against a driver only where it promises that limit for the whole run.
      const unpromised = (item: HostileCase): boolean =>
        item.kind === "program" && item.ends.includes("memory") && !guarantees.includes("memory");
      for (const item of cases.filter(unpromised)) {
        test.skip(`${name(item)} (the driver does not promise "memory" here)`, () => {});
      }
      const held = cases.filter((item) => !unpromised(item));
      for (const item of held.filter(({ waits }) => !waits)) test(name(item), run(item), 120_000);
      describe("those that wait", () => {
        for (const item of held.filter(({ waits }) => waits)) {
          test.concurrent(name(item), run(item), 120_000);
        }
      });

      test("every other number of the catalogue is left out for a reason", () => {
        const left = notApplied(HOSTILE_CASES, driver, language);
        console.log(
          `${driver} ${language}: ${CATALOGUE.size - left.size} numbers apply.\n${[...left].map(([number, why]) => `  ${number} ${CATALOGUE.get(number)}: ${why}`).join("\n")}`,
        );
        expect([...left].filter(([, why]) => why === "?")).toEqual([]);
      });
    });
  }
}
