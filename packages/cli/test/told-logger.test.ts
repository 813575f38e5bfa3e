import { AgentOSError } from "@agentos/core";
import { expect, test } from "vitest";
import { toldLogger } from "../src/told-logger.js";

test("a fault of ours is told with where it is, all else on one line", () => {
  const lines: string[] = [];
  const logger = toldLogger((line) => lines.push(line));
  logger.debug({}, "nothing");
  logger.info({}, "nothing");
  const itself: Record<string, unknown> = {};
  itself["self"] = itself;
  logger.warn({ error: new Error("too long"), dir: "/a", itself }, "not handled");
  logger.error({ error: new AgentOSError("STORE_CORRUPT", "Run the check.") }, "not closed");
  logger.error({ error: new TypeError("x is undefined"), tool: "verify" }, "A tool failed");
  expect(lines.slice(0, 2)).toEqual([
    "warning: not handled error=too long dir='/a' itself=<ref *1> { self: [Circular *1] }",
    "error: not closed error=STORE_CORRUPT: Run the check.",
  ]);
  expect(lines[2]).toMatch(/^error: A tool failed error=TypeError: x is undefined\n +at .*told-logger\.test/);
  expect(lines.length).toBe(3);
});
