import { coreError, type MemoryKind, type MemorySource, type Trust, validate } from "@agentos/core";
import { memoryError } from "../errors.js";
import { type FrontMatter, readFrontMatter } from "./front-matter.js";
import {
  MARKDOWN_BYTES,
  type MarkdownMemoriesOptions,
  markdownMemoriesOptionsSchema,
} from "./markdown-options.js";
import { contextName, piecesOf, type Statement } from "./parts.js";
import { statementsOf } from "./statements.js";

/** Where in which file a memory stands. */
export interface MarkdownSource extends MemorySource {
  readonly path: string;
  readonly lines: readonly [first: number, last: number];
}

/** A memory that a file gives. With a scope it is a `MemoryInput`. */
export interface MarkdownMemory {
  /** The headings above it in one line, when there are any, then what it says. */
  readonly content: string;
  readonly kind: MemoryKind;
  readonly tags: readonly string[];
  readonly trust: Trust;
  /** The file, and the first and last line, counted from 1. */
  readonly source: MarkdownSource;
}

/** What a text of Markdown gives. */
export interface MarkdownReading {
  readonly memories: readonly MarkdownMemory[];
  /** Paths behind an `@` outside code: what CLAUDE.md brings in. Not checked. */
  readonly imports: readonly string[];
}

const STATEMENT_CHARACTERS = 4_000;
const CONTEXT_CHARACTERS = 600;

/**
 * A text of Markdown as memories: one for each paragraph, item of a list and row of a table, in their order, each with the
 * headings above it. Code goes with the paragraph before it; comments are dropped; `title`, `description` and tags of the
 * front matter are used. Throws `OPTIONS_INVALID`, `INPUT_INVALID`, `MEMORY_MARKDOWN_TOO_LONG`.
 */
export function markdownMemories(
  markdown: string,
  options: MarkdownMemoriesOptions,
): readonly MarkdownMemory[] {
  return readMarkdown(markdown, options).memories;
}

/** As {@link markdownMemories}, with what the text brings in. */
export function readMarkdown(markdown: string, options: MarkdownMemoriesOptions): MarkdownReading {
  const checked = validate(markdownMemoriesOptionsSchema, options, { what: "Markdown options" });
  if (typeof markdown !== "string") throw coreError("INPUT_INVALID", "Markdown must be a text.");
  const bytes = Buffer.byteLength(markdown);
  const limit = checked.maxBytes ?? MARKDOWN_BYTES;
  if (bytes > limit) {
    throw memoryError(
      "MEMORY_MARKDOWN_TOO_LONG",
      `${checked.path} has ${bytes} bytes; at most ${limit} are read. Split it, or raise maxBytes.`,
      { details: { path: checked.path, bytes, limit } },
    );
  }
  const lines = markdown.replace(/^\uFEFF/, "").split(/\r\n|\n|\r/);
  const front = readFrontMatter(lines);
  const { statements, imports } = statementsOf(lines.slice(front.lines), front.lines + 1, front.title);
  const said = [...described(front), ...statements];
  return { memories: said.flatMap((statement) => memoriesOf(statement, front, checked)), imports };
}

function described({ title, description, lines }: FrontMatter): readonly Statement[] {
  const context = title === undefined ? [] : [contextName(title)];
  return description === undefined ? [] : [{ context, text: description, lines: { first: 1, last: lines } }];
}

function memoriesOf(
  { context, text: said, lines }: Statement,
  front: FrontMatter,
  { path, repository, trust = "outside", kind = "fact", tags = [], maxCharacters }: MarkdownMemoriesOptions,
): readonly MarkdownMemory[] {
  const above = contextLine(context);
  const source: MarkdownSource = {
    ...(repository !== undefined && { repository }),
    path,
    lines: [lines.first, lines.last],
  };
  return piecesOf(said, maxCharacters ?? STATEMENT_CHARACTERS).map((piece) => ({
    content: above === "" ? piece : `${above}\n${piece}`,
    kind,
    tags: [...new Set([...tags, ...front.tags])],
    trust,
    source,
  }));
}

/** Headings in one line; of too many the nearest ones. */
function contextLine(context: readonly string[]): string {
  const names = [...context];
  while (names.length > 1 && names.join(" › ").length > CONTEXT_CHARACTERS) names.shift();
  return names.join(" › ");
}
