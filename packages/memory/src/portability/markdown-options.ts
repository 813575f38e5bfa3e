import { MEMORY_KINDS, type MemoryKind, type Trust, type WaitOptions } from "@agentos/core";
import * as v from "valibot";

/** What a file of Markdown is read with. */
export interface MarkdownMemoriesOptions {
  /** Where the text comes from; stands in the `source` of each memory. */
  readonly path: string;
  /** The repository that it is of, as its remote or any name that stays: what can be put in quarantine. @default none */
  readonly repository?: string;
  /** `own` for a file that the user wrote for the agent and vouches for. @default "outside": a file of a repository is data */
  readonly trust?: Trust;
  /** @default "fact" */
  readonly kind?: MemoryKind;
  /** Added to each memory, at most 32. @default [] */
  readonly tags?: readonly string[];
  /** A longer statement is cut into several, in UTF-16 code units, at least 200. @default 4_000 */
  readonly maxCharacters?: number;
  /** A longer text is refused, in bytes of UTF-8. @default 1_048_576 */
  readonly maxBytes?: number;
}

/** What a folder of Markdown is read with. */
export interface MarkdownFolderOptions extends WaitOptions, Omit<MarkdownMemoriesOptions, "path"> {
  /**
   * Only these, relative to the folder and with `/`, and what they import; those that are not there come as skipped.
   * @default every .md, .mdc and .markdown file below the folder, .cursorrules, .windsurfrules and .clinerules
   */
  readonly files?: readonly string[];
  /** No more files are read than this. @default 10_000 */
  readonly maxFiles?: number;
  /** Called after each file; `total` grows by what is imported, and counts what is named twice twice. */
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
}

/** The longest text that is read unless more is asked for, in bytes. */
export const MARKDOWN_BYTES = 1_048_576;

const text = v.pipe(v.string(), v.nonEmpty("must not be empty"));
const count = v.pipe(v.number(), v.integer(), v.minValue(1));

/** The options that both have. */
const markdownEntries = {
  repository: v.optional(text),
  trust: v.optional(v.picklist(["own", "outside"])),
  kind: v.optional(v.picklist(MEMORY_KINDS)),
  tags: v.optional(v.pipe(v.array(v.pipe(text, v.maxLength(200))), v.maxLength(32))),
  maxCharacters: v.optional(v.pipe(count, v.minValue(200))),
  maxBytes: v.optional(count),
};

/** What `markdownMemories` accepts. */
export const markdownMemoriesOptionsSchema: v.GenericSchema<MarkdownMemoriesOptions> = v.strictObject({
  ...markdownEntries,
  path: text,
});

/** What `readMarkdownFolder` accepts. */
export const markdownFolderOptionsSchema: v.GenericSchema<MarkdownFolderOptions> = v.strictObject({
  ...markdownEntries,
  files: v.optional(v.array(text)),
  maxFiles: v.optional(count),
  onProgress: v.optional(
    v.custom<NonNullable<MarkdownFolderOptions["onProgress"]>>((value) => typeof value === "function"),
  ),
  signal: v.optional(v.instance(AbortSignal)),
});
