import { onTestFinished } from "vitest";
import type { FunctionMetrics } from "../../src/metrics/function-metrics.js";
import type { Dialect } from "../../src/source-parser.js";
import { TreeSitterParser } from "../../src/tree-sitter-parser.js";

/** What is measured of a text; the parser ends with the test. */
export async function measure(dialect: Dialect, text: string): Promise<readonly FunctionMetrics[]> {
  const parser = await TreeSitterParser.open({ parseTimeoutMs: 60_000, maxTextLength: 16_777_216 });
  onTestFinished(() => parser.close());
  return parser.metrics(dialect, text);
}

/** `parent.name line-endLine cyclomatic cognitive nesting parameters codeLines` of each function; the file is called `file`. */
export async function complexity(dialect: Dialect, text: string): Promise<readonly string[]> {
  return (await measure(dialect, text)).map((one) => {
    const name = one.kind === "file" ? "file" : one.name;
    const { line, endLine, cyclomatic, cognitive, nesting, parameters, codeLines } = one;
    return [
      one.parent === undefined ? name : `${one.parent}.${name}`,
      `${line}-${endLine}`,
      `cyclomatic ${cyclomatic}`,
      `cognitive ${cognitive}`,
      `nesting ${nesting}`,
      `parameters ${parameters}`,
      `code ${codeLines}`,
    ].join(" ");
  });
}
