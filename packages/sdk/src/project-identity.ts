import { execFile } from "node:child_process";
import { realpath } from "node:fs/promises";
import { relative, sep } from "node:path";
import { promisify } from "node:util";
import type { IdSource } from "@agentos/core";
import type { Store } from "@agentos/store";

/** Who a project is, wherever it lies. */
export interface ProjectIdentity {
  readonly id: string;
  /** What it rests on: git's first commit, the address of its remote, or chance. */
  readonly from: "root-commit" | "remote" | "generated";
}

/** Longest wait for git in milliseconds; a history without a commit graph can be slow to walk. */
const GIT_TIMEOUT_MS = 5_000;

/**
 * The project's identity, decided once and kept in the store, under its place relative to the store's folder: so it
 * stays the same when both move, when a first commit is made and when a remote is renamed; but not when another
 * repository, with another first commit, takes the place of one that shared a store with others.
 */
export async function projectIdentity(
  root: string,
  dir: string,
  store: Store,
  ids: IdSource,
): Promise<ProjectIdentity> {
  const known = store.collection<ProjectIdentity>("sdk.projects");
  const real = await realpath(dir);
  const place = relative(real, root).split(sep).join("/") || ".";
  const kept = await known.get(place);
  const found = await gitIdentity(root);
  // A store that several projects share outlives them: what it remembers of one is none of the business of another that
  // took its place. One within the project goes and comes with it, whatever becomes of the first commit.
  const shared = relative(root, real).startsWith("..");
  const commits = kept?.from === "root-commit" && found?.from === "root-commit";
  const replaced = shared && commits && kept.id !== found.id;
  if (kept !== undefined && !replaced) return kept;
  const identity = found ?? { id: `generated:${ids()}`, from: "generated" };
  await store.write([known.put(place, identity)], { durable: true });
  return identity;
}

async function gitIdentity(root: string): Promise<ProjectIdentity | undefined> {
  const prefix = await git(root, "rev-parse", "--show-prefix");
  if (prefix === undefined) return undefined;
  // A folder inside a repository is a project of its own.
  const below = prefix === "" ? "" : `/${prefix.replace(/\/$/, "")}`;
  // The oldest commit that a shallow clone knows is not the first one.
  if ((await git(root, "rev-parse", "--is-shallow-repository")) === "false") {
    const commits = (await git(root, "rev-list", "--max-parents=0", "HEAD"))?.split("\n");
    // Merged histories have several first commits; the last one listed is the oldest line.
    const first = commits?.at(-1);
    if (first) return { id: `git:${first}${below}`, from: "root-commit" };
  }
  const address = await git(root, "config", "--get", "remote.origin.url");
  return address ? { id: `remote:${plainAddress(address)}${below}`, from: "remote" } : undefined;
}

/** `host/path` of a remote, the same for ssh and https, without user, password and `.git`. */
export function plainAddress(address: string): string {
  const short = /^(?:[^@/]+@)?([^:/]+):(?!\/\/)(.+)$/.exec(address);
  const url = short === null && URL.canParse(address) ? new URL(address) : undefined;
  const [host, path] = short ? [short[1], short[2]] : url ? [url.hostname, url.pathname] : ["", address];
  const clean = (path ?? "")
    .replace(/^\/+/, "")
    .replace(/\/+$/, "")
    .replace(/\.git$/, "");
  return host ? `${host.toLowerCase()}/${clean}` : clean;
}

const run = promisify(execFile);

/** What git prints; undefined when it fails, is too slow, or is not installed. */
async function git(root: string, ...args: string[]): Promise<string | undefined> {
  try {
    const { stdout } = await run("git", ["-C", root, ...args], {
      timeout: GIT_TIMEOUT_MS,
      windowsHide: true,
      // A repository's settings could make git fetch what is missing, by a program of their choice.
      env: { ...process.env, GIT_ALLOW_PROTOCOL: "none", GIT_NO_LAZY_FETCH: "1" },
    });
    return stdout.trim();
  } catch {
    return undefined;
  }
}
