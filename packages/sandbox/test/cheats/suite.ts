import type { TestFile } from "@agentos/core";
import { expect, test } from "vitest";
import type { Sandbox } from "../../src/index.js";
import { task } from "../helpers.js";
import { PYTHON_CHEATS, PYTHON_FORMS, type PythonCheat } from "./python.js";

/** The tests that no cheat may pass. */
export const FORMS: readonly TestFile[] = Object.entries(PYTHON_FORMS).map(([name, form], index) => ({
  path: index === 0 ? "test_a.py" : `test_${name}.py`,
  ...form,
}));

/** Cheats by number and name. */
export const NAMED: readonly (readonly [string, PythonCheat])[] = PYTHON_CHEATS.map((cheat) => [
  `${cheat.number} ${cheat.name}`,
  cheat,
]);

export function filesOf(cheat: PythonCheat): Record<string, string> {
  return { ...cheat.files, "solution.py": cheat.code };
}

/** Holds the cheats against separate integrity on one driver. */
export function separateCheats(sandbox: Sandbox, cheats: typeof NAMED = NAMED): void {
  test.each(["separate", "shared"] as const)("the right answer passes: %s", async (integrity) => {
    const code = "def double(x, key=None): return 2 * x\ndef pair(x, key=None): return [x, 2 * x]\n";
    const verdict = await sandbox.verify(
      task("python", FORMS),
      { id: "honest", files: { "solution.py": code } },
      { integrity },
    );
    expect(verdict.reason).toMatch(/All \d+ tests passed/);
    expect(verdict).toMatchObject({ passed: true, integrity });
    expect(verdict).not.toHaveProperty("cheated");
  });

  test.each(cheats)("separate integrity accepts none, in any form of test: %s", async (_name, cheat) => {
    const verdict = await sandbox.verify(
      task("python", FORMS),
      { id: "cheat", files: filesOf(cheat) },
      { integrity: "separate", limits: { wallMs: cheat.number === 88 ? 2500 : 20_000 } },
    );
    expect(verdict).toMatchObject({ passed: false, integrity: "separate" });
    // It was judged, and not only too slow.
    if (cheat.number !== 88) expect(verdict.runs[0]).toMatchObject({ half: "judge", status: "exited" });
    for (const { path } of FORMS) {
      const own = verdict.tests.filter((item) => item.name === path || item.name.startsWith(`${path}: `));
      expect([path, own.length > 0 && own.every((item) => item.status === "passed")]).toEqual([path, false]);
    }
  });
}
