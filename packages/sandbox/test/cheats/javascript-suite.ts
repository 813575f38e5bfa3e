import { expect, test } from "vitest";
import type { Sandbox } from "../../src/index.js";
import { candidate, task } from "../helpers.js";
import { JAVASCRIPT_CHEATS, JAVASCRIPT_FORMS } from "./javascript.js";

const RIGHT = "exports.double = (x) => 2 * x;\nexports.pair = (x) => [x, 2 * x];\n";

/** No cheat passes where judge and candidate are apart; an honest program does. */
export function separateJavaScriptCheats(sandbox: Sandbox, forms: readonly string[], wallMs = 4000): void {
  for (const [form, file] of Object.entries(JAVASCRIPT_FORMS).filter(([name]) => forms.includes(name))) {
    const judge = (code: string) =>
      sandbox.verify(task("javascript", [file]), candidate("solution.js", code), {
        integrity: "separate",
        limits: { wallMs },
      });
    test(`${form}: the right answers pass`, async () => {
      const verdict = await judge(RIGHT);
      expect(verdict.reason).toMatch(/passed\.$/);
      expect(verdict.integrity).toBe("separate");
    });
    for (const cheat of JAVASCRIPT_CHEATS) {
      // One that hangs takes the whole wall time; one form says enough.
      if (cheat.number === 88 && form !== "framework") continue;
      test(`${form}: ${cheat.number} ${cheat.name}`, async () => {
        const verdict = await judge(cheat.code);
        expect(verdict.passed, JSON.stringify(verdict.tests)).toBe(false);
        expect(verdict.integrity).toBe("separate");
      });
    }
  }
}

/** What one process accepts, and the kinds of cheats that it calls by their name. */
export async function sharedJavaScriptCheats(sandbox: Sandbox): Promise<{
  readonly accepted: readonly string[];
  readonly told: readonly string[];
}> {
  const accepted: string[] = [];
  const told: string[] = [];
  for (const cheat of JAVASCRIPT_CHEATS.filter(({ number }) => number !== 88)) {
    const verdict = await sandbox.verify(
      task("javascript", Object.values(JAVASCRIPT_FORMS).slice(0, 1)),
      candidate("solution.js", cheat.code),
      { integrity: "shared", limits: { wallMs: 4000 } },
    );
    if (verdict.passed) accepted.push(`${cheat.number} ${cheat.name}`);
    if (verdict.cheated) told.push(`${cheat.number} ${cheat.name}`);
  }
  return { accepted, told };
}
