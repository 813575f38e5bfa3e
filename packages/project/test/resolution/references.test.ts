import { expect, test } from "vitest";
import { indexOf, positionOf, uses } from "./places.js";

const FILES = {
  "lib.ts": "export class Box {\n  open() {}\n}\nexport function make(): Box {\n  return new Box();\n}\n",
  "index.ts": 'export { make as create } from "./lib.js";\nexport * from "./lib.js";\n',
  "use.ts": 'import { Box, create } from "./index.js";\ncreate().open();\nlet box: Box;\n',
  "other.ts": "class Box { open() {} }\nnew Box().open();\n",
};

test("uses in every file, through re-exports under another name, with their roles", async () => {
  expect(await uses(FILES, "lib.ts", "function |make")).toEqual([
    "index.ts:1:9 import",
    "use.ts:1:14 import",
    "use.ts:2:0 call",
  ]);
});

test("another thing of the same name is not among them", async () => {
  expect(await uses(FILES, "lib.ts", "class |Box")).toEqual([
    "lib.ts:4:24 type",
    "lib.ts:5:13 call",
    "use.ts:1:9 import",
    "use.ts:3:9 type",
  ]);
});

test("a member is found by the type of its owner", async () => {
  expect(await uses(FILES, "lib.ts", "|open() {}")).toEqual(["use.ts:2:9 call"]);
});

test("asked from a use, and from an import, the answer is the same", async () => {
  const expected = await uses(FILES, "lib.ts", "function |make");
  expect(await uses(FILES, "use.ts", "\n|create()")).toEqual(expected);
  expect(await uses(FILES, "use.ts", ", |create")).toEqual(expected);
});

test("a default export is found under the name that each importer gives it", async () => {
  const files = {
    "a.ts": "export default function () {}\nexport const other = 1;\n",
    "b.ts": 'import first from "./a.js";\nfirst();\n',
  };
  expect(await uses(files, "b.ts", "\n|first")).toEqual(["b.ts:2:0 call"]);
});

test("a file that is asked before another name is known is asked for that, too", async () => {
  const files = {
    "a.ts": 'import * as api from "./b.js";\napi.parseDate();\n',
    "b.ts": 'export { parse as parseDate } from "./c.js";\n',
    "c.ts": "export function parse() {}\n",
  };
  expect(await uses(files, "c.ts", "function |parse")).toEqual(["a.ts:2:4 call", "b.ts:1:9 import"]);
});

test("no more than the limit; nothing where there is no name", async () => {
  const index = await indexOf(FILES);
  const at = positionOf(FILES["lib.ts"], "class |Box");
  expect(await index.references("lib.ts", at, { limit: 2 })).toHaveLength(2);
  expect(await index.references("lib.ts", { line: 3, column: 0 })).toEqual([]);
});

test("aborted, it says so", async () => {
  const index = await indexOf(FILES);
  const at = positionOf(FILES["lib.ts"], "class |Box");
  await expect(index.references("lib.ts", at, { signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: "ABORTED",
  });
});
