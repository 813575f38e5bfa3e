import type { TestPlan, TestReport } from "../../driver.js";
import { Reports } from "../../reports.js";

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

/**
 * Reads the framed reports of the JavaScript and Python harnesses. Whatever does not fit is dropped, and is evidence where
 * nothing but a program that forges reports could have written it.
 */
export function readReports(lines: readonly string[], plan: TestPlan): TestReport {
  const reports = new Reports(plan);
  const prefix = `${plan.nonce} `;
  for (const [index, line] of lines.entries()) {
    // A run that is killed may leave half a line at the end.
    const cut = index === lines.length - 1;
    const report = line.startsWith(prefix) ? parse(line.slice(prefix.length)) : undefined;
    if (report) reports.add(report);
    else if (line !== "" && !cut) reports.forged("a line that is none of this run's");
  }
  return reports.report();
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
