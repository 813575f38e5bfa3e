import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Language } from "@agentos/core";
import { describe, expect, it } from "vitest";
import { readExercises } from "../main-job/exercises.js";

const folder = fileURLToPath(new URL("../tasks/", import.meta.url));
const exercises = await readExercises(folder);
const candidates = exercises.flatMap((exercise) => exercise.candidates);

interface Entry {
  readonly expected: string;
  readonly mistake?: string;
  readonly note: string;
  readonly proposer: { readonly agent: string; readonly model: string };
}

const entries = (
  await Promise.all(
    exercises.map(async ({ task }) => {
      const text = await readFile(join(folder, task.id, "candidates.json"), "utf8");
      return JSON.parse(text) as Entry[];
    }),
  )
).flat();

describe("the example tasks", () => {
  it("are enough in each language", () => {
    const count = (...languages: Language[]): number =>
      exercises.filter(({ task }) => languages.includes(task.language)).length;
    expect(exercises.length).toBeGreaterThanOrEqual(16);
    expect(count("javascript")).toBeGreaterThanOrEqual(2);
    expect(count("typescript")).toBeGreaterThanOrEqual(2);
    expect(count("javascript", "typescript")).toBeGreaterThanOrEqual(5);
    expect(count("python")).toBeGreaterThanOrEqual(5);
    expect(count("go")).toBeGreaterThanOrEqual(5);
  });

  it("have three to six candidates each, wrong ones and right ones", () => {
    for (const { candidates: own } of exercises) {
      expect(own.length).toBeGreaterThanOrEqual(3);
      expect(own.length).toBeLessThanOrEqual(6);
      expect(new Set(own.map(({ expected }) => expected)).size).toBe(2);
    }
    const passing = candidates.filter(({ expected }) => expected === "pass").length / candidates.length;
    expect(passing).toBeGreaterThan(0.38);
    expect(passing).toBeLessThan(0.46);
    const firstWrong = exercises.filter(({ candidates: [first] }) => first?.expected === "fail").length;
    expect(Math.abs(firstWrong / exercises.length - 0.5)).toBeLessThanOrEqual(0.1);
  });

  it("are wrong in the ways in which models are wrong", () => {
    const count = (mistake: string): number => entries.filter((entry) => entry.mistake === mistake).length;
    expect(count("infinite-loop")).toBeGreaterThanOrEqual(1);
    for (const mistake of ["early-exit", "does-not-parse", "undefined-name", "wrong-api", "off-by-one"]) {
      expect(count(mistake), mistake).toBeGreaterThanOrEqual(2);
    }
    expect(entries.every((entry) => (entry.mistake === undefined) === (entry.expected === "pass"))).toBe(
      true,
    );
  });

  it("name the task after its folder and give candidates distinct code", () => {
    for (const { task, candidates: own } of exercises) {
      expect(new Set(own.map(({ candidate }) => candidate.id)).size).toBe(own.length);
      expect(new Set(own.map(({ candidate }) => Object.values(candidate.files)[0])).size).toBe(own.length);
      for (const { candidate } of own) expect(Object.keys(candidate.files)).toEqual([task.entryFile]);
    }
  });

  it("need neither files nor network, and no more of node:assert than small engines have", () => {
    const tests = exercises.flatMap(({ task }) => [
      ...(task.tests?.visible ?? []),
      ...(task.tests?.hidden ?? []),
    ]);
    for (const { path, content } of tests) {
      const imports = [...content.matchAll(/(?:from|import) "([^"]+)"/g)].map((match) => match[1]);
      const allowed = [
        "node:test",
        "node:assert/strict",
        "./solution.js",
        "./solution.ts",
        "testing",
        "strings",
      ];
      expect(
        imports.filter((name) => name && !allowed.includes(name)),
        path,
      ).toEqual([]);
      const used = new Set([...content.matchAll(/assert\.(\w+)/g)].map((match) => match[1]));
      for (const name of used) expect(["ok", "equal", "deepEqual", "throws", "rejects"]).toContain(name);
    }
  });
});
