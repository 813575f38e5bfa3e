import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isAgentOSError, type RunRequest } from "@agentos/core";
import * as fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { Sandbox, type SandboxOptions } from "../src/index.js";
import { readRequest } from "../src/request.js";

const cacheDir = mkdtempSync(join(tmpdir(), "agentos-fuzz-"));
// Without a driver, what is valid ends in an error with a code as well, and nothing runs.
const sandbox = await Sandbox.open({ cacheDir, drivers: [] });
afterAll(async () => {
  await sandbox.close();
  rmSync(cacheDir, { recursive: true });
});

const GOOD: RunRequest = {
  language: "python",
  files: { "main.py": "print(1)" },
  entry: "main.py",
  args: ["a"],
  stdin: "x",
  needs: ["filesystem"],
  limits: { wallMs: 1000 },
  driver: "namespace",
};

/** Whatever JavaScript can hand over, with shapes that break careless readers. */
const anything = fc.oneof(
  fc.anything({
    withBigInt: true,
    withBoxedValues: true,
    withDate: true,
    withMap: true,
    withNullPrototype: true,
    withObjectString: true,
    withSet: true,
    withSparseArray: true,
    withTypedArray: true,
    withUnicodeString: true,
  }),
  fc.constantFrom<unknown>(
    Number.NaN,
    Number.POSITIVE_INFINITY,
    -0,
    2 ** 53,
    "\0",
    "../x",
    "__proto__",
    "constructor",
    "x".repeat(100_000),
    Symbol("s"),
    () => {},
    new Proxy({}, {}),
    Object.create({ wallMs: 1 }),
    JSON.parse('{"__proto__": {"language": "python"}, "constructor": 1}'),
    new (class {
      language = "python";
    })(),
    new Uint8Array(8),
    new Uint8Array(new SharedArrayBuffer(8)),
    Array.from({ length: 2000 }, () => "x"),
    Object.freeze([]),
  ),
);

/** A good request with some of its members replaced, added or taken away. */
const nearlyGood = fc
  .array(
    fc.tuple(
      fc.oneof(
        fc.constantFrom(...Object.keys(GOOD), "__proto__", "toString", "integrity", "signal", "then"),
        fc.string(),
      ),
      anything,
      fc.boolean(),
    ),
    { maxLength: 3 },
  )
  .map((changes) => {
    const request: Record<string, unknown> = { ...GOOD };
    for (const [key, value, gone] of changes) {
      if (gone) delete request[key];
      else
        Object.defineProperty(request, key, { value, enumerable: true, configurable: true, writable: true });
    }
    return request as unknown;
  });

/** Throws unless `work` ends well or with an error that has a code. */
async function coded(work: () => unknown): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!isAgentOSError(error)) throw error;
  }
}

describe("whatever is handed over is valid or refused with a code", () => {
  test("run requests", async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(nearlyGood, anything), async (request) => {
        await coded(() => readRequest(request as RunRequest));
        await coded(() => sandbox.run(request as RunRequest));
      }),
      { numRuns: 500 },
    );
  });

  test("paths of files", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string(),
          fc.constantFrom("__proto__", "a/../b", "CON", "a\\b", " ", "é", "\u0000", "a/"),
        ),
        fc.oneof(fc.string(), fc.uint8Array()),
        async (path, content) => {
          const files = Object.fromEntries([[path, content]]);
          await coded(() => {
            const read = readRequest({ language: "python", files, entry: path });
            // What is accepted stays below the working folder, under the name that was given.
            expect([...read.files.keys()]).toEqual([path]);
            expect(/^\/|(^|\/)\.\.?(\/|$)|\0|\\/.test(path)).toBe(false);
          });
        },
      ),
      { numRuns: 500 },
    );
  });

  test("verify: tasks, candidates and options", async () => {
    const task = {
      id: "t",
      prompt: "p",
      language: "python" as const,
      tests: { visible: [{ path: "test_a.py", content: "" }] },
    };
    const candidate = { id: "c", files: { "solution.py": "" } };
    await fc.assert(
      fc.asyncProperty(anything, fc.constantFrom(0, 1, 2), async (value, place) => {
        const given = [task, candidate, {}].map((good, index) =>
          index !== place
            ? good
            : typeof value === "object" && value !== null
              ? { ...good, ...value }
              : value,
        ) as unknown as Parameters<typeof sandbox.verify>;
        await coded(() => sandbox.verify(...given));
      }),
      { numRuns: 300 },
    );
  });

  test("options of open", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), anything, async (key, value) => {
        const options = { cacheDir, drivers: [], [key]: value } as unknown as SandboxOptions;
        await coded(async () => (await Sandbox.open(options)).close());
        await coded(async () => (await Sandbox.open(value as SandboxOptions)).close());
      }),
      { numRuns: 200 },
    );
  });

  test("members that throw when they are read", async () => {
    const trap = (): never => {
      throw new Error("read");
    };
    const getter = Object.defineProperty({ ...GOOD }, "limits", { get: trap, enumerable: true });
    const proxy = new Proxy({ ...GOOD }, { get: trap, ownKeys: trap });
    for (const request of [getter, proxy])
      await expect(sandbox.run(request as RunRequest)).rejects.toThrow("read");
  });

  test("a request that changes while it is read is checked as it is used", async () => {
    let reads = 0;
    const files = new Proxy(
      {},
      {
        ownKeys: () => ["main.py"],
        getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true, value: "" }),
        get: () => (reads++ === 0 ? "print(1)" : 7),
      },
    );
    await coded(() => {
      const read = readRequest({ language: "python", files, entry: "main.py" });
      const kinds = [...read.files.values()].map((content) => typeof content);
      expect(kinds.every((kind) => kind === "string")).toBe(true);
    });
  });
});
