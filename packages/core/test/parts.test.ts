import { describe, expect, it } from "vitest";
import {
  AgentOSError,
  Events,
  estimateTokens,
  isAgentOSError,
  isSafePath,
  Lifecycle,
  timeSortedIds,
} from "../src/index.js";

describe("Lifecycle", () => {
  it("waits for tracked work, closes in reverse, once, and gathers failures", async () => {
    const order: string[] = [];
    const lifecycle = new Lifecycle("Thing");
    lifecycle.add(async () => void order.push("first"));
    lifecycle.add(async () => {
      order.push("second");
      throw new Error("stuck");
    });
    let release: () => void = () => {};
    const tracked = lifecycle.track(async () => {
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      order.push("work");
    });
    const closing = lifecycle.close();
    expect(lifecycle.close()).toBe(closing);
    expect(() => lifecycle.guard()).toThrow(/closed/);
    release();
    await tracked;
    await expect(closing).rejects.toMatchObject({ code: "CLOSE_FAILED" });
    expect(order).toEqual(["work", "second", "first"]);
  });
});

describe("Events", () => {
  it("goes on when a listener throws or unsubscribes while told", () => {
    const errors: unknown[] = [];
    const events = new Events<{ a: number; b: string }>((error) => errors.push(error));
    const heard: unknown[] = [];
    const stop = events.on("a", (value) => {
      heard.push(value);
      stop();
    });
    events.on("a", () => {
      throw new Error("bad listener");
    });
    events.on("a", (value) => heard.push(value * 10));
    events.emit("a", 1);
    events.emit("a", 2);
    events.emit("b", "x");
    expect(heard).toEqual([1, 10, 20]);
    expect(errors).toHaveLength(2);
  });
});

describe("AgentOSError", () => {
  it("is recognised across copies of the package, by code", async () => {
    const error = new AgentOSError("A_CODE", "do this", { cause: new Error("why"), details: { path: "x" } });
    expect(isAgentOSError(error)).toBe(true);
    expect(isAgentOSError(error, "OTHER")).toBe(false);
    expect(isAgentOSError(new Error("A_CODE"))).toBe(false);
    const foreign = Object.assign(new Error("x"), { code: "A_CODE", [Symbol.for("agentos.error")]: true });
    expect(isAgentOSError(foreign, "A_CODE")).toBe(true);
  });
});

describe("isSafePath", () => {
  it.each(["a.js", "src/a b.js", "ü/…/x", "..a/b.."])("accepts %s", (path) =>
    expect(isSafePath(path)).toBe(true),
  );
  it.each(["", "/a", "a/", "a//b", "./a", "a/../b", "..", "a\\b", "C:a", "a\0b", "a\nb", "x".repeat(513)])(
    "refuses %j",
    (path) => expect(isSafePath(path)).toBe(false),
  );
});

describe("timeSortedIds", () => {
  it("sorts by time, also when the clock stands still or goes back", () => {
    const times = [5_000, 5_000, 4_000, 6_000, 6_001];
    const ids = timeSortedIds(() => times.shift() ?? 0);
    const made = Array.from({ length: 5 }, ids);
    expect([...made].sort()).toEqual(made);
    expect(new Set(made).size).toBe(5);
  });
});

describe("estimateTokens", () => {
  it("grows with the text and is zero for nothing", () => {
    expect(estimateTokens("")).toBe(0);
    expect(estimateTokens("const a = 1;")).toBeGreaterThan(3);
    const code = "function add(one, two) { return one + two; }\n";
    expect(estimateTokens(code.repeat(10))).toBe(10 * estimateTokens(code));
  });
});
