import { LANGUAGES, type Language } from "@agentos/core";
import type { ToolchainFacts } from "../../languages/language.js";
import { LANGUAGE_FACTS } from "../../languages.js";
import { type Toolchain, toolchainAt } from "./toolchains.js";

/** Tries a toolchain inside a sandbox: the first line that the script prints, or why it does not work. */
export type Trial = (
  toolchain: Toolchain,
  script: string,
) => Promise<
  { readonly ok: true; readonly output: string } | { readonly ok: false; readonly reason: string }
>;

/** A toolchain that works inside a sandbox of this machine. */
export interface WorkingToolchain extends Toolchain {
  readonly version: string;
}

/** Which toolchains work here, by name, and notes on those that do not. */
export interface Toolbox {
  readonly toolchains: ReadonlyMap<string, WorkingToolchain>;
  readonly notes: readonly string[];
}

/** Finds each toolchain by running it inside. */
export async function findToolbox(trial: Trial): Promise<Toolbox> {
  const wanted = new Map(
    LANGUAGES.map((language) => LANGUAGE_FACTS[language].toolchain).map((facts) => [facts.name, facts]),
  );
  const found = await Promise.all([...wanted.values()].map((facts) => find(facts, trial)));
  const toolchains = new Map<string, WorkingToolchain>();
  const notes: string[] = [];
  [...wanted.keys()].forEach((name, index) => {
    const result = found[index];
    if (typeof result === "string") notes.push(result);
    else if (result) toolchains.set(name, result);
  });
  return { toolchains, notes };
}

/** The toolchain of a language. */
export function toolchainOf(toolbox: Toolbox, language: Language): WorkingToolchain | undefined {
  return toolbox.toolchains.get(LANGUAGE_FACTS[language].toolchain.name);
}

/** A toolchain that works, or a note on why there is none. */
async function find(facts: ToolchainFacts, trial: Trial): Promise<WorkingToolchain | string> {
  let reason = "not found";
  for (const path of new Set(facts.programs())) {
    const toolchain = await toolchainAt(facts, path);
    if (!toolchain) continue;
    const tried = await trial(toolchain, `program=${toolchain.program}\n${facts.trial}`);
    const version = tried.ok ? usableVersion(facts, tried.output) : undefined;
    if (version) return { ...toolchain, version };
    reason = tried.ok
      ? `${path} is too old (${tried.output.trim()})`
      : `${path} does not run inside: ${tried.reason}`;
  }
  return `${facts.name}: ${reason}; ${facts.remedy}`;
}

/** The version in a text, when this package's harness runs on it. */
function usableVersion(facts: ToolchainFacts, output: string): string | undefined {
  const [version, major, minor] = /(\d+)\.(\d+)[.\w]*/.exec(output) ?? [];
  if (!version) return undefined;
  const [lowestMajor, lowestMinor] = facts.lowest;
  const fits = Number(major) > lowestMajor || (Number(major) === lowestMajor && Number(minor) >= lowestMinor);
  return fits ? version : undefined;
}
