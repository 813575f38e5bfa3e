import type { CommitFile, DiffHunk, FileDiff } from "@agentos/core";
import { fileOf } from "./read-log.js";

const HUNK = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/;

/** The files of `git log --raw -z` for one commit. `patches`: how many patches git prints of each. */
export function rawFiles(text: string): readonly { readonly file: CommitFile; readonly patches: number }[] {
  const fields = text.split("\0");
  const files: { file: CommitFile; patches: number }[] = [];
  for (let at = 0; at < fields.length; at += 1) {
    const status = /^\n*:\d+ \d+ [\da-f.]+ [\da-f.]+ ([A-Z])\d*$/.exec(fields[at] ?? "")?.[1];
    if (status === undefined) continue;
    const path = fields[++at] ?? "";
    const renamed = status === "R" || status === "C" ? fields[++at] : undefined;
    // A file that became a link is taken away and added.
    files.push({ file: fileOf(status, path, renamed), patches: status === "T" ? 2 : 1 });
  }
  return files;
}

/**
 * The hunks of each file, from the text of a patch, in which files stand in the order of `files`: so no name has to be read off it. Lines
 * of hunks are counted, so that nothing that a file holds is taken for a header.
 */
export function readPatch(
  text: string,
  files: readonly { readonly file: CommitFile; readonly patches: number }[],
  cut: boolean,
): readonly FileDiff[] {
  const patches: { hunks: DiffHunk[]; binary: boolean }[] = [];
  const lines = text.split("\n");
  if (cut) lines.pop();
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? "";
    if (line.startsWith("diff --git ")) patches.push({ hunks: [], binary: false });
    const patch = patches.at(-1);
    if (patch === undefined) continue;
    if (line.startsWith("Binary files ")) patch.binary = true;
    const header = HUNK.exec(line);
    if (header === null) continue;
    const [, oldStart, oldLines = "1", newStart, newLines = "1"] = header;
    const size = { oldLines: Number(oldLines), newLines: Number(newLines) };
    const end = endOfHunk(lines, at + 1, size);
    if (end === undefined) break;
    patch.hunks.push({
      oldStart: Number(oldStart),
      newStart: Number(newStart),
      ...size,
      lines: lines.slice(at + 1, end).filter((each) => !each.startsWith("\\")),
    });
    at = end - 1;
  }
  let next = 0;
  return files.map(({ file, patches: count }) => {
    const own = patches.slice(next, next + count);
    next += count;
    return {
      ...file,
      hunks: own.flatMap(({ hunks }) => hunks),
      binary: own.some(({ binary }) => binary),
      truncated: cut && next >= patches.length,
    };
  });
}

/** The line behind a hunk; undefined where the text ends before. */
function endOfHunk(
  lines: readonly string[],
  start: number,
  { oldLines, newLines }: { readonly oldLines: number; readonly newLines: number },
): number | undefined {
  let before = oldLines;
  let after = newLines;
  let at = start;
  for (; before > 0 || after > 0; at += 1) {
    const mark = lines[at]?.charAt(0);
    if (mark === undefined || mark === "") return undefined;
    if (mark !== "+" && mark !== "\\") before -= 1;
    if (mark !== "-" && mark !== "\\") after -= 1;
  }
  return lines[at]?.startsWith("\\") ? at + 1 : at;
}
