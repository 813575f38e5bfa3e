import assert from "node:assert/strict";
import { test } from "vitest";
import { pyodideDriver } from "../../src/drivers/pyodide.js";
import { withDriver } from "./one-shot.js";
import { leavesNoTraces } from "./one-shot-traces.js";

await withDriver(pyodideDriver, "pyodide", (opened) => {
  test("chance is fresh in every run, though all start from one snapshot", async () => {
    const program = "import random, uuid\nprint(random.random(), uuid.uuid4(), hash('a'))";
    const first = (await opened.run({ "main.py": program })).result.stdout.split(" ");
    const second = (await opened.run({ "main.py": program })).result.stdout.split(" ");
    for (const place of [0, 1]) assert.notEqual(first[place], second[place]);
  }, 30_000);

  leavesNoTraces(opened, "main.py", "print(1)");
});
