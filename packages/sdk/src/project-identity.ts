import { execFile } from "node:child_process";
import { realpath } from "node:fs/promises";
import { relative, sep } from "node:path";
import { promisify } from "node:util";
import type { IdSource } from "@agentos/core";
import type { Collection, Store } from "@agentos/store";

/** Who a project is, wherever it lies. */
export interface ProjectIdentity {
  readonly id: string;
  /** What it rests on: git's first commit, the address of its remote, or chance. */
  readonly from: "root-commit" | "remote" | "generated";
}

/** Longest wait for git in milliseconds; a history without a commit graph can be slow to walk. */
const GIT_TIMEOUT_MS = 5_000;

/** The name under which the owner of a store decides who projects are. */
const SERVICE = "sdk.projects";

/** What the owner is asked: who the project at a place is, where one of those known before may lie no more. */
interface Request {
  readonly place: string;
  readonly found: ProjectIdentity;
  /** Whether the store outlives the project. */
  readonly outside: boolean;
}

/**
 * The identities of projects, each decided once and kept in the store, under its place relative to the store's folder: so it
 * stays the same when both move, when a first commit is made and when a remote is renamed; but not when another
 * repository, with another first commit, takes the place of one that shared a store with others. The owner of the store
 * decides, so that two processes that begin at once agree.
 */
export class ProjectIdentities {
  readonly #store: Store;
  readonly #ids: IdSource;
  readonly #known: Collection<ProjectIdentity>;
  #deciding: Promise<unknown> = Promise.resolve();

  /** Answers for all processes as long as the store is open. */
  constructor(store: Store, ids: IdSource) {
    this.#store = store;
    this.#ids = ids;
    this.#known = store.collection("sdk.projects");
    store.serve(SERVICE, (request) => this.#decide(request as Request));
  }

  /** @param dir the folder that the store lies in */
  async of(root: string, dir: string, signal?: AbortSignal): Promise<ProjectIdentity> {
    const real = await realpath(dir);
    const place = relative(real, root).split(sep).join("/") || ".";
    const found =
      (await gitIdentity(root)) ?? ({ id: `generated:${this.#ids()}`, from: "generated" } as const);
    // A store that several projects share outlives them: what it remembers of one is none of the business of another that
    // took its place. One within the project goes and comes with it, whatever becomes of the first commit.
    const outside = relative(root, real).startsWith("..");
    const request: Request = { place, found, outside };
    return this.#kept(await this.#known.get(place), request) ?? this.#ask(request, signal);
  }

  /** What is kept, unless another project took its place. */
  #kept(kept: ProjectIdentity | undefined, { found, outside }: Request): ProjectIdentity | undefined {
    const commits = kept?.from === "root-commit" && found.from === "root-commit";
    return outside && commits && kept.id !== found.id ? undefined : kept;
  }

  async #ask(request: Request, signal: AbortSignal | undefined): Promise<ProjectIdentity> {
    return (await this.#store.call(SERVICE, request, { signal })) as ProjectIdentity;
  }

  /** One after another, so that whoever comes first decides. */
  #decide(request: Request): Promise<ProjectIdentity> {
    const decided = this.#deciding
      .catch(() => {})
      .then(async () => {
        const { place, found } = request;
        const kept = this.#kept(await this.#known.get(place), request);
        if (kept === undefined) await this.#store.write([this.#known.put(place, found)], { durable: true });
        return kept ?? found;
      });
    this.#deciding = decided;
    return decided;
  }
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
