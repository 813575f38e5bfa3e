import { type FSWatcher, mkdtempSync, readFileSync, renameSync, rmSync, watch, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { EXCLUDE_FILE } from "../files/ignore-rules.js";
import type { FileWatcher, WatchListener } from "./file-watcher.js";

/** Longest wait for one's own sign, in milliseconds. */
const SIGN_TIMEOUT_MS = 1_000;
/** So many events wait in the system's queue before it drops some, where the system does not say. */
const QUEUED_EVENTS = 16_384;

interface Place {
  readonly watcher: FSWatcher | undefined;
  readonly below: Map<string, Place>;
}

/**
 * Watches folder by folder, each as a walk enters it. So what is left out costs nothing, a folder that is new or was moved is never
 * listed before it is watched, and no path is told that was right only before a move.
 */
export class FolderWatcher implements FileWatcher {
  readonly #root: string;
  readonly #listener: WatchListener;
  #top: Place = { watcher: undefined, below: new Map() };
  #exclude: FSWatcher | undefined;
  readonly #sign: Sign | undefined;
  readonly #mostEvents = mostEventsAtOnce();
  #eventsAtOnce = 0;

  constructor(root: string, listener: WatchListener) {
    this.#root = root;
    this.#listener = listener;
    this.#sign = process.platform === "linux" ? openSign() : undefined;
  }

  enter(folder: string): void {
    const names = folder.split("/").slice(0, -1);
    const name = names.pop();
    if (name === undefined) {
      const top = this.#watch("");
      this.#top.watcher?.close();
      this.#top = { watcher: top, below: this.#top.below };
      this.#watchExclude();
      return;
    }
    let place = this.#top;
    for (const step of names) {
      let next = place.below.get(step);
      if (next === undefined) {
        next = { watcher: undefined, below: new Map() };
        place.below.set(step, next);
      }
      place = next;
    }
    const known = place.below.get(name);
    // The new one first: where it is the same folder, no event falls between the two.
    const watcher = this.#watch(folder);
    known?.watcher?.close();
    place.below.set(name, { watcher, below: known?.below ?? new Map() });
  }

  leave(path: string): void {
    const names = path.split("/").filter((name) => name !== "");
    const name = names.pop();
    let place: Place | undefined = this.#top;
    for (const step of names) place = place?.below.get(step);
    if (name === undefined) {
      closeAll(this.#top);
      this.#top = { watcher: undefined, below: new Map() };
      return;
    }
    const gone = place?.below.get(name);
    if (gone === undefined) return;
    place?.below.delete(name);
    closeAll(gone);
  }

  /** The system keeps the changes of all folders in one queue: when it tells of a sign, it has told all that came before. */
  async heard(): Promise<boolean> {
    return (await this.#sign?.give()) ?? false;
  }

  async close(): Promise<void> {
    this.leave("");
    this.#exclude?.close();
    this.#exclude = undefined;
    this.#sign?.close();
  }

  #watch(folder: string): FSWatcher | undefined {
    try {
      const isRoot = folder === "";
      const full = join(this.#root, folder);
      const own = basename(this.#root);
      const watcher = watch(full, { persistent: isRoot }, (kind, name) => {
        this.#count();
        if (name === null) this.#listener.lost("an event without a name");
        else if (isRoot && kind === "rename" && name === own) this.#listener.lost("the root was moved");
        else this.#listener.touched(folder + name);
      });
      watcher.on("error", (error) => this.#listener.failed(error));
      return watcher;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // Gone since it was seen, or not ours to read: the walk says so.
      if (code !== "ENOENT" && code !== "ENOTDIR" && code !== "EACCES" && code !== "EPERM")
        this.#listener.limited(error);
      return undefined;
    }
  }

  /** Within `.git` nothing is watched but the one file of rules. */
  #watchExclude(): void {
    this.#exclude?.close();
    this.#exclude = undefined;
    try {
      const file = basename(EXCLUDE_FILE);
      const folder = join(this.#root, EXCLUDE_FILE.slice(0, -file.length));
      this.#exclude = watch(folder, { persistent: false }, (_kind, name) => {
        if (name === file) this.#listener.touched(EXCLUDE_FILE);
      });
      this.#exclude.on("error", () => {});
    } catch {
      // Not a repository: a change of `.git` itself is told by the root.
    }
  }

  /** The system does not tell that its queue ran over, but before it does, very many events come at once. */
  #count(): void {
    if (this.#eventsAtOnce === 0) {
      setImmediate(() => {
        this.#eventsAtOnce = 0;
      });
    }
    this.#eventsAtOnce += 1;
    if (this.#eventsAtOnce === this.#mostEvents) this.#listener.lost("more events than the system may keep");
  }
}

function closeAll(place: Place): void {
  for (const pending = [place]; ; ) {
    const next = pending.pop();
    if (next === undefined) return;
    next.watcher?.close();
    for (const below of next.below.values()) pending.push(below);
  }
}

/** A part of the queue only: others in this process may fill the rest. */
function mostEventsAtOnce(): number {
  try {
    const most = Number(readFileSync("/proc/sys/fs/inotify/max_queued_events", "utf8"));
    return Math.ceil((most > 0 ? most : QUEUED_EVENTS) / 8);
  } catch {
    return QUEUED_EVENTS / 8;
  }
}

interface Sign {
  give(): Promise<boolean>;
  close(): void;
}

/** A file in a folder of its own that is renamed when one wants to know how far the system has come with telling. */
function openSign(): Sign | undefined {
  const waiting = new Map<string, (heard: boolean) => void>();
  let folder: string | undefined;
  let count = 0;
  try {
    folder = mkdtempSync(join(tmpdir(), "agentos-watch-"));
    const place = folder;
    writeFileSync(join(place, "0"), "");
    const watcher = watch(place, { persistent: false }, (_kind, name) => {
      if (name !== null) waiting.get(name)?.(true);
    });
    watcher.on("error", () => {});
    return {
      give: () =>
        new Promise((resolve) => {
          const from = String(count);
          count += 1;
          const to = String(count);
          const timer = setTimeout(() => end(false), SIGN_TIMEOUT_MS);
          const end = (heard: boolean): void => {
            clearTimeout(timer);
            waiting.delete(to);
            resolve(heard);
          };
          waiting.set(to, end);
          try {
            renameSync(join(place, from), join(place, to));
          } catch {
            end(false);
          }
        }),
      close: () => {
        watcher.close();
        for (const end of [...waiting.values()]) end(false);
        rmSync(place, { recursive: true, force: true });
      },
    };
  } catch {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
    return undefined;
  }
}
