import type { Commit, CommitFile, FileStatus } from "@agentos/core";

/** What `git log -z --name-status` is asked to print of each commit, field by field: {@link readLog} reads it. */
export const LOG_FORMAT = "--format=tformat:%H%x00%P%x00%ct%x00%an%x00%B";

/** Files of one commit that are listed. */
const MOST_FILES = 10_000;
const STATUS = /^\n?([ACDMRTUX])\d*$/;

/**
 * Commits from the fields of `git log -z --name-status`. Of each commit the first five fields are told apart by their place, and behind
 * them a status, which begins the fields of a file, by its form: no id of a commit looks like it. So names and messages may hold anything.
 */
export async function* readLog(fields: AsyncIterable<string>): AsyncGenerator<Commit, void> {
  const reader = fields[Symbol.asyncIterator]();
  const next = async (): Promise<string | undefined> => {
    const step = await reader.next();
    return step.done === true ? undefined : step.value;
  };
  try {
    let field = await next();
    while (field !== undefined) {
      const id = field.trim();
      if (id === "") {
        field = await next();
        continue;
      }
      const parents = (await next()) ?? "";
      const time = Number(await next());
      const author = (await next()) ?? "";
      const message = (await next()) ?? "";
      const files: CommitFile[] = [];
      field = await next();
      while (field !== undefined) {
        const status: string | undefined = STATUS.exec(field)?.[1];
        if (status === undefined && field.trim() !== "") break;
        if (status !== undefined) {
          const path = (await next()) ?? "";
          const renamed = status === "R" || status === "C" ? await next() : undefined;
          if (files.length < MOST_FILES) files.push(fileOf(status, path, renamed));
        }
        field = await next();
      }
      const commit = { id, parents: parents.split(" ").filter((parent) => parent !== ""), author, files };
      yield { ...commit, time: time * 1_000, message: message.trimEnd() };
    }
  } finally {
    await reader.return?.();
  }
}

const STATUSES: Readonly<Record<string, FileStatus>> = { A: "added", C: "added", D: "deleted", R: "renamed" };

/** A file of `--name-status` or `--raw`. @param renamed its name after, of a renamed or copied one */
export function fileOf(status: string, path: string, renamed: string | undefined): CommitFile {
  const kind = STATUSES[status.charAt(0)] ?? "modified";
  if (kind === "renamed" && renamed !== undefined) return { path: renamed, status: kind, oldPath: path };
  return { path: renamed ?? path, status: kind };
}
