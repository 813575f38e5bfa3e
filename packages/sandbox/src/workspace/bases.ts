import { createHash, randomUUID } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { isGone, ownerMark } from "../owner-mark.js";
import { type Base, hashOf, readBase, removeBase, settled, type Variant, writeBase } from "./base.js";
import { type FileState, readContent, sameState, statesOf } from "./host-files.js";
import { listProject, tooLarge } from "./listing.js";

/** Sizes that the visible part of a project may have. */
export interface ProjectLimits {
  readonly projectFiles: number;
  readonly projectBytes: number;
}

/** A project's files as they were when a verdict began: a base, and what has changed since that was made. */
export interface ProjectFiles {
  /** The base's folder; it stays until {@link ProjectFiles.release}. */
  readonly folder: string;
  /** Paths of the base, as the project has them. */
  readonly basePaths: ReadonlySet<string>;
  readonly baseBytes: number;
  /** Every path that the project has now. */
  readonly paths: ReadonlySet<string>;
  /** Files that are not as in the base. */
  readonly changed: ReadonlyMap<string, Uint8Array>;
  /** Paths of the base that are gone. */
  readonly deleted: readonly string[];
  /** Names this state of the files: equal names, equal files. */
  readonly state: string;
  release(): Promise<void>;
}

/** More changes than this are not carried along: a new base is made. */
const MOST_CHANGES = 200;
const MOST_CHANGED_BYTES = 4 * 1024 * 1024;

/** One project in one variant. */
interface Slot {
  readonly folder: string;
  base: Base | undefined;
  /** Contents of changed files, by path, with the state in which they were read. */
  readonly changes: Map<string, { readonly state: FileState; readonly bytes: Uint8Array }>;
  queue: Promise<unknown>;
}

/**
 * Keeps copies of projects' files in a cache folder, one for each project and variant, so that a verdict reads only what
 * has changed. Copies are never changed: a new one replaces an old one, which goes when nobody uses it.
 */
export class ProjectBases {
  readonly #folder: string;
  readonly #slots = new Map<string, Slot>();
  /** Marks the bases that are used from here. */
  readonly #mark = `${ownerMark()}-${randomUUID().slice(0, 8)}`;
  /** How many verdicts use a base, by its tree. */
  readonly #used = new Map<string, number>();

  constructor(cacheDir: string) {
    this.#folder = join(cacheDir, "projects");
  }

  /** The files of the project at the real path `root`, as they are now. Release them when the runs on them have ended. */
  async open(root: string, variant: Variant, limits: ProjectLimits): Promise<ProjectFiles> {
    const slot = this.#slot(root, variant);
    // One after another: the second finds what the first made.
    const work = slot.queue.then(() => this.#open(slot, root, variant, limits));
    slot.queue = work.catch(() => {});
    return work;
  }

  /** Gives up every base, so that other processes may remove them. */
  async close(): Promise<void> {
    for (const slot of this.#slots.values()) {
      await slot.queue;
      if (slot.base) unmark(slot.folder, slot.base.id, this.#mark);
    }
  }

  #slot(root: string, variant: Variant): Slot {
    const key = createHash("sha256").update(`${variant}\0${root}`).digest("hex").slice(0, 24);
    let slot = this.#slots.get(key);
    if (slot === undefined) {
      const folder = join(this.#folder, key);
      mkdirSync(folder, { recursive: true });
      // Its files are open to every user id, so the way to them is not.
      chmodSync(this.#folder, 0o700);
      slot = { folder, base: undefined, changes: new Map(), queue: Promise.resolve() };
      this.#slots.set(key, slot);
    }
    return slot;
  }

  async #open(slot: Slot, root: string, variant: Variant, limits: ProjectLimits): Promise<ProjectFiles> {
    const listed = await listProject(root, limits.projectFiles);
    const states = await statesOf(root, listed);
    let bytes = 0;
    for (const { size } of states.values()) bytes += size;
    if (bytes > limits.projectBytes) {
      throw tooLarge(root, `${bytes} bytes; ${limits.projectBytes} are allowed`);
    }
    const known = slot.base ?? marked(slot.folder, readBase(slot.folder), this.#mark);
    if (known && this.#update(slot, known, root, states)) {
      slot.base = known;
    } else {
      const base = await writeBase(slot.folder, {
        root,
        states,
        variant,
        older: known,
        same: (path) => sameState(states.get(path) as FileState, known?.entries.get(path)?.state),
      });
      mark(slot.folder, base.id, this.#mark);
      slot.base = base;
      slot.changes.clear();
      if (known) await this.#drop(slot.folder, known);
      await sweep(slot.folder, base.id);
    }
    return this.#use(slot, slot.base, states);
  }

  /** Brings the changes since a base up to date; false when there are too many, or of a kind that only a new base can show. */
  #update(slot: Slot, base: Base, root: string, states: Map<string, FileState>): boolean {
    let bytes = 0;
    for (const path of slot.changes.keys()) if (!states.has(path)) slot.changes.delete(path);
    for (const [path, state] of states) {
      const entry = base.entries.get(path);
      if (entry && sameState(state, entry.state)) {
        slot.changes.delete(path);
        continue;
      }
      const change = slot.changes.get(path);
      if (change && sameState(state, change.state)) {
        bytes += change.bytes.length;
        continue;
      }
      const now = Date.now();
      const content = readContent(root, path);
      if (content === undefined) {
        // Gone since, or not to be read by this process.
        states.delete(path);
        continue;
      }
      if (hashOf(content) === entry?.hash && entry.state.kind === state.kind) {
        base.entries.set(path, { state: settled(state, now), hash: entry.hash });
        slot.changes.delete(path);
        continue;
      }
      // Files are handed to a run by their bytes alone.
      if ("linkTo" in content || content.executable !== (entry?.state.kind === "executable")) return false;
      if (entry?.state.kind === "link") return false;
      bytes += content.bytes.length;
      slot.changes.set(path, { state: settled(state, now), bytes: content.bytes });
      if (slot.changes.size > MOST_CHANGES || bytes > MOST_CHANGED_BYTES) return false;
    }
    return base.entries.size - states.size <= MOST_CHANGES && bytes <= MOST_CHANGED_BYTES;
  }

  #use(slot: Slot, base: Base, states: ReadonlyMap<string, FileState>): ProjectFiles {
    const changed = new Map([...slot.changes].map(([path, { bytes }]) => [path, bytes]));
    const deleted = [...base.entries.keys()].filter((path) => !states.has(path));
    this.#used.set(base.tree, (this.#used.get(base.tree) ?? 0) + 1);
    let released = false;
    return {
      folder: base.tree,
      basePaths: new Set(base.entries.keys()),
      baseBytes: base.bytes,
      paths: new Set(states.keys()),
      changed,
      deleted,
      state: stateOf(base.id, changed, deleted),
      release: async () => {
        if (released) return;
        released = true;
        this.#used.set(base.tree, (this.#used.get(base.tree) ?? 1) - 1);
        if (slot.base !== base) await this.#drop(slot.folder, base);
      },
    };
  }

  /** Removes a base that was replaced, unless somebody uses it still. */
  async #drop(folder: string, base: Base): Promise<void> {
    if ((this.#used.get(base.tree) ?? 0) > 0) return;
    this.#used.delete(base.tree);
    unmark(folder, base.id, this.#mark);
    await sweep(folder, undefined);
  }
}

function stateOf(id: string, changed: ReadonlyMap<string, Uint8Array>, deleted: readonly string[]): string {
  if (changed.size === 0 && deleted.length === 0) return id;
  const hash = createHash("sha256");
  for (const path of [...changed.keys()].sort()) {
    hash.update(`${path}\0${hashOf({ bytes: changed.get(path) as Uint8Array, executable: false })}\0`);
  }
  return `${id} ${hash.update(`\0${deleted.join("\0")}`).digest("hex")}`;
}

/** Says that a base is used. */
function mark(folder: string, id: string, name: string): void {
  writeFileSync(join(folder, id, "users", name), "");
}

function marked(folder: string, base: Base | undefined, name: string): Base | undefined {
  if (base === undefined) return undefined;
  try {
    mark(folder, base.id, name);
  } catch {
    return undefined;
  }
  // Another process may have begun to remove it before it was marked.
  return existsSync(join(folder, base.id, "manifest.json")) ? base : undefined;
}

function unmark(folder: string, id: string, name: string): void {
  rmSync(join(folder, id, "users", name), { force: true });
}

/** Removes bases that are not the current one and that no living process uses. */
async function sweep(folder: string, own: string | undefined): Promise<void> {
  const current = readBase(folder)?.id;
  for (const id of await readdir(folder).catch(() => [])) {
    const maker = /^(\d+_\d+_\d+)-/.exec(id)?.[1];
    if (maker === undefined || id === current || id === own) continue;
    const users = await readdir(join(folder, id, "users")).catch(() => []);
    // One without a manifest is being written by its maker.
    const writing = !existsSync(join(folder, id, "manifest.json"));
    if (users.some((user) => !isGone(user.split("-")[0] ?? "")) || (writing && !isGone(maker))) continue;
    await removeBase(folder, id);
  }
}
