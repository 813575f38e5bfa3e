import type { DriverJob } from "../driver.js";

/** What a file of JavaScript is written as, and which links lead to it. */
export interface FileNames {
  readonly file: string;
  /** Paths beside it that are links to it. */
  readonly links: readonly string[];
}

/**
 * A `.ts` file whose types are gone holds JavaScript: it is written as `.js`, which Node loads, and its other names are
 * links to it. `taken` says which paths are files or folders already.
 */
export function javascriptNames(path: string, taken: (path: string) => boolean): FileNames {
  const [, stem, kind] = /^(.+)\.([mc]?)ts$/.exec(path) ?? [];
  if (stem === undefined || path.endsWith(".d.ts") || taken(`${stem}.${kind}js`)) {
    return { file: path, links: [] };
  }
  const bare = kind === "" && !taken(stem);
  return { file: `${stem}.${kind}js`, links: bare ? [path, stem] : [path] };
}

/** Which paths are files or folders in the working folder of a job, its project's among them. */
export function takenIn(job: Pick<DriverJob, "files" | "base">): (path: string) => boolean {
  let taken: ReadonlySet<string> | undefined;
  return (path) => {
    taken ??= withFolders([...job.files.keys(), ...(job.base?.paths ?? [])]);
    return taken.has(path);
  };
}

/** Every path of a set, and every folder that they lie in. */
export function withFolders(paths: Iterable<string>): Set<string> {
  const all = new Set<string>();
  for (const path of paths) {
    let end = path.length;
    while (end > 0 && !all.has(path.slice(0, end))) {
      all.add(path.slice(0, end));
      end = path.lastIndexOf("/", end - 1);
    }
  }
  return all;
}
