import { Buffer } from "node:buffer";
import { StringDecoder } from "node:string_decoder";
import type { RunTest } from "@agentos/core";
import type { TestPlan, TestReport } from "../../driver.js";
import { Reports, readTest } from "../../reports.js";

/** What the scripts and harnesses wrote to the report channel. */
export interface ChannelText {
  /** Whether the sandbox was complete before the program started. */
  readonly ready: boolean;
  /** Folders whose code could not be built. */
  readonly invalid: readonly string[];
  /** All other lines. */
  readonly lines: readonly string[];
}

const BEGUN = Buffer.from("ready\nbegun\n");

/** Whether a sandbox that waited for its job said that it has all of it. */
export function hasBegun(channel: Buffer): boolean {
  return channel.subarray(0, BEGUN.length).equals(BEGUN);
}

/** Sorts the lines of a report channel. Lines after "ready" may come from the candidate, too: they are only data. */
export function readChannel(bytes: Buffer): ChannelText {
  const [first = "", ...rest] = bytes.toString("utf8").split("\n");
  if (first !== "ready") return { ready: false, invalid: [], lines: [first, ...rest] };
  if (rest[0] === "begun") rest.shift();
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

/** Looks for the last word of a harness that is all of its run: nothing more comes. */
export class LastWord {
  readonly #word: Buffer;
  #tail: Buffer = Buffer.alloc(0);

  constructor(nonce: string) {
    this.#word = Buffer.from(`\n${nonce} {"over":true}\n`);
  }

  /** Takes the next bytes of the channel. Whether it has been said. */
  push(bytes: Uint8Array): boolean {
    this.#tail = Buffer.concat([this.#tail, bytes]).subarray(-this.#word.length);
    return this.#tail.equals(this.#word);
  }
}

/** Tells each test of a plan as its line comes over the report channel. */
export class LiveTests {
  readonly #decoder = new StringDecoder("utf8");
  readonly #prefix: string;
  readonly #labels: ReadonlySet<string>;
  readonly #tell: (test: RunTest) => void;
  #pending = "";
  /** How many were told. */
  told = 0;

  constructor(plan: TestPlan, tell: (test: RunTest) => void) {
    this.#prefix = `${plan.nonce} `;
    this.#labels = new Set(plan.files.map(({ label }) => label));
    this.#tell = tell;
  }

  /** Takes the next bytes of the channel. */
  push(bytes: Uint8Array): void {
    const lines = (this.#pending + this.#decoder.write(Buffer.from(bytes))).split("\n");
    this.#pending = lines.pop() ?? "";
    for (const line of lines) {
      if (!line.startsWith(this.#prefix)) continue;
      const test = readTest(parse(line.slice(this.#prefix.length))?.["test"], this.#labels);
      if (!test) continue;
      this.told++;
      this.#tell(test);
    }
  }
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
