import { Buffer } from "node:buffer";
import {
  applyPatch as applyHunks,
  createTwoFilesPatch,
  FILE_HEADERS_ONLY,
  parsePatch,
  type StructuredPatch,
} from "diff";
import { pathProblem } from "./paths.js";

/** Files as a patch makes them, `null` for those that it deletes; or why it does not fit, in a sentence without its full stop. */
export type Patched =
  | { readonly ok: true; readonly files: Readonly<Record<string, string | null>> }
  | { readonly ok: false; readonly reason: string };

/** A file as it is before a patch; undefined when there is none. */
export type ReadFile = (path: string) => string | Uint8Array | undefined;

/**
 * Applies a unified diff, plain or as git writes it, to the files that `read` hands out. A hunk must fit without fuzz, at
 * its line or elsewhere in its file. Changes of a file's mode are passed over. What does not fit is a result, not an error.
 */
export function applyPatch(read: ReadFile, patch: string): Patched {
  let parts: readonly StructuredPatch[];
  try {
    parts = parsePatch(patch);
  } catch (error) {
    return { ok: false, reason: `the patch cannot be read: ${(error as Error).message}` };
  }
  const files = new Map<string, string | null>();
  const current = (path: string): string | Uint8Array | undefined =>
    files.has(path) ? (files.get(path) ?? undefined) : read(path);
  for (const part of parts) {
    const reason = applyPart(part, current, files);
    if (reason !== undefined) return { ok: false, reason };
  }
  if (files.size === 0) {
    const isBare = /^@@\s*(?:@@\s*)?$/m.test(patch);
    const hint = "a hunk has to begin as @@ -line,count +line,count @@";
    return { ok: false, reason: isBare ? `the patch cannot be read: ${hint}` : "the patch changes no file" };
  }
  return { ok: true, files: Object.fromEntries(files) };
}

/** Applies the part of one file; a string says why it does not fit. */
function applyPart(
  part: StructuredPatch,
  current: ReadFile,
  files: Map<string, string | null>,
): string | undefined {
  const [from, to] = namesOf(part);
  if (from === undefined && to === undefined) return undefined;
  const path = to ?? from ?? "";
  const quoted = JSON.stringify(path.slice(0, 200));
  for (const name of [from, to]) {
    const problem = name === undefined ? undefined : pathProblem(name);
    if (problem) return `the patch names the path ${JSON.stringify(name?.slice(0, 200))}, which ${problem}`;
  }
  if (part.isBinary) return `the patch changes ${quoted} as binary, which it cannot`;
  const moved = from !== undefined && to !== undefined && from !== to;
  if (!moved && part.hunks.length === 0 && from !== undefined && to !== undefined && !part.isCreate) {
    return part.isDelete ? remove(from, current, files) : undefined;
  }
  const source = from === undefined || part.isCreate ? undefined : textOf(current(from));
  if (from !== undefined && !part.isCreate && source === undefined) {
    return `the patch changes ${JSON.stringify(from)}, which is not there or not text`;
  }
  if ((from === undefined || part.isCreate || moved) && current(path) !== undefined) {
    return `the patch makes ${quoted}, which is there already`;
  }
  const text = applyHunks(source ?? "", part);
  if (text === false) return `${unfitHunk(source ?? "", part)} does not fit ${quoted}`;
  if (to === undefined || part.isDelete) {
    if (text !== "") return `the patch deletes ${quoted}, which holds more than it says`;
    files.set(path, null);
    return undefined;
  }
  if (moved && !part.isCopy) files.set(from, null);
  files.set(path, text);
  return undefined;
}

function remove(path: string, current: ReadFile, files: Map<string, string | null>): string | undefined {
  if (current(path) === undefined) return `the patch deletes ${JSON.stringify(path)}, which is not there`;
  files.set(path, null);
  return undefined;
}

/** The paths before and after, without the `a/` and `b/` that git puts before them; undefined is /dev/null. */
function namesOf(part: StructuredPatch): readonly [string | undefined, string | undefined] {
  const { oldFileName: old, newFileName: now } = part;
  const isGit =
    part.isGit || (/^(?:a\/|\/dev\/null$)/.test(old ?? "") && /^(?:b\/|\/dev\/null$)/.test(now ?? ""));
  const name = (text: string | undefined, prefix: string): string | undefined => {
    if (text === undefined || text === "/dev/null") return undefined;
    return isGit && text.startsWith(prefix) ? text.slice(prefix.length) : text;
  };
  return [name(old, "a/"), name(now, "b/")];
}

/** Names the first hunk that does not fit. */
function unfitHunk(source: string, part: StructuredPatch): string {
  for (const [index, hunk] of part.hunks.entries()) {
    if (applyHunks(source, { ...part, hunks: part.hunks.slice(0, index + 1) }) !== false) continue;
    return `hunk ${index + 1} of ${part.hunks.length} (line ${hunk.oldStart})`;
  }
  return "a hunk";
}

/** Text, or undefined for what is not valid UTF-8. */
function textOf(content: string | Uint8Array | undefined): string | undefined {
  if (typeof content === "string" || content === undefined) return content;
  const text = Buffer.from(content).toString("utf8");
  return Buffer.from(text, "utf8").equals(content) ? text : undefined;
}

/** A file before and after a run; undefined where there was none, or is none any more. */
export interface FileChange {
  readonly path: string;
  readonly before: Uint8Array | undefined;
  readonly after: Uint8Array | undefined;
}

/** Writes changes as a unified diff that `git apply` takes. Of a file that is not text it only says that it differs. */
export function patchOf(changes: readonly FileChange[]): string {
  return changes.map(partOf).join("");
}

function partOf({ path, before, after }: FileChange): string {
  const head = `diff --git ${quoted(`a/${path}`)} ${quoted(`b/${path}`)}\n`;
  const mode =
    before === undefined ? "new file mode 100644\n" : after === undefined ? "deleted file mode 100644\n" : "";
  const [old, now] = [textOf(before ?? new Uint8Array()), textOf(after ?? new Uint8Array())];
  if (old === undefined || now === undefined || old.includes("\0") || now.includes("\0")) {
    return `${head}${mode}Binary files ${before ? quoted(`a/${path}`) : "/dev/null"} and ${after ? quoted(`b/${path}`) : "/dev/null"} differ\n`;
  }
  if (old === now) return `${head}${mode}`;
  // The library puts quotes around names by itself.
  const names = [before ? `a/${path}` : "/dev/null", after ? `b/${path}` : "/dev/null"] as const;
  const body = createTwoFilesPatch(...names, old, now, undefined, undefined, {
    context: 3,
    headerOptions: FILE_HEADERS_ONLY,
    // A run may write what takes for ever to compare.
    timeout: 5000,
  }) as string | undefined;
  return `${head}${mode}${body ?? `Binary files ${names[0]} and ${names[1]} differ\n`}`;
}

/** A path as git writes it: in quotes when it holds what would be misread. */
function quoted(path: string): string {
  if (!/["\\]|[^\x20-\x7e]/.test(path)) return path;
  const bytes = [...Buffer.from(path)].map((byte) => {
    if (byte < 0x20 || byte > 0x7e) return `\\${byte.toString(8).padStart(3, "0")}`;
    const character = String.fromCharCode(byte);
    return character === '"' || character === "\\" ? `\\${character}` : character;
  });
  return `"${bytes.join("")}"`;
}
