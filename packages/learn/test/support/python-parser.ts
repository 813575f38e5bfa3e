import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { SyntaxFacts, SyntaxParser } from "@agentos/core";
import { onTestFinished } from "vitest";

/** A real parser for tests: Python's own, in a child process that lives as long as the test. */
export async function pythonParser(): Promise<SyntaxParser | undefined> {
  const script = fileURLToPath(new URL("python_facts.py", import.meta.url));
  const child = spawn("python3", [script], { stdio: ["pipe", "pipe", "inherit"] });
  const started = await Promise.race([
    once(child, "spawn").then(() => true),
    once(child, "error").then(() => false),
  ]);
  if (!started) return undefined;
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  onTestFinished(async () => {
    child.stdin.end();
    if (child.exitCode === null) await once(child, "exit");
  });
  return {
    languages: ["python"],
    async facts(_language, text) {
      child.stdin.write(`${JSON.stringify({ text })}\n`);
      const { value, done } = await lines.next();
      if (done) throw new Error("the parser ended");
      return JSON.parse(value) as SyntaxFacts;
    },
  };
}
