import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Candidate, Language, Task } from "@agentos/core";
import { AgentOS } from "@agentos/sdk";
import { afterEach, beforeEach, expect, it } from "vitest";

const MARKER = "hidden-marker-4e1f";
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "agentos-hidden-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Case {
  readonly task: Task;
  readonly candidates: readonly Candidate[];
}

function javascript(): Case {
  const test = (value: string, name: string) =>
    `import test from "node:test"; import assert from "node:assert/strict"; import { f } from "./solution.js";
     test("${name}", () => assert.equal(f(1), ${value}, "${name} ${value}"));`;
  const spy = `import { readdirSync, readFileSync } from "node:fs";
    let stolen = "";
    for (const file of readdirSync(".")) { try { stolen += readFileSync(file, "utf8"); } catch {} }
    console.log(stolen); console.error(stolen);
    export const f = (x) => { if (stolen.includes(["${MARKER.slice(0, 6)}", "${MARKER.slice(6)}"].join(""))) throw new Error(stolen); return 2; };`;
  return {
    task: loose("javascript", [{ path: "visible.test.js", content: test("2", "shown") }], {
      path: `${MARKER}.test.js`,
      content: test("3", MARKER),
    }),
    candidates: [
      { id: "passes-visible", files: { "solution.js": "export const f = () => 2;" } },
      { id: "steals", files: { "solution.js": spy } },
    ],
  };
}

function python(): Case {
  const test = (value: string, name: string) =>
    `from solution import f\ndef test_${name.replaceAll("-", "_")}():\n    assert f(1) == ${value}, "${name}"\n`;
  const spy = `import os, sys
stolen = "".join(open(name).read() for name in os.listdir(".") if name.endswith(".py"))
print(stolen); print(stolen, file=sys.stderr)
def f(x):
    if "".join(["${MARKER.slice(0, 6)}", "${MARKER.slice(6)}"]) in stolen: raise ValueError(stolen)
    return 2
`;
  return {
    task: loose("python", [{ path: "test_visible.py", content: test("2", "shown") }], {
      path: "test_hidden.py",
      content: test("3", MARKER),
    }),
    candidates: [
      { id: "passes-visible", files: { "solution.py": "def f(x):\n    return 2\n" } },
      { id: "steals", files: { "solution.py": spy } },
    ],
  };
}

function loose(
  language: Language,
  visible: readonly { path: string; content: string }[],
  hidden: { path: string; content: string },
): Task {
  return { id: `hidden-${language}`, prompt: "Write f", language, tests: { visible, hidden: [hidden] } };
}

it.each([
  ["JavaScript", javascript],
  ["Python", python],
])(
  "hidden tests of %s appear in no brief, feedback, memory, event, log or file",
  async (_language, make) => {
    const { task, candidates } = make();
    const seen: unknown[] = [];
    const log = (fields: object, message: string): void => void seen.push(fields, message);
    const os = await AgentOS.open({
      dir: join(folder, ".agentos"),
      logger: { debug: log, info: log, warn: log, error: log },
      needs: "none",
    });
    os.loop.events.onAny((name, data) => seen.push(name, data));
    const left = [...candidates];
    const solution = await os.solve(task, async (brief, feedback) => {
      seen.push(brief, feedback);
      return left.splice(0, 1);
    });
    const again = await os.brief({ ...task, id: "another" });
    const explained = await Promise.all(solution.outcomes.map(({ id }) => os.explain(id)));
    const stats = await os.stats();
    const replayed = await os.replay(solution.solveId);
    await os.close();

    // The cases are real: the visible test passed, the hidden one ran and refused both candidates.
    expect(solution.status).toBe("failed");
    for (const outcome of solution.outcomes) {
      expect(outcome.verdict.tests.map(({ visibility, status }) => [visibility, status])).toEqual([
        ["visible", "passed"],
        ["hidden", "failed"],
      ]);
    }
    expect(JSON.stringify([seen, solution, again, explained, stats, replayed])).not.toContain(MARKER);
    for (const path of filesUnder(folder)) expect(readFileSync(path).includes(MARKER), path).toBe(false);
    expect((await storedText(join(folder, ".agentos", "store", "level"))).includes(MARKER)).toBe(false);
  },
  120_000,
);

function filesUnder(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path).flatMap((name) => filesUnder(join(path, name)));
}

/** The slice of a LevelDB binding that is used here. */
interface Database {
  iterator(): AsyncIterable<[string, string]>;
  close(): Promise<void>;
}

/** Every key and value of the database: its files are compressed, so that reading their bytes alone proves little. */
async function storedText(location: string): Promise<string> {
  const require = createRequire(new URL("../packages/store/package.json", import.meta.url));
  const { Level } = require("level") as { Level: new (location: string) => Database };
  const database = new Level(location);
  let text = "";
  for await (const [key, value] of database.iterator()) text += `${key}=${value}\n`;
  await database.close();
  expect(text).toContain("passes-visible");
  return text;
}
