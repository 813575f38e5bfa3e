import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Sandbox } from "@agentos/sandbox";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { checkFile, type HumanEvalProblem, pythonCandidate } from "../../datasets/humaneval.js";
import { type StrengthenedProblem, strengthen } from "../../verify/strengthen.js";

let sandbox: Sandbox;
let cacheDir: string;
const signal = new AbortController().signal;

beforeAll(async () => {
  cacheDir = await mkdtemp(join(tmpdir(), "agentos-bench-test-"));
  sandbox = await Sandbox.open({ cacheDir });
});

afterAll(async () => {
  await sandbox?.close();
  await rm(cacheDir, { recursive: true, force: true });
});

/** A problem of our own; `body` and `asserts` are lines of Python. */
function problem(parameters: string, body: string, ...asserts: readonly string[]): HumanEvalProblem {
  const prompt = `def own(${parameters}):\n`;
  const check = `def check(candidate):\n${asserts.map((line) => `    ${line}\n`).join("")}`;
  const solution = `    ${body.replaceAll("\n", "\n    ")}\n`;
  return {
    task: {
      id: "Own/0",
      prompt,
      language: "python",
      tests: { hidden: [checkFile(check, "own")] },
    },
    entryPoint: "own",
    prompt,
    solution,
    canonical: pythonCandidate("canonical", prompt + solution),
  };
}

async function passes({ problem, task }: StrengthenedProblem, body?: string): Promise<boolean> {
  const candidate = body ? pythonCandidate("other", problem.prompt + body) : problem.canonical;
  return (await sandbox.verify(task, candidate)).passed;
}

/** Rows of the generated test, as `(args), expected` in Python. */
function rows({ task }: StrengthenedProblem): readonly string[] {
  const text = task.tests?.hidden?.[1]?.content ?? "";
  return [...text.matchAll(/^ {8}\((\(.*\), .*)\),$/gm)].flatMap(([, row]) => row ?? []);
}

/** The first argument of each row, where all arguments and results are JSON too. */
function firstArguments(strengthened: StrengthenedProblem): readonly unknown[] {
  return rows(strengthened).map((row) =>
    JSON.parse(`[${row.slice(1, row.indexOf(", ), "))}]`.replaceAll("'", '"')).at(0),
  );
}

const ADULT = problem(
  "age",
  "return age < 18",
  "assert candidate(5) == True",
  "assert candidate(40) == False",
);

test("a boundary mutant that the published tests miss is killed; the published solution passes", async () => {
  const strengthened = await strengthen({ sandbox, signal }, ADULT);
  expect(strengthened.generated).toBe(rows(strengthened).length);
  expect(await passes(strengthened)).toBe(true);
  const mutant = pythonCandidate("mutant", `${ADULT.prompt}    return age <= 18\n`);
  expect((await sandbox.verify(ADULT.task, mutant)).passed).toBe(true);
  expect(await passes(strengthened, "    return age <= 18\n")).toBe(false);
  // The published tests come first and stay as they are.
  expect(strengthened.task.tests?.hidden?.[0]).toEqual(ADULT.task.tests?.hidden?.[0]);
});

test("the same problem gets the same tests", async () => {
  const words = problem(
    "text",
    "return sorted(set(text.split()))",
    "assert candidate('b a b') == ['a', 'b']",
    "assert candidate('one two') == ['one', 'two']",
  );
  const [one, other] = [
    await strengthen({ sandbox, signal }, words),
    await strengthen({ sandbox, signal }, words),
  ];
  expect(one.generated).toBeGreaterThan(50);
  expect(other.task).toEqual(one.task);
});

test("numbers keep to the range of the seeds, lists to their length, sign, order and distinctness", async () => {
  const integer = fc.integer({ min: -30, max: 30 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(integer, { maxLength: 6 }), { minLength: 1, maxLength: 5 }),
      async (seeds) => {
        const asserts = seeds.map((seed) => `assert candidate(${JSON.stringify(seed)}) == ${seed.length}`);
        const strengthened = await strengthen(
          { sandbox, signal },
          problem("items", "return len(items)", ...asserts),
        );
        const generated = firstArguments(strengthened) as number[][];
        expect(generated).toHaveLength(strengthened.generated);
        const known = new Set(seeds.map((seed) => JSON.stringify(seed)));
        const all = seeds.flat();
        const low = Math.min(...all) > 0 ? 1 : Math.min(...all);
        const high = Math.max(...all) < 0 ? -1 : Math.max(...all);
        const telling = [
          ...new Set(seeds.filter((seed) => seed.length > 1).map((seed) => JSON.stringify(seed))),
        ];
        const distinct = telling.length >= 3 && telling.every((text) => isDistinct(JSON.parse(text)));
        const ascending = telling.length >= 3 && telling.every((text) => isAscending(JSON.parse(text)));
        for (const items of generated) {
          expect(known.has(JSON.stringify(items)), "a seed again, or twice").toBe(false);
          known.add(JSON.stringify(items));
          expect(items.length).toBeLessThanOrEqual(Math.max(...seeds.map((seed) => seed.length)));
          if (seeds.every((seed) => seed.length > 0)) expect(items.length).toBeGreaterThan(0);
          for (const item of items) {
            expect(Number.isSafeInteger(item)).toBe(true);
            expect(item).toBeGreaterThanOrEqual(low);
            expect(item).toBeLessThanOrEqual(high);
          }
          if (distinct) expect(isDistinct(items)).toBe(true);
          if (ascending) expect(isAscending(items)).toBe(true);
        }
        expect(await passes(strengthened)).toBe(true);
      },
    ),
    { numRuns: 12 },
  );
}, 120_000);

const isDistinct = (items: readonly number[]): boolean => new Set(items).size === items.length;
const isAscending = (items: readonly number[]): boolean =>
  items.every((item, index) => index === 0 || (items[index - 1] ?? item) <= item);

test("texts keep to the characters of the seeds, to balanced brackets, and are not empty", async () => {
  const nested = problem(
    "text",
    "return text.count('(')",
    "assert candidate('(())') == 2",
    "assert candidate('()(()())') == 4",
  );
  const generated = firstArguments(await strengthen({ sandbox, signal }, nested)) as string[];
  expect(generated.length).toBeGreaterThan(5);
  for (const text of generated) {
    expect(text).toMatch(/^[()]{1,8}$/);
    let rest = text;
    while (rest.includes("()")) rest = rest.replace("()", "");
    expect(rest, text).toBe("");
  }
});

test("words keep their own balanced brackets, and lists of one sign stay so, where all seeds do", async () => {
  const groups = problem(
    "text",
    "return text.count('(')",
    "assert candidate('(()) ()') == 3",
    "assert candidate('() ((())) (()())') == 7",
  );
  const texts = firstArguments(await strengthen({ sandbox, signal }, groups)) as string[];
  expect(texts.length).toBeGreaterThan(5);
  for (const word of texts.flatMap((text) => text.split(" "))) {
    let rest = word;
    while (rest.includes("()")) rest = rest.replace("()", "");
    expect(rest, word).toBe("");
  }
  const signs = problem(
    "items",
    "return len(items)",
    "assert candidate([1, 5, 3]) == 3",
    "assert candidate([-2, -9]) == 2",
    "assert candidate([4, 0, 4]) == 3",
  );
  const lists = firstArguments(await strengthen({ sandbox, signal }, signs)) as number[][];
  expect(lists.some((items) => items.some((item) => item < 0))).toBe(true);
  for (const items of lists) {
    expect(items.some((item) => item < 0) && items.some((item) => item > 0), `${items}`).toBe(false);
  }
});

test("types stay, and so do relations between arguments that all seeds keep", async () => {
  const typed = problem(
    "values, weights, take, exact, table",
    [
      "assert len(values) == len(weights) and 0 <= take <= len(values)",
      "assert all(type(one) is int for one in values) and all(type(one) is float for one in weights)",
      "assert type(exact) is bool and all(type(key) is str and type(one) is tuple for key, one in table.items())",
      "return sum(values[:take])",
    ].join("\n"),
    "assert candidate([1, 2], [0.5, 1.5], 1, True, {'a': (1, 2)}) == 1",
    "assert candidate([4, 9, 3], [0.5, 2.5, 1.0], 2, False, {'b': (3, 9), 'c': (4, 4)}) == 13",
    "assert candidate([7], [0.25], 1, True, {'d': (5, 6)}) == 7",
    "assert candidate([], [], 0, True, {}) == 0",
  );
  // What the solution refuses is dropped, so a solution that refuses nothing must get no such input.
  const refusing = typed.solution;
  const open = problem(
    "values, weights, take, exact, table",
    "return sum(values[:take])",
    ...(typed.task.tests?.hidden?.[0]?.content.match(/assert .*/g) ?? []),
  );
  const strengthened = await strengthen({ sandbox, signal }, open);
  expect(strengthened.generated).toBeGreaterThan(50);
  expect(await passes(strengthened, refusing)).toBe(true);
});

test("inputs that the published solution refuses, never ends on, or has no literal result for are left out", async () => {
  const picky = problem(
    "n",
    "while n == 7:\n    pass\nif n == 8:\n    raise ValueError(n)\nif n == 9:\n    return float('inf')\nif n == 6:\n    return 'x' * 5000\nreturn n",
    "assert candidate(1) == 1",
    "assert candidate(12) == 12",
  );
  const strengthened = await strengthen({ sandbox, signal }, picky);
  expect([...(firstArguments(strengthened) as number[])].sort((one, other) => one - other)).toEqual([
    2, 3, 4, 5, 10, 11,
  ]);
});

test.each([
  ["by another function", "assert abs(pow(candidate(3), 2) - 36) < 1e-4"],
  ["from a variable", "result = candidate(3)", "assert result == 6"],
  ["not at all", "candidate(3)"],
  ["with itself", "assert candidate(3) == candidate(3)"],
])("published tests that judge a result %s stay alone", async (_, ...asserts) => {
  const own = problem("n", "return n * 2", ...asserts);
  const strengthened = await strengthen({ sandbox, signal }, own);
  expect(strengthened).toMatchObject({ generated: 0, reason: expect.stringContaining("do not compare") });
  expect(strengthened.task).toBe(own.task);
});

test("a result is compared as the published tests compare it: as a tuple, by its truth, floats nearly", async () => {
  const pair = problem("n", "return [n, n]", "assert tuple(candidate(9)) == (9, 9), str(candidate(9))");
  expect(await passes(await strengthen({ sandbox, signal }, pair), "    return (n, n)\n")).toBe(true);
  const truth = problem("n", "return n > 3", "assert candidate(9)", "assert not candidate(2)");
  const strengthened = await strengthen({ sandbox, signal }, truth);
  expect(await passes(strengthened, "    return 1 if n > 3 else 0\n")).toBe(true);
  expect(await passes(strengthened, "    return 1 if n > 4 else 0\n")).toBe(false);
  const third = problem("x", "return [x / 3]", "assert candidate(9.0) == [3.0]", "assert candidate(2.5)");
  const near = await strengthen({ sandbox, signal }, third);
  expect(near.generated).toBeGreaterThan(5);
  expect(await passes(near, "    return [3.0 if x == 9 else x / 3 + 1e-9]\n")).toBe(true);
  expect(await passes(near, "    return [3.0 if x == 9 else x / 3 + 1e-3]\n")).toBe(false);
});

test("a problem whose published solution fails its own tests keeps them alone", async () => {
  const wrong = problem("n", "return n", "assert candidate(4) == 2");
  expect(await strengthen({ sandbox, signal }, wrong)).toMatchObject({
    generated: 0,
    reason: "the published solution fails its tests: AssertionError",
  });
});
