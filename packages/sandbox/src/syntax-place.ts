import type { TestReport } from "./driver.js";
import { stripTypes } from "./javascript/strip-types.js";

/**
 * Adds the file and line to syntax errors that came without them: Node does not say which module of an import does not
 * parse. The candidate's files are parsed here, after the fact, to find it.
 */
export function withSyntaxPlace(
  report: TestReport,
  candidate: Readonly<Record<string, string | null>>,
): TestReport {
  const placeless = (message: string | undefined): boolean => /^SyntaxError: [^\n]*$/.test(message ?? "");
  if (!report.tests.some((test) => placeless(test.message))) return report;
  const place = firstUnparsed(candidate);
  if (place === undefined) return report;
  const tests = report.tests.map((test) =>
    placeless(test.message) ? { ...test, message: `${test.message} (${place})` } : test,
  );
  return { ...report, tests };
}

function firstUnparsed(candidate: Readonly<Record<string, string | null>>): string | undefined {
  for (const [path, content] of Object.entries(candidate)) {
    if (content === null || !/\.[mc]?js$/.test(path)) continue;
    const parsed = stripTypes(content, path);
    if (!parsed.ok) return parsed.line === undefined ? path : `${path}:${parsed.line}`;
  }
  return undefined;
}
