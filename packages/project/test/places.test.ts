import { join } from "node:path";
import { isAgentOSError } from "@agentos/core";
import { Store } from "@agentos/store";
import { expect, onTestFinished, test } from "vitest";
import { ProjectIndex } from "../src/project-index.js";
import { temporaryFolder } from "./temporary.js";

async function openIndex(files: Readonly<Record<string, string>>): Promise<ProjectIndex> {
  const store = await Store.open({ dir: join(await temporaryFolder(), "store") });
  const index = await ProjectIndex.open({ root: await temporaryFolder(files), store });
  onTestFinished(async () => {
    await index.close();
    await store.close();
  });
  await index.index();
  return index;
}

const FILES = {
  "src/date.ts":
    "export class Clock {\n  now() {\n    return 1;\n  }\n}\nexport const parse = () => new Clock().now();\n",
  "src/other.ts": "export const parse = 2;\n",
  "test/date.test.ts": 'import { parse } from "../src/date.js";\nparse();\n',
  "pkg/find.go": "package pkg\nfunc (c *Command) Find(name string) {}\ntype Command struct{}\n",
};

test("what a person writes is a file, a name or a place", async () => {
  const index = await openIndex(FILES);
  expect(await index.places("src/date.ts")).toEqual([{ path: "src/date.ts" }]);
  expect(await index.places("Clock.now")).toEqual([{ path: "src/date.ts", at: { line: 2, column: 2 } }]);
  expect(await index.places("src/date.ts:6")).toEqual([{ path: "src/date.ts", at: { line: 6, column: 13 } }]);
  // The method, and not the receiver, whose name comes first.
  expect(await index.places("pkg/find.go:2")).toEqual([{ path: "pkg/find.go", at: { line: 2, column: 18 } }]);
  expect(await index.places("test/date.test.ts:2")).toEqual([
    { path: "test/date.test.ts", at: { line: 2, column: 0 } },
  ]);
  expect(await index.places("src/date.ts:6:4")).toEqual([
    { path: "src/date.ts", at: { line: 6, column: 3 } },
  ]);
  expect(await index.places("src/date.ts:5")).toEqual([]);
  expect(await index.places("nothing")).toEqual([]);
  expect(await index.places("parse", { limit: 1 })).toHaveLength(1);
  expect((await index.places("parse")).map(({ path }) => path).sort()).toEqual([
    "src/date.ts",
    "src/other.ts",
  ]);
});

test.each([
  ["src/none.ts", "PROJECT_FILE_UNKNOWN"],
  ["../x.ts", "PROJECT_PATH_OUTSIDE"],
  ["src/date.ts:0", "INPUT_INVALID"],
  ["src/date.ts:1:0", "INPUT_INVALID"],
])("%s is refused as %s", async (what, code) => {
  const index = await openIndex(FILES);
  await expect(index.places(what)).rejects.toSatisfy((error) => isAgentOSError(error, code));
});

test("tests are listed by their names", async () => {
  const index = await openIndex({ ...FILES, "pkg/a_test.go": "package a\n", "src/testing.ts": "" });
  expect(await index.tests()).toEqual(["pkg/a_test.go", "test/date.test.ts"]);
  const own = join(index.root, "test/date.test.ts");
  expect(await index.tests({ paths: [own, "pkg", "./src/date.ts"] })).toEqual([
    "pkg/a_test.go",
    "src/date.ts",
    "test/date.test.ts",
  ]);
  expect(await index.tests({ paths: ["."] })).toEqual(await index.tests());
  for (const [paths, code] of [
    [["src"], "PROJECT_FILE_UNKNOWN"],
    [["test/none.ts"], "PROJECT_FILE_UNKNOWN"],
    [["../a.test.ts"], "PROJECT_PATH_OUTSIDE"],
  ] as const)
    await expect(index.tests({ paths })).rejects.toSatisfy((error) => isAgentOSError(error, code));
});
