import { realpath, stat } from "node:fs/promises";
import { basename } from "node:path";
import { throwIfAborted, validate } from "@agentos/core";
import { memoryError } from "../errors.js";
import { importTarget, listMarkdown, readInside, type SkippedFile, skippedAs } from "./folder-files.js";
import { type MarkdownMemory, readMarkdown } from "./markdown-memories.js";
import {
  MARKDOWN_BYTES,
  type MarkdownFolderOptions,
  markdownFolderOptionsSchema,
} from "./markdown-options.js";

/** A file that was read. */
export interface MarkdownFile {
  readonly status: "read";
  /** Relative to the folder, with `/`. */
  readonly path: string;
  /** In the order of the file. */
  readonly memories: readonly MarkdownMemory[];
}

/** A file to be read, and how many imports led to it. */
interface Waiting {
  readonly path: string;
  readonly depth: number;
}

const MOST_FILES = 10_000;
const DEEPEST_IMPORT = 5;
const IMPORTING = /^(CLAUDE|CLAUDE\.local|AGENTS)\.md$/i;

/**
 * Reads the Markdown of a folder file by file, sorted by path; behind a CLAUDE.md or AGENTS.md comes at once what it imports by
 * `@path`, five files far and each file once. Nothing outside the folder and no link is followed, whatever a file says. What
 * was not read comes as skipped, with the reason. Throws `OPTIONS_INVALID`, `MEMORY_FOLDER_UNREADABLE`, `ABORTED`.
 */
export async function* readMarkdownFolder(
  dir: string,
  options: MarkdownFolderOptions = {},
): AsyncGenerator<MarkdownFile | SkippedFile> {
  const checked = validate(markdownFolderOptionsSchema, options, { what: "Markdown folder options" });
  const { signal, onProgress, files, maxFiles = MOST_FILES, ...reading } = checked;
  throwIfAborted(signal);
  const root = await rootOf(dir);
  const listing = files === undefined ? await listMarkdown(root, signal) : named(root, files);
  yield* listing.skipped;
  const waiting: Waiting[] = listing.files.map((path) => ({ path, depth: 0 })).reverse();
  const seen = new Set<string>();
  let done = 0;
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    throwIfAborted(signal);
    const { path, depth } = next;
    if (seen.has(path)) continue;
    if (seen.size >= maxFiles) {
      yield skippedAs(path, "too-many");
      continue;
    }
    seen.add(path);
    const text = await readInside(root, path, reading.maxBytes ?? MARKDOWN_BYTES);
    if (typeof text !== "string") {
      yield text;
    } else {
      const { memories, imports } = readMarkdown(text, { ...reading, path });
      yield { status: "read", path, memories };
      if (depth > 0 || IMPORTING.test(basename(path))) {
        const { follow, skipped } = followed(root, next, imports, seen);
        for (const each of follow) waiting.push(each);
        yield* skipped;
      }
    }
    done += 1;
    onProgress?.({ done, total: done + waiting.length });
  }
}

/** What a file imports and is still to be read, the first one last. */
function followed(
  root: string,
  { path, depth }: Waiting,
  imports: readonly string[],
  seen: ReadonlySet<string>,
): { readonly follow: readonly Waiting[]; readonly skipped: readonly SkippedFile[] } {
  const follow: Waiting[] = [];
  const skipped: SkippedFile[] = [];
  for (const written of imports) {
    const target = importTarget(root, path, written);
    if (target === undefined || seen.has(target.path)) continue;
    if (target.reason !== undefined) skipped.push(skippedAs(target.path, target.reason, `from ${path}`));
    else if (depth === DEEPEST_IMPORT) skipped.push(skippedAs(target.path, "too-deep", `from ${path}`));
    else follow.push({ path: target.path, depth: depth + 1 });
  }
  return { follow: follow.reverse(), skipped };
}

/** Files that the caller names, which may lie nowhere else either. */
function named(
  root: string,
  files: readonly string[],
): { readonly files: readonly string[]; readonly skipped: readonly SkippedFile[] } {
  const targets = files.map((file) => importTarget(root, ".", `./${file}`));
  return {
    files: targets.flatMap((target) => (target?.reason === undefined ? (target?.path ?? []) : [])),
    skipped: targets.flatMap((target) =>
      target?.reason === undefined ? [] : skippedAs(target.path, target.reason),
    ),
  };
}

async function rootOf(dir: string): Promise<string> {
  try {
    const root = await realpath(dir);
    if ((await stat(root)).isDirectory()) return root;
  } catch (cause) {
    throw memoryError(
      "MEMORY_FOLDER_UNREADABLE",
      `${dir} cannot be read. Name a folder that exists and may be entered.`,
      { cause, details: { dir } },
    );
  }
  throw memoryError(
    "MEMORY_FOLDER_UNREADABLE",
    `${dir} is no folder. Name the folder that holds the files.`,
    {
      details: { dir },
    },
  );
}
