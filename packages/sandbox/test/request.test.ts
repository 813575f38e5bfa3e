import { isAgentOSError } from "@agentos/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { collision, pathProblem } from "../src/paths.js";
import { readRequest } from "../src/request.js";

/** Paths as attackers and careless programs write them. */
const part = fc.oneof(
  fc.constantFrom(
    "..",
    ".",
    "",
    "a",
    "A",
    "b.py",
    "con",
    "é",
    "e\u0301",
    "\\",
    "a\\b",
    "C:",
    "\0",
    "\n",
    "~",
  ),
  fc.string({ maxLength: 8, unit: "binary" }),
);
const anyPath = fc.array(part, { maxLength: 5 }).map((parts) => parts.join("/"));

describe("paths", () => {
  test("what is accepted stays inside on every platform", () => {
    fc.assert(
      fc.property(anyPath, (path) => {
        if (pathProblem(path) !== undefined) return;
        // Resolved by other rules than those of the check: as a URL, and as a Windows path.
        expect(path.split(/[\\/]/)).not.toContain("..");
        expect(/^(?:[\\/]|[A-Za-z]:)/.test(path)).toBe(false);
        expect(path).not.toMatch(/\0/);
        expect(Buffer.from(path).toString()).toBe(path);
        expect(path.split("/").every((name) => name !== "" && name !== ".")).toBe(true);
      }),
      { numRuns: 5000 },
    );
  });

  test.each(["/a", "../a", "a/../b", "a//b", "a/", "./a", "", "a\\..\\b", "C:/a", "a\0", "a\nb", "\ud800"])(
    "%j is refused",
    (path) => expect(pathProblem(path)).toBeTypeOf("string"),
  );

  test.each(["a", "a/b.py", ".env", "src/a..b", "...", "ä/日本.js", "constructor", "__proto__"])(
    "%j is fine",
    (path) => expect(pathProblem(path)).toBeUndefined(),
  );

  test("collisions are found as a simple model finds them", () => {
    const name = fc.constantFrom("a", "A", "a/b", "A/b", "a/b/c", "b", "é", "e\u0301", "b/a");
    fc.assert(
      fc.property(fc.uniqueArray(name), (paths) => {
        const folded = paths.map((path) => path.normalize("NFC").toLowerCase());
        const expected = folded.some((path, index) =>
          folded.some(
            (other, position) => position !== index && (other === path || other.startsWith(`${path}/`)),
          ),
        );
        expect(collision(paths) !== undefined).toBe(expected);
      }),
    );
  });
});

describe("requests", () => {
  const good = { language: "python", files: { "a.py": "" }, entry: "a.py" } as const;

  test("a good one is filled in", () => {
    expect(readRequest({ ...good, stdin: "é" })).toMatchObject({ args: [], stdin: Buffer.from("é") });
    const names = readRequest({ ...good, files: { "a.py": "", constructor: "x" } });
    expect([...names.files.keys()]).toEqual(["a.py", "constructor"]);
  });

  test.each([
    ["unknown language", { ...good, language: "cobol" }],
    ["unknown key", { ...good, colour: 1 }],
    ["entry not there", { ...good, entry: "b.py" }],
    ["path out", { ...good, files: { "a.py": "", "../b": "" } }],
    ["colliding paths", { ...good, files: { "a.py": "", "A.py": "" } }],
    ["file that is a folder", { ...good, files: { "a.py": "", "a.py/b": "" } }],
    ["content of another type", { ...good, files: { "a.py": 1 } }],
    ["NUL in an argument", { ...good, args: ["a\0b"] }],
    ["empty needs", { ...good, needs: [] }],
    ["unknown need", { ...good, needs: ["luck"] }],
    ["limit of 0", { ...good, limits: { wallMs: 0 } }],
    ["limit that is no number", { ...good, limits: { memoryBytes: Number.NaN } }],
    ["limit beyond all bounds", { ...good, limits: { outputBytes: 1e15 } }],
    ["unknown limit", { ...good, limits: { seconds: 1 } }],
  ])("refused by code: %s", (_name, request) => {
    expect(() => readRequest(request as never)).toThrow(
      expect.objectContaining({ code: "SANDBOX_REQUEST_INVALID" }),
    );
  });

  test("anything at all is read or refused with the code", () => {
    const like = fc.record(
      {
        language: fc.oneof(fc.constantFrom("python", "go"), fc.anything()),
        files: fc.oneof(fc.dictionary(anyPath, fc.oneof(fc.string(), fc.uint8Array())), fc.anything()),
        entry: fc.oneof(anyPath, fc.anything()),
        args: fc.anything(),
        stdin: fc.anything(),
        needs: fc.anything(),
        limits: fc.anything(),
        driver: fc.anything(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(like, fc.anything()), (value) => {
        try {
          const request = readRequest(value as never);
          expect(request.files.has(request.entry)).toBe(true);
          for (const path of request.files.keys()) expect(pathProblem(path)).toBeUndefined();
        } catch (error) {
          if (!isAgentOSError(error, "SANDBOX_REQUEST_INVALID")) throw error;
        }
      }),
      { numRuns: 2000 },
    );
  });
});
