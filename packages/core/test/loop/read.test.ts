import { describe, expect, test } from "vitest";
import { readCandidate, readTask } from "../../src/index.js";

describe("files by path", () => {
  test("names that objects have anyway are kept", () => {
    const files = { "a.js": "1", constructor: "2", prototype: "3", "toString/x": "4" };
    expect(Object.entries(readCandidate({ id: "c", files }).files)).toEqual(Object.entries(files));
    const task = readTask({ id: "t", prompt: "p", language: "python", files });
    expect(Object.entries(task.files ?? {})).toEqual(Object.entries(files));
  });

  test("__proto__ is refused by name, not dropped", () => {
    const files = JSON.parse('{ "a.js": "1", "__proto__": "2" }');
    expect(() => readCandidate({ id: "c", files })).toThrow(/__proto__/);
    expect(() => readTask({ id: "t", prompt: "p", language: "python", files })).toThrow(/__proto__/);
  });

  test("wrong paths and contents are named", () => {
    expect(() => readCandidate({ id: "c", files: { "../a": "1" } })).toThrow(
      /files\.\.\.\/a: must be a relative/,
    );
    expect(() => readCandidate({ id: "c", files: { a: 1 } })).toThrow(/files\.a: must be text or null/);
    expect(() => readCandidate({ id: "c", files: [] })).toThrow(/must map paths/);
    expect(() => readCandidate({ id: "c", files: {} })).toThrow(/at least one file/);
  });
});
