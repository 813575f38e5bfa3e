import { existsSync, lstatSync, readlinkSync } from "node:fs";
import { realpath } from "node:fs/promises";
import { dirname } from "node:path";
import type { FoundToolchain, ToolchainFacts } from "../../languages/language.js";
import type { Bind } from "./command.js";

/** A language's tools, as they are found inside the sandbox. */
export interface Toolchain extends Omit<FoundToolchain, "version"> {
  /** What must be shown for it beside the system's folders. */
  readonly binds: readonly Bind[];
}

/** The system's program folders: shown in every sandbox, read-only. */
export function systemBinds(): {
  readonly binds: readonly Bind[];
  readonly links: ReadonlyMap<string, string>;
} {
  const binds: Bind[] = [{ source: "/usr", target: "/usr" }];
  const links = new Map<string, string>();
  for (const folder of ["/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"]) {
    if (!existsSync(folder)) continue;
    if (lstatSync(folder).isSymbolicLink()) links.set(folder, readlinkSync(folder));
    else binds.push({ source: folder, target: folder });
  }
  // The loader's index, and Debian's choice between programs of one name. Nothing else of /etc is shown.
  for (const path of ["/etc/ld.so.cache", "/etc/alternatives"]) {
    if (existsSync(path)) binds.push({ source: path, target: path });
  }
  return { binds, links };
}

/** A toolchain at a path of the host; one outside the system's folders is shown at a neutral path. */
export async function toolchainAt(facts: ToolchainFacts, path: string): Promise<Toolchain | undefined> {
  if (!existsSync(path)) return undefined;
  const real = await realpath(path);
  const also = (facts.reads?.(real) ?? [])
    .filter((read) => existsSync(read))
    .map((read) => ({ source: read, target: read }));
  if (real.startsWith("/usr/") && path.startsWith("/usr/")) return { program: path, binds: also };
  if (facts.shows === undefined) return undefined;
  const target = `/toolchain/${facts.name}`;
  if (facts.shows === "program") return { program: target, binds: [{ source: real, target }, ...also] };
  const folder = dirname(dirname(real));
  return { program: `${target}${real.slice(folder.length)}`, binds: [{ source: folder, target }, ...also] };
}
