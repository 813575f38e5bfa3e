import { existsSync, readdirSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { isAgentOSError, type Language } from "@agentos/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parserProgram } from "../src/drivers/pool/program.js";
import { ParserPool } from "../src/parser-pool.js";
import { TreeSitterParser } from "../src/tree-sitter-parser.js";
import { caught, code, conforms } from "./parsers.js";
import { temporaryFolder } from "./temporary.js";

let pool: ParserPool;
beforeAll(async () => {
  pool = await ParserPool.open({ workers: 2 });
});
afterAll(() => pool.close());

conforms(() => pool);

/** A program for threads that does what a text says when it would answer, and else what the real one does. */
async function frailProgram(): Promise<string> {
  const folder = await temporaryFolder();
  const program = join(folder, "frail.mjs");
  await writeFile(
    program,
    `import { parentPort } from "node:worker_threads";
const texts = new Map();
parentPort.on("message", ({ id, question }) => texts.set(id, question.text));
const send = parentPort.postMessage.bind(parentPort);
parentPort.postMessage = (answer) => {
  const text = texts.get(answer.id) ?? "";
  if (text.includes("exit the thread")) process.exit(3);
  if (text.includes("throw in the thread")) setImmediate(() => { throw new Error("thrown"); });
  if (text.includes("hang the thread")) for (;;);
  if (text.includes("fill the memory")) for (const all = []; ; ) all.push(new Array(100_000).fill(all.length));
  if (text.includes("wait a moment")) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
  if (!text.includes("throw in the thread")) send(answer);
};
await import(${JSON.stringify(pathToFileURL(parserProgram()).href)});
`,
  );
  return program;
}

/** A text that tells its number. */
const numbered = (number: number, more = ""): string => `def f${number}():\n    pass\n# ${more}\n`;
const definitionsOf = async (parser: ParserPool, text: string): Promise<readonly string[]> =>
  (await parser.facts("python", text)).definitions;

describe("answers", () => {
  test("are those of a TreeSitterParser", async () => {
    await using parser = await TreeSitterParser.open();
    const text =
      "import { a } from './a.js';\n/** Adds. */\nexport function f(x: number) { return a + x + nowhere; }\n";
    expect(await pool.outline("typescript", text)).toEqual(await parser.outline("typescript", text));
    expect(await pool.names("typescript", text)).toEqual(await parser.names("typescript", text));
    expect(await pool.metrics("typescript", text)).toEqual(await parser.metrics("typescript", text));
    expect(await pool.facts("typescript", text)).toEqual(await parser.facts("typescript", text));
    expect(await pool.parseOnly("typescript", text)).toBeUndefined();
    expect(pool.outlineVersion).toBe(parser.outlineVersion);
    expect(pool.languages).toEqual(parser.languages);
  });

  test("come to those who asked, whatever the order", async () => {
    const numbers = Array.from({ length: 300 }, (_, number) => number);
    const found = await Promise.all(
      numbers.map((number) => definitionsOf(pool, numbered(number, "x = 1\n".repeat((number * 37) % 500)))),
    );
    expect(found).toEqual(numbers.map((number) => [`f${number}`]));
  });

  test("are the same in this thread, before any other is started", async () => {
    await using lazy = await ParserPool.open({ inThreadMs: 10_000 }, "/nowhere.js");
    expect(await definitionsOf(lazy, numbered(1))).toEqual(["f1"]);
    expect(await caught(lazy.facts("cobol" as Language, ""))).toSatisfy(code("PROJECT_LANGUAGE_UNKNOWN"));
    expect(await caught(lazy.outline("cobol" as Language, ""))).toSatisfy(code("PROJECT_LANGUAGE_UNKNOWN"));
  });
});

describe("bounds", () => {
  test("a text that is too long, slow or large is refused, and the next one is not", async () => {
    await using small = await ParserPool.open({
      workers: 1,
      maxTextLength: 600_000,
      maxNodes: 5_000,
      parseTimeoutMs: 1,
    });
    expect(await caught(small.facts("python", "x = 1\n".repeat(200_000)))).toSatisfy(
      code("PROJECT_PARSE_FAILED"),
    );
    await small.facts("javascript", "1");
    const slow = await caught(small.facts("javascript", "a = [1, 2, { b: c }];\n".repeat(25_000)));
    expect(slow).toSatisfy(code("PROJECT_PARSE_FAILED"));
    expect(String(slow)).toContain("longer than 1 ms");
    expect((await small.facts("javascript", "let a;")).ok).toBe(true);
  });

  test("a tree that is too large is refused", async () => {
    await using small = await ParserPool.open({ workers: 1, maxNodes: 50 });
    expect(await caught(small.facts("python", "x = 1\n".repeat(50)))).toSatisfy(code("PROJECT_PARSE_FAILED"));
    expect((await small.facts("python", "x = 1")).ok).toBe(true);
  });

  test("wrong options and texts are refused", async () => {
    const error = await caught(ParserPool.open({ threads: 3 } as never));
    expect(error).toSatisfy(code("OPTIONS_INVALID"));
    expect(String(error)).toContain("unknown key threads");
    expect(await caught(ParserPool.open({ workers: 0 }))).toSatisfy(code("OPTIONS_INVALID"));
    expect(await caught(pool.facts("python", 3 as never))).toSatisfy(code("INPUT_INVALID"));
    expect(await caught(pool.facts((() => {}) as never, ""))).toBeInstanceOf(Error);
    expect((await pool.facts("python", "x = 1")).ok).toBe(true);
  });
});

describe("a thread that breaks", () => {
  test.each([
    ["exits", "exit the thread"],
    ["throws", "throw in the thread"],
    ["hangs", "hang the thread"],
    ["runs out of memory", "fill the memory"],
  ])("%s costs its text alone", async (_what, text) => {
    await using frail = await ParserPool.open(
      { workers: 1, parseTimeoutMs: 500, graceMs: 1_000, maxNodes: 1_000 },
      await frailProgram(),
    );
    const asked = Array.from({ length: 12 }, (_, number) =>
      definitionsOf(frail, numbered(number, number % 5 === 3 ? text : "")),
    );
    const came = await Promise.allSettled(asked);
    for (const [number, result] of came.entries()) {
      if (number % 5 === 3)
        expect(result.status === "rejected" && result.reason).toSatisfy(code("PROJECT_PARSE_FAILED"));
      else expect(result).toEqual({ status: "fulfilled", value: [`f${number}`] });
    }
  });

  test("is not started over and over", async () => {
    await using none = await ParserPool.open({ workers: 2 }, join(await temporaryFolder(), "none.js"));
    const asked = await Promise.allSettled([1, 2, 3].map((number) => definitionsOf(none, numbered(number))));
    for (const result of asked)
      expect(result.status === "rejected" && result.reason).toSatisfy(code("PROJECT_WORKER_FAILED"));
  });

  test("is done without where this thread may be used", async () => {
    const program = join(await temporaryFolder(), "none.js");
    await using none = await ParserPool.open({ workers: 2, inThreadMs: 1 }, program);
    const numbers = Array.from({ length: 50 }, (_, number) => number);
    const found = await Promise.all(numbers.map((number) => definitionsOf(none, numbered(number))));
    expect(found).toEqual(numbers.map((number) => [`f${number}`]));
  });

  test("of another version is not used", async () => {
    const program = join(await temporaryFolder(), "old.mjs");
    await writeFile(
      program,
      `import { parentPort } from "node:worker_threads";
parentPort.on("message", () => {});
parentPort.postMessage({ type: "ready", outlineVersion: 0 });`,
    );
    await using old = await ParserPool.open({ workers: 1 }, program);
    const error = await caught(old.facts("python", ""));
    expect(error).toSatisfy(code("PROJECT_WORKER_FAILED"));
    expect(String((error as Error).cause)).toContain("makes outlines of version 0");
  });
});

describe("the calling thread", () => {
  /** Longer than what it parses. */
  const long = (more: string): string => numbered(1, more) + "x = 1\n".repeat(25_000);

  test("takes no long text: one that ends a thread does not come near it", async () => {
    await using frail = await ParserPool.open({ workers: 1, inThreadMs: 600_000 }, await frailProgram());
    expect(await caught(frail.outline("python", long("exit the thread")))).toSatisfy(
      code("PROJECT_PARSE_FAILED"),
    );
    expect(await definitionsOf(frail, long("harmless"))).toEqual(["f1"]);
  });

  test.each([
    ["ended", "exit the thread"],
    ["hung", "hang the thread"],
  ])("never takes a text over which a thread %s, whatever is asked of it", async (_what, harm) => {
    await using frail = await ParserPool.open(
      { workers: 1, inThreadMs: 600_000, parseTimeoutMs: 500, graceMs: 1_000 },
      await frailProgram(),
    );
    // A thread is started for it, and takes what comes next.
    expect(await definitionsOf(frail, long("harmless"))).toEqual(["f1"]);
    expect(await caught(frail.outline("python", numbered(1, harm)))).toSatisfy(code("PROJECT_PARSE_FAILED"));
    for (const again of [
      frail.outline("python", numbered(1, harm)),
      frail.names("python", numbered(1, harm)),
      frail.metrics("python", numbered(1, harm)),
      frail.facts("python", numbered(1, harm)),
    ]) {
      const error = await caught(again);
      expect(error).toSatisfy(code("PROJECT_PARSE_FAILED"));
      expect(String(error)).toContain("not tried again");
    }
    // The next one is left to a thread, too: this thread would have answered it.
    expect(await caught(frail.outline("python", numbered(2, harm)))).toSatisfy(code("PROJECT_PARSE_FAILED"));
    expect(await definitionsOf(frail, numbered(3))).toEqual(["f3"]);
  });

  test("gives up a slow text within a second, and a thread finishes it", async () => {
    await using two = await ParserPool.open({ workers: 1, inThreadMs: 600_000, parseTimeoutMs: 60_000 });
    // The grammar takes some seconds for so many here-documents that do not end.
    const slow = `f() { :; }\n${"<<A\n".repeat(8_000)}`;
    let longest = 0;
    let last = performance.now();
    const tick = (): void => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    };
    const beat = setInterval(tick, 5);
    const { symbols } = await two.outline("bash", slow);
    clearInterval(beat);
    tick();
    expect(symbols.map(({ name }) => name)).toEqual(["f"]);
    expect(longest).toBeLessThan(1_500);
  }, 60_000);

  test("where no thread starts, long and slow texts are refused and all others answered", async () => {
    const program = join(await temporaryFolder(), "none.js");
    await using none = await ParserPool.open({ workers: 2, inThreadMs: 1 }, program);
    const numbers = Array.from({ length: 30 }, (_, number) => number);
    const asked = await Promise.allSettled(
      numbers.map((number) => definitionsOf(none, number % 10 === 3 ? long("") : numbered(number))),
    );
    for (const [number, result] of asked.entries()) {
      if (number % 10 !== 3) expect(result).toEqual({ status: "fulfilled", value: [`f${number}`] });
      else {
        const error = result.status === "rejected" && result.reason;
        expect(error).toSatisfy(code("PROJECT_PARSE_FAILED"));
        expect(String(error)).toContain("Threads for parsing do not start");
      }
    }
    expect(await caught(none.outline("python", long("later")))).toSatisfy(code("PROJECT_PARSE_FAILED"));
  });
});

describe("cancelling", () => {
  test("ends the wait of what is queued and of what is under way, and nothing else", async () => {
    await using slow = await ParserPool.open({ workers: 1 }, await frailProgram());
    const stop = new AbortController();
    const cancelled = Array.from({ length: 200 }, (_, number) =>
      slow.facts("python", numbered(number, "wait a moment"), { signal: stop.signal }),
    );
    const kept = definitionsOf(slow, numbered(7));
    setTimeout(() => stop.abort(new Error("enough")), 300);
    for (const result of await Promise.allSettled(cancelled))
      if (result.status === "rejected") expect(result.reason).toSatisfy(code("ABORTED"));
    const started = performance.now();
    expect(await kept).toEqual(["f7"]);
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  test("in storms loses no other answer", async () => {
    const answers = await Promise.all(
      Array.from({ length: 400 }, async (_, number) => {
        const stop = new AbortController();
        const asked = pool.facts("python", numbered(number), { signal: stop.signal });
        if (number % 3 === 0) setTimeout(() => stop.abort(), number % 17);
        return asked.then(
          ({ definitions }) => definitions[0] === `f${number}`,
          (error: unknown) => number % 3 === 0 && isAgentOSError(error, "ABORTED"),
        );
      }),
    );
    expect(answers.every((isRight) => isRight)).toBe(true);
    expect(await definitionsOf(pool, numbered(1))).toEqual(["f1"]);
  });
});

describe("priority", () => {
  test("who asks goes before an index, which is not held up for good", async () => {
    await using one = await ParserPool.open({ workers: 1 }, await frailProgram());
    await one.facts("python", "");
    const order: string[] = [];
    const ask = (name: string, priority: "bulk" | "interactive"): Promise<unknown> =>
      one.outline("python", "# wait a moment", { priority }).then(() => order.push(name));
    await Promise.all([
      ...Array.from({ length: 8 }, (_, number) => ask(`bulk ${number}`, "bulk")),
      ...Array.from({ length: 20 }, (_, number) => ask(`ask ${number}`, "interactive")),
    ]);
    // Two were in the thread before anything else was asked.
    expect(order.slice(0, 2)).toEqual(["bulk 0", "bulk 1"]);
    expect(order.slice(2, 10).every((name) => name.startsWith("ask"))).toBe(true);
    expect(order[10]).toBe("bulk 2");
    expect(order.filter((name) => name.startsWith("ask"))).toEqual(
      Array.from({ length: 20 }, (_, number) => `ask ${number}`),
    );
  });
});

describe("the life of threads", () => {
  /** What keeps the process alive. */
  const awake = (): number =>
    process.getActiveResourcesInfo().filter((name) => name === "MessagePort").length;
  const canCount = existsSync("/proc/self/task");
  const threads = (): number => readdirSync("/proc/self/task").length;

  test("they keep the process alive while something is asked, and no longer", async () => {
    const before = awake();
    await using frail = await ParserPool.open({ workers: 1 }, await frailProgram());
    await frail.facts("python", "");
    expect(awake()).toBe(before);
    const asked = frail.facts("python", "# wait a moment");
    await nextTurn();
    expect(awake()).toBeGreaterThan(before);
    await asked;
    expect(awake()).toBe(before);
  });

  test("they are replaced after their part of texts, and nothing is lost", async () => {
    await using worn = await ParserPool.open({ workers: 2, textsPerWorker: 3 });
    const numbers = Array.from({ length: 20 }, (_, number) => number);
    expect(await Promise.all(numbers.map((number) => definitionsOf(worn, numbered(number))))).toEqual(
      numbers.map((number) => [`f${number}`]),
    );
  });

  test.skipIf(!canCount)("they end when nothing is asked for a while, and start again", async () => {
    await using idle = await ParserPool.open({ workers: 1, idleMs: 1_000 });
    const before = threads();
    await idle.facts("python", "");
    expect(threads()).toBe(before + 1);
    await expect.poll(threads, { timeout: 20_000 }).toBe(before);
    expect(await definitionsOf(idle, numbered(1))).toEqual(["f1"]);
  });

  test("closing waits for what was asked, and refuses what is asked then", async () => {
    const before = canCount ? threads() : 0;
    const short = await ParserPool.open({ workers: 2 }, await frailProgram());
    const asked = Array.from({ length: 10 }, (_, number) =>
      definitionsOf(short, numbered(number, "wait a moment")),
    );
    const closing = short.close();
    expect(await caught(short.facts("python", ""))).toSatisfy(code("CLOSED"));
    expect(await Promise.all(asked)).toEqual(asked.map((_, number) => [`f${number}`]));
    await closing;
    await short.close();
    if (canCount) expect(threads()).toBeLessThanOrEqual(before);
  });

  test("closing ends a thread that hangs over a text that nobody waits for", async () => {
    const short = await ParserPool.open({ workers: 1 }, await frailProgram());
    await short.facts("python", "");
    const signal = AbortSignal.timeout(100);
    expect(await caught(short.facts("python", "# hang the thread", { signal }))).toSatisfy(code("ABORTED"));
    const started = performance.now();
    await short.close();
    expect(performance.now() - started).toBeLessThan(4_000);
  });
});

test("2,000 large parses do not grow memory", async () => {
  await using two = await ParserPool.open({ workers: 2 });
  const text = "def f(a, b):\n    return [a, b, {'c': (a + b) * 2}]\n".repeat(150);
  const parse = async (count: number): Promise<number> => {
    for (let done = 0; done < count; done += 20)
      await Promise.all(Array.from({ length: 20 }, () => two.outline("python", text)));
    return process.memoryUsage().rss;
  };
  const warm = await parse(300);
  expect((await parse(2_000)) - warm).toBeLessThan(64 * 1_048_576);
}, 240_000);

describe("an admission", () => {
  /** Lets so many in, and counts them. */
  function gate(places: number) {
    const waiting: (() => void)[] = [];
    const counts = { within: 0, most: 0, admitted: 0 };
    let free = places;
    const leave = (): void => {
      counts.within -= 1;
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    };
    const enter = async (): Promise<() => void> => {
      if (free === 0) await new Promise<void>((resolve) => waiting.push(resolve));
      else free -= 1;
      counts.within += 1;
      counts.admitted += 1;
      counts.most = Math.max(counts.most, counts.within);
      return leave;
    };
    const wanted = async (): Promise<boolean> => waiting.length > 0;
    return { counts, admission: { enter, wanted } };
  }

  test("lets threads in while they work, and has all places back when nothing is asked", async () => {
    const { counts, admission } = gate(2);
    await using one = await ParserPool.open({ workers: 3, admission });
    await using other = await ParserPool.open({ workers: 3, admission });
    const all = Array.from({ length: 200 }, (_, number) =>
      [one, other].map((each) => definitionsOf(each, numbered(number))),
    );
    const answers = await Promise.all(all.flat());
    expect(answers.map(([name]) => name)).toEqual(all.flatMap((_, number) => [`f${number}`, `f${number}`]));
    expect(counts.most).toBe(2);
    await expect.poll(() => counts.within).toBe(0);
    // A thread that waits for work holds none.
    expect(await definitionsOf(one, numbered(1))).toEqual(["f1"]);
    await expect.poll(() => counts.within).toBe(0);
  });

  test("that lets nobody in for a while holds up, and does not lose, what is asked", async () => {
    const { counts, admission } = gate(1);
    const leave = await admission.enter();
    await using held = await ParserPool.open({ workers: 2, admission });
    const answer = definitionsOf(held, numbered(7));
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(counts.admitted).toBe(1);
    leave();
    expect(await answer).toEqual(["f7"]);
  });

  test("has a place back in the midst of work for which somebody else waits", async () => {
    const { counts, admission } = gate(1);
    await using busy = await ParserPool.open({ workers: 1, admission });
    const text = "def f(a):\n    return [a, a * 2]\n".repeat(4_000);
    let done = 0;
    const all = Array.from({ length: 40 }, (_, number) =>
      busy.outline("python", `${text}\nx = ${number}\n`, { priority: "bulk" }).then(() => {
        done += 1;
      }),
    );
    await expect.poll(() => done).toBeGreaterThan(0);
    const leave = await admission.enter();
    await new Promise((resolve) => setTimeout(resolve, 50));
    const atTurn = done;
    await new Promise((resolve) => setTimeout(resolve, 300));
    const later = done;
    leave();
    await Promise.all(all);
    expect(atTurn).toBeLessThan(all.length);
    // Nothing is done without a place.
    expect(later).toBe(atTurn);
    expect(counts.most).toBe(1);
    await expect.poll(() => counts.within).toBe(0);
  }, 60_000);

  test("that others have used up does not hold up who waits, if there is a calling thread", async () => {
    const { counts, admission } = gate(1);
    await using warm = await ParserPool.open({ workers: 1, inThreadMs: 1, admission });
    const text = "def f(a):\n    return [a, a * 2]\n".repeat(400);
    const some = Array.from({ length: 20 }, (_, number) =>
      warm.outline("python", `${text}\nx = ${number}\n`),
    );
    await Promise.all(some);
    expect(counts.admitted).toBeGreaterThan(0);
    await expect.poll(() => counts.within).toBe(0);
    const leave = await admission.enter();
    expect(await definitionsOf(warm, numbered(3))).toEqual(["f3"]);
    const bulk = warm.outline("python", numbered(4), { priority: "bulk" });
    const first = await Promise.race([bulk, new Promise((resolve) => setTimeout(resolve, 300, "waits"))]);
    expect(first).toBe("waits");
    leave();
    await bulk;
  }, 60_000);

  test("that breaks bounds nothing", async () => {
    const admission = { enter: () => Promise.reject(new Error("broken")) };
    await using free = await ParserPool.open({ workers: 2, admission });
    expect(await definitionsOf(free, numbered(8))).toEqual(["f8"]);
    expect(await caught(ParserPool.open({ admission: {} } as never))).toSatisfy(code("OPTIONS_INVALID"));
  });

  test("is not asked by what is done in this thread", async () => {
    const { counts, admission } = gate(1);
    await using lazy = await ParserPool.open({ inThreadMs: 60_000, admission });
    expect(await definitionsOf(lazy, numbered(9))).toEqual(["f9"]);
    expect(counts.admitted).toBe(0);
  });
});
