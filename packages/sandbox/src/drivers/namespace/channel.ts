import type { ReportedTest, TestPlan, TestReport } from "../../driver.js";

/** What the scripts and harnesses wrote to the report channel. */
export interface ChannelText {
  /** Whether the sandbox was complete before the program started. */
  readonly ready: boolean;
  /** Folders whose code could not be built. */
  readonly invalid: readonly string[];
  /** All other lines. */
  readonly lines: readonly string[];
}

/** Sorts the lines of a report channel. Lines after "ready" may come from the candidate, too: they are only data. */
export function readChannel(bytes: Buffer): ChannelText {
  const [first = "", ...rest] = bytes.toString("utf8").split("\n");
  if (first !== "ready") return { ready: false, invalid: [], lines: [first, ...rest] };
  const invalid = rest.filter((line) => line.startsWith("invalid ")).map((line) => line.slice(8));
  return { ready: true, invalid, lines: rest.filter((line) => !line.startsWith("invalid ")) };
}

/** Reads the framed reports of the JavaScript and Python harnesses; whatever does not fit is dropped. */
export function readReports(lines: readonly string[], plan: TestPlan): TestReport {
  const labels = new Set(plan.files.map((file) => file.label));
  const tests: ReportedTest[] = [];
  const finished = new Set<string>();
  const prefix = `${plan.nonce} `;
  for (const line of lines) {
    if (!line.startsWith(prefix)) continue;
    const report = parse(line.slice(prefix.length));
    const test = readTest(report?.["test"], labels);
    if (test) tests.push(test);
    const label = report?.["finished"];
    if (typeof label === "string" && labels.has(label)) finished.add(label);
  }
  return { tests, finished: [...finished] };
}

function readTest(value: unknown, labels: ReadonlySet<string>): ReportedTest | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { file, name, status, message, durationMs } = value as Record<string, unknown>;
  if (typeof file !== "string" || !labels.has(file) || typeof name !== "string") return undefined;
  if (status !== "passed" && status !== "failed" && status !== "skipped") return undefined;
  return {
    file,
    name,
    status,
    ...(typeof message === "string" ? { message } : {}),
    ...(typeof durationMs === "number" ? { durationMs } : {}),
  };
}

/** A JSON object, or undefined for anything else. */
export function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
