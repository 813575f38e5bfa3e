import { afterAll, describe, expect, test } from "vitest";
import { FORMS, filesOf, NAMED, separateCheats } from "./cheats/suite.js";
import { openNamespaceSandbox, task } from "./helpers.js";

const opened = await openNamespaceSandbox();

describe.skipIf(!opened)("cheats in the namespace driver", () => {
  if (!opened) return;
  const { sandbox, close } = opened;
  afterAll(close);

  separateCheats(sandbox);

  /** What stays possible in one process; the page on verdicts says so. */
  const POSSIBLE = [
    "90 reads the expected values from its caller",
    "90 reads the expected values from the garbage collector",
  ];

  test("one process accepts what is known, and calls cheats by their name", async () => {
    const accepted = new Set<string>();
    const told = new Set<number>();
    for (const [name, cheat] of NAMED) {
      if (cheat.number === 88) continue;
      for (const path of ["test_a.py", "test_unittest.py"]) {
        const form = FORMS.filter((file) => file.path === path).map((file) => ({
          ...file,
          path: "test_a.py",
        }));
        const verdict = await sandbox.verify(
          task("python", form),
          { id: "cheat", files: filesOf(cheat) },
          { integrity: "shared", limits: { wallMs: 2500 } },
        );
        if (verdict.passed) accepted.add(name);
        if (verdict.cheated) told.add(cheat.number);
      }
    }
    expect([...accepted]).toEqual(POSSIBLE);
    expect([...told].sort()).toEqual([83, 84, 86, 87, 89]);
  }, 120_000);
});
