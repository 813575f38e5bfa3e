import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { call, connect, projectWith, SHOP, SHOP_PATCH } from "./client.js";

test("a failing test is found, its code read and the mended project proved in three calls", async () => {
  const root = await projectWith(SHOP);
  const { client, errors } = await connect(root);
  const before = await call(client, "verify", {});
  expect(before.data).toMatchObject({ passed: false, passing: 1, failing: [{ name: "tax is added" }] });
  // The place that the failure names leads to what is tested.
  const place = /test\/price\.test\.js:\d+/.exec(before.text)?.[0];
  const symbol = await call(client, "symbol", { name: place, limit: 1 });
  expect(symbol.text).toContain("> export function withTax(items, rate) {");
  expect(symbol.data).toMatchObject({
    symbols: [
      {
        path: "src/price.js",
        line: 4,
        callers: [{ path: "test/price.test.js" }],
        callees: [{ path: "src/price.js", line: 1, name: "total" }],
      },
    ],
  });
  const after = await call(client, "verify", { patch: SHOP_PATCH, task: "Tax is taken off, not added" });
  expect(after.data).toMatchObject({ passed: true, passing: 2, failing: [], basis: "affected-tests" });
  expect(after.data["outcomeId"]).toBeTypeOf("string");
  // The project itself is as it was.
  expect(await readFile(join(root, "src/price.js"), "utf8")).toBe(SHOP["src/price.js"]);
  expect(errors()).toBe("");
});

test("each test that is named runs, or nothing is called passed", async () => {
  const root = await projectWith(SHOP);
  const { client } = await connect(root);
  const wrong = { "src/price.js": "export const total = () => 0;\n" };
  const refused = [
    { tests: ["test/typo.test.js"] },
    { tests: ["test/typo.test.js"], files: wrong },
    { tests: ["test/price.test.js", "test/typo.test.js"], patch: SHOP_PATCH },
    { tests: ["tax is added"] },
    { tests: ["/etc/passwd"] },
  ];
  for (const given of refused) {
    const { isError, text } = await call(client, "verify", given);
    expect({ isError, text }).toEqual({
      isError: true,
      text: expect.stringMatching(/^(?:MCP_NOTHING_TO_JUDGE|PROJECT_PATH_OUTSIDE): /),
    });
  }
  for (const tests of [["test"], ["."], [join(root, "test/price.test.js")], ["./test/price.test.js"]]) {
    const { data } = await call(client, "verify", { tests, patch: SHOP_PATCH });
    expect(data).toMatchObject({ passed: true, passing: 2, failed: 0, basis: "affected-tests" });
  }
});

test("a project of several languages is judged by the tests of each", async () => {
  const { client } = await connect(
    await projectWith({
      ...SHOP,
      "py/calc.py": "def double(x):\n    return x\n",
      "py/test_calc.py": "from calc import double\nassert double(2) == 4\n",
    }),
  );
  const all = await call(client, "verify", {});
  expect(all.data).toMatchObject({ passed: false, failed: 2 });
  const mended = await call(client, "verify", { patch: SHOP_PATCH, tests: ["test", "py"] });
  expect(mended.data).toMatchObject({ passed: false, passing: 2, failed: 1 });
  const python = { "py/calc.py": "def double(x):\n    return 2 * x\n" };
  const both = await call(client, "verify", { files: python, tests: ["py"] });
  expect(both.data).toMatchObject({ passed: true, passing: 1, failed: 0 });
});

test("many failures are counted, though not all are told", async () => {
  const many = Array.from({ length: 60 }, (_, n) => `test("t${n}", () => { throw new Error("no"); });`);
  const { client } = await connect(
    await projectWith({
      ...SHOP,
      "test/many.test.js": `import { test } from "node:test";\n${many.join("\n")}\n`,
    }),
  );
  const { data, text } = await call(client, "verify", { tests: ["test/many.test.js"] });
  expect(data).toMatchObject({ passed: false, passing: 0, failed: 60 });
  expect(data["failing"]).toHaveLength(50);
  expect(text).toContain("and 10 more.");
});

test("tests that come with a change have to pass, and prove nothing alone", async () => {
  const { client } = await connect(await projectWith(SHOP));
  const isPassed = (passes: boolean) =>
    `import { test } from "node:test";\ntest("new", () => { if (${!passes}) throw new Error("no"); });\n`;
  const mended = String(SHOP["src/price.js"]).replace("1 - rate", "1 + rate");
  const both = { "src/price.js": mended, "test/new.test.js": isPassed(true) };
  const good = await call(client, "verify", { files: both });
  expect(good.data).toMatchObject({
    passed: true,
    passing: 3,
    reason: expect.stringContaining("Brought by the candidate itself: test/new.test.js."),
  });
  expect(good.data["outcomeId"]).toBeTypeOf("string");
  for (const tests of [undefined, ["test"], ["test/new.test.js"]]) {
    const files = { ...both, "test/new.test.js": isPassed(false) };
    const bad = await call(client, "verify", { files, ...(tests && { tests }) });
    expect(bad.data, String(tests)).toMatchObject({ passed: tests?.[0] === "test" });
  }
  const alone = await call(client, "verify", { files: both, tests: ["test/new.test.js"] });
  expect(alone.data).toMatchObject({ passed: true, passing: 1 });
  expect(alone.data["outcomeId"]).toBeUndefined();
  const unreadable = { "test/new.test.ts": "const x: = 1;\n" };
  expect((await call(client, "verify", { files: unreadable })).data).toMatchObject({ passed: false });
});

test("a change that no test is known to cover is judged by all", async () => {
  const { client } = await connect(await projectWith(SHOP));
  const broken = await call(client, "verify", { files: { "package.json": "{ broken" } });
  expect(broken.data).toMatchObject({ passed: false });
  const untested = await connect(await projectWith({ "src/price.js": "export const total = 1;\n" }));
  const built = await call(untested.client, "verify", {
    files: { "src/price.js": "export const total = 2;\n" },
  });
  expect(built.data).toMatchObject({
    passed: true,
    passing: 0,
    reason: expect.stringMatching(/^The project has no tests, and none was run\./),
  });
  expect(built.data["outcomeId"]).toBeUndefined();
  const unrunnable = await connect(
    await projectWith({
      "src/add.ts": "export const add = 1;\n",
      "test/add.test.ts": 'import { test } from "vitest";\nimport "../src/add.js";\ntest("x", () => {});\n',
    }),
  );
  for (const given of [{}, { files: { "src/add.ts": "export const add = 2;\n" } }]) {
    const { isError, text } = await call(unrunnable.client, "verify", given);
    expect({ isError, text }).toEqual({
      isError: true,
      text: expect.stringMatching(
        /^MCP_NOTHING_TO_JUDGE: Nothing is proved: nothing here runs test\/add\.test\.ts/,
      ),
    });
  }
});

test("a change that does not fit is an error before anything is forecast, run or learned", async () => {
  const { client } = await connect(await projectWith(SHOP));
  const unfit = SHOP_PATCH.replace("total(items) * (1 - rate)", "total(items) - rate");
  const bare = SHOP_PATCH.replace("@@ -4,3 +4,3 @@", "@@");
  for (const [given, message] of [
    [{ patch: unfit }, /does not fit/],
    [{ patch: bare }, /@@ -line,count \+line,count @@/],
    [{ files: { ".git/config": "x" } }, /belongs to git/],
  ] as const)
    for (const name of ["verify", "forecast"]) {
      const { isError, text } = await call(client, name, { ...given, task: "Tax" });
      expect({ isError, text }).toEqual({
        isError: true,
        text: expect.stringMatching(/^MCP_CHANGE_UNFIT: /),
      });
      expect(text).toMatch(message);
    }
  const { data } = await call(client, "verify", { patch: SHOP_PATCH, task: "Tax" });
  const report = await client.readResource({ uri: `agentos://outcomes/${data["outcomeId"]}` });
  expect(JSON.stringify(report.contents)).toMatch(/50 %|0\.50?/);
});

test("what is cut, and a path at which there is nothing, is told", async () => {
  const many = Array.from({ length: 30 }, (_, n) => `export const a${n} = 1;`).join("\n");
  const { client } = await connect(await projectWith({ ...SHOP, "src/many.js": many }));
  const cut = await call(client, "search_code", { query: "export const", mode: "text" });
  expect(cut.data).toMatchObject({ more: true });
  expect(cut.text).toContain("and more");
  const whole = await call(client, "search_code", { query: "export const", mode: "text", limit: 30 });
  expect(whole.data["more"]).toBeUndefined();
  for (const [name, given] of [
    ["search_code", { query: "total", path: "nope" }],
    ["search_code", { query: "total", path: "src/*.js" }],
    ["symbol", { name: "total", path: "nope.js" }],
  ] as const) {
    const { isError, text } = await call(client, name, given);
    expect({ isError, text }).toEqual({
      isError: true,
      text: expect.stringContaining(`The project has no ${given.path}`),
    });
  }
});

test("what was learned of a change is told before the next one", async () => {
  const { client } = await connect(await projectWith(SHOP));
  const task = "Tax is taken off, not added";
  const change = { files: { "src/price.js": "export const total = () => 0;\n" }, task };
  const blind = await call(client, "forecast", change);
  expect(blind.data).toMatchObject({ evidence: 0 });
  const verdict = await call(client, "verify", change);
  expect(verdict.data).toMatchObject({ passed: false });
  const seen = await call(client, "forecast", change);
  expect(seen.data["evidence"]).toBe(1);
  expect(seen.data["probability"]).toBeLessThan(Number(blind.data["probability"]));
  const report = await client.readResource({ uri: `agentos://outcomes/${verdict.data["outcomeId"]}` });
  expect(JSON.stringify(report.contents)).toContain("src/price.js");
  const recorded = await call(client, "record_outcome", {
    task,
    patch: SHOP_PATCH,
    passed: true,
    by: "ci",
    reason: "green on main",
  });
  expect(recorded.data["outcomeId"]).toBeTypeOf("string");
  expect((await call(client, "forecast", { patch: SHOP_PATCH, task })).data["evidence"]).toBe(2);
  const again = await call(client, "record_outcome", {
    outcomeId: recorded.data["outcomeId"],
    passed: false,
    by: "person",
  });
  expect(again.isError).toBe(false);
});

test("what is remembered is recalled by another session, and is in the brief", async () => {
  const root = await projectWith(SHOP);
  const first = await connect(root);
  const kept = await call(first.client, "remember", {
    content: "Rates of tax are shares: 0.19 stands for 19 %.",
    kind: "fact",
    tags: ["tax"],
  });
  await first.close();
  const { client } = await connect(root);
  const found = await call(client, "recall", { query: "how is a tax rate written?" });
  expect(found.data).toMatchObject({ memories: [{ id: kept.data["id"], kind: "fact" }] });
  const brief = await client.getPrompt({ name: "brief", arguments: { task: "Add a tax rate for books" } });
  expect(JSON.stringify(brief.messages)).toContain("0.19 stands for 19 %");
  const list = await client.readResource({ uri: "agentos://memories" });
  expect(JSON.stringify(list.contents)).toContain("0.19 stands for 19 %");
});

test("impact and search follow the files as they change", async () => {
  const root = await projectWith(SHOP);
  const { client } = await connect(root);
  const impact = await call(client, "impact", { what: "total" });
  expect(impact.data).toMatchObject({
    dependents: [
      { path: "src/price.js", name: "withTax", steps: 1 },
      { path: "test/price.test.js", steps: 1 },
    ],
    tests: ["test/price.test.js"],
  });
  expect((await call(client, "impact", { what: "src/price.js:4" })).data).toMatchObject({
    tests: ["test/price.test.js"],
  });
  await writeFile(
    join(root, "src/cart.js"),
    'import { total } from "./price.js";\nexport const cart = () => total([]);\n',
  );
  const now = await call(client, "impact", { what: "total" });
  expect(JSON.stringify(now.data)).toContain("src/cart.js");
  const lines = await call(client, "search_code", { query: "total\\(\\[", mode: "regex" });
  expect(lines.data).toMatchObject({
    hits: [{ path: "src/cart.js", line: 2 }, { path: "test/price.test.js" }],
  });
  const best = await call(client, "search_code", { query: "withTax", limit: 1 });
  expect(best.data).toMatchObject({ hits: [{ path: "src/price.js", line: 4, symbol: "function withTax" }] });
  const map = await client.readResource({ uri: "agentos://map" });
  expect(JSON.stringify(map.contents)).toContain("withTax");
});

test("long work tells how far it is, in numbers that grow", async () => {
  const files = Object.fromEntries(
    Array.from({ length: 200 }, (_, number) => [
      `src/m${number}.js`,
      `export const v${number} = ${number};\n`,
    ]),
  );
  const { client } = await connect(await projectWith({ ...SHOP, ...files }));
  const told: number[] = [];
  await call(client, "search_code", { query: "v7" }, { onprogress: ({ progress }) => told.push(progress) });
  expect(told.length).toBeGreaterThan(1);
  expect(told).toEqual([...told].sort((one, other) => one - other));
});
