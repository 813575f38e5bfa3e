import type { Language } from "@agentos/core";
import { programCandidates, type Toolchain, toolchainAt } from "./toolchains.js";

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

/** Which toolchains work here, and notes on those that do not. */
export interface Toolbox {
  readonly node: WorkingToolchain | undefined;
  readonly python3: WorkingToolchain | undefined;
  readonly go: WorkingToolchain | undefined;
  readonly notes: readonly string[];
}

const TRIALS: Readonly<Record<Toolchain["name"], { readonly args: string; readonly remedy: string }>> = {
  node: {
    args: "--version",
    remedy: "install Node 20.19 or newer where every user can read it, for example in /usr/local",
  },
  python3: {
    args: "-c 'import sys, json, unittest; print(sys.version.split()[0])'",
    remedy: "apt-get install python3",
  },
  go: { args: "version", remedy: "apt-get install golang-go" },
};

/** Finds each toolchain by running it inside. */
export async function findToolbox(trial: Trial): Promise<Toolbox> {
  const notes: string[] = [];
  const find = async (name: Toolchain["name"]): Promise<WorkingToolchain | undefined> => {
    const { args, remedy } = TRIALS[name];
    let reason = "not found";
    for (const path of new Set(programCandidates(name))) {
      const toolchain = await toolchainAt(name, path);
      if (!toolchain) continue;
      const tried = await trial(toolchain, `exec ${toolchain.program} ${args}`);
      const version = tried.ok ? usableVersion(name, tried.output) : undefined;
      if (version) return { ...toolchain, version };
      reason = tried.ok
        ? `${path} is too old (${tried.output.trim()})`
        : `${path} does not run inside: ${tried.reason}`;
    }
    notes.push(`${name}: ${reason}; ${remedy}`);
    return undefined;
  };
  const [node, python3, go] = await Promise.all([find("node"), find("python3"), find("go")]);
  return { node, python3, go, notes };
}

/** The toolchain of a language. */
export function toolchainOf(toolbox: Toolbox, language: Language): WorkingToolchain | undefined {
  if (language === "python") return toolbox.python3;
  return language === "go" ? toolbox.go : toolbox.node;
}

/** The version, when this package's harnesses run on it: Node 20.19, Python 3.8, Go 1.18 and newer. */
function usableVersion(name: Toolchain["name"], output: string): string | undefined {
  const [version, major, minor] = /(\d+)\.(\d+)[.\w]*/.exec(output) ?? [];
  if (!version) return undefined;
  const lowest = { node: [20, 19], python3: [3, 8], go: [1, 18] }[name];
  const [lowestMajor = 0, lowestMinor = 0] = lowest;
  const fits = Number(major) > lowestMajor || (Number(major) === lowestMajor && Number(minor) >= lowestMinor);
  return fits ? version : undefined;
}
