import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Exercise } from "../../main-job/exercises.js";
import { HELD_OUT_SHARE, isHeldOut, splitExercise } from "../../main-job/split.js";

function exercise(id: string, files: readonly string[]): Exercise {
  return {
    task: { id, prompt: "p", language: "javascript" },
    candidates: files.map((file) => ({
      candidate: { id: file, files: { "solution.js": "" } },
      file,
      expected: "pass",
    })),
  };
}

describe("the held-out split", () => {
  it("depends on the names alone, by the published rule", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (taskId, file) => {
        const hex = createHash("sha256").update(`${taskId}/${file}`).digest("hex").slice(0, 8);
        expect(isHeldOut(taskId, file)).toBe(Number.parseInt(hex, 16) / 2 ** 32 < 0.35);
      }),
    );
  });

  it("holds out about its share", () => {
    const names = Array.from({ length: 5_000 }, (_, index) => `task-${index}`);
    const held = names.filter((name) => isHeldOut(name, "1.js")).length;
    expect(Math.abs(held / names.length - HELD_OUT_SHARE)).toBeLessThan(0.03);
  });

  it("puts every candidate in exactly one part, in file order, and leaves one to propose", () => {
    const files = fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), files, (id, names) => {
        const { training, heldOut } = splitExercise(exercise(id, names));
        expect(training.length).toBeGreaterThan(0);
        const inOrder = names.filter((name) => [...training, ...heldOut].some(({ file }) => file === name));
        expect(inOrder).toEqual(names);
        expect(training.length + heldOut.length).toBe(names.length);
        expect(training.map(({ file }) => names.indexOf(file))).toEqual(
          training.map(({ file }) => names.indexOf(file)).sort((one, other) => one - other),
        );
      }),
    );
  });
});
