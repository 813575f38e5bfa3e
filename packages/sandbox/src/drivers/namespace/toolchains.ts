import { existsSync, lstatSync, readlinkSync } from "node:fs";
import { realpath } from "node:fs/promises";
import type { Bind } from "./command.js";

/** A language's tools, as they are found inside the sandbox. */
export interface Toolchain {
  readonly name: "node" | "python3" | "go";
  /** The program's path inside. */
  readonly program: string;
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

/** Places where each program may be, best first. */
export function programCandidates(name: Toolchain["name"]): readonly string[] {
  switch (name) {
    case "node":
      return [process.execPath, "/usr/bin/node", "/usr/local/bin/node"];
    case "python3":
      return ["/usr/bin/python3", "/usr/local/bin/python3"];
    case "go":
      return ["/usr/bin/go", "/usr/local/go/bin/go", "/usr/local/bin/go"];
  }
}

/** A toolchain at a path of the host; a program outside the system's folders is shown by itself. */
export async function toolchainAt(name: Toolchain["name"], path: string): Promise<Toolchain | undefined> {
  if (!existsSync(path)) return undefined;
  const real = await realpath(path);
  if (real.startsWith("/usr/") && path.startsWith("/usr/")) return { name, program: path, binds: [] };
  if (name !== "node") return undefined;
  return { name, program: "/toolchain/node", binds: [{ source: real, target: "/toolchain/node" }] };
}
