import { entryFileOf, isSafePath, type Language, type Task } from "@agentos/core";

/** Files found in a model's reply, or why there are none. */
export type ExtractedCode =
  | { readonly files: Readonly<Record<string, string>>; readonly notes: readonly string[] }
  | { readonly files?: undefined; readonly reason: string };

interface Block {
  readonly language: string;
  readonly path: string | undefined;
  readonly content: string;
}

const TAGS: Readonly<Record<Language, readonly string[]>> = {
  javascript: ["javascript", "js", "jsx", "mjs", "cjs", "node"],
  typescript: ["typescript", "ts", "tsx", "mts", "cts"],
  python: ["python", "py", "python3"],
  go: ["go", "golang"],
  rust: ["rust", "rs"],
  java: ["java"],
  bash: ["bash", "sh", "shell"],
};

/** A longer line names no file, and is not searched for one. */
const MAX_NAMING_LINE = 300;

/** A relative path whose last part has an extension. */
const PATH = /^(?:[\w@.[\]()-]+\/)*[\w@.[\]()-]*\.\w+$/;

/**
 * Reads the code out of a reply: fenced blocks, each with its path after the language (` ```ts src/a.ts `), in a
 * comment on its first line (`# src/a.py`) or in the line above it (`### src/a.ts`). In a task of loose files one
 * block without a path is the entry file. What a reasoning model thought aloud is left out.
 */
export function extractCode(reply: string, task: Task): ExtractedCode {
  const blocks = fencedBlocks(withoutThoughts(reply)).filter((block) => block.content.trim() !== "");
  if (blocks.length === 0) {
    return { reason: reply.trim() === "" ? "the reply was empty" : "the reply had no fenced code block" };
  }
  const files = new Map<string, string>();
  const notes: string[] = [];
  for (const { path, content } of blocks) {
    if (path === undefined) continue;
    if (isSafePath(path)) files.set(path, content);
    else notes.push(`a block for ${path} was left out: not a path inside the workspace`);
  }
  const entry = task.project === undefined || task.entryFile !== undefined ? entryFileOf(task) : undefined;
  if (entry !== undefined && !files.has(entry)) {
    const unnamed = longest(
      blocks.filter((block) => block.path === undefined && speaks(block, task.language)),
    );
    const [only, another] = [...files];
    if (unnamed !== undefined) files.set(entry, unnamed.content);
    else if (only !== undefined && another === undefined && task.project === undefined) {
      notes.push(`the only file, ${only[0]}, was taken for ${entry}`);
      files.delete(only[0]);
      files.set(entry, only[1]);
    }
  }
  if (files.size > 0) return { files: Object.fromEntries(files), notes };
  return {
    reason:
      notes[0] ??
      (entry === undefined
        ? "no code block said which file of the project it is for"
        : `no code block was in ${task.language}`),
  };
}

function fencedBlocks(reply: string): Block[] {
  const blocks: Block[] = [];
  let open: { marker: string; info: string; above: string; lines: string[]; indent: number } | undefined;
  let above = "";
  const close = () => {
    if (open !== undefined) blocks.push(blockOf(open.info, open.above, open.lines));
    open = undefined;
    above = "";
  };
  for (const line of reply.split(/\r\n|\n|\r/)) {
    const fence = /^( *)(`{3,}|~{3,})(.*)$/.exec(line);
    const [, indent = "", marker = "", info = ""] = fence ?? [];
    if (open === undefined) {
      const inline = marker.startsWith("`") && info.includes("`");
      if (fence !== null && !inline)
        open = { marker, info: info.trim(), above, lines: [], indent: indent.length };
      else if (line.trim() !== "") above = line;
    } else if (
      fence !== null &&
      info.trim() === "" &&
      marker[0] === open.marker[0] &&
      marker.length >= open.marker.length &&
      indent.length <= open.indent + 3
    ) {
      close();
    } else {
      open.lines.push(withoutIndent(line, open.indent));
    }
  }
  // A reply cut off at its longest length ends inside its last block: what there is may still be worth judging.
  close();
  return blocks;
}

function blockOf(info: string, above: string, lines: readonly string[]): Block {
  const [tag = "", ...rest] = info.split(/\s+/);
  const [language = "", joined] = tag.split(":", 2);
  const content = lines.length === 0 ? "" : `${lines.join("\n")}\n`;
  const path =
    pathIn(joined) ??
    pathIn(rest.join(" ")) ??
    pathIn(language) ??
    commentPath(lines[0]) ??
    headingPath(above);
  return { language: pathIn(language) === undefined ? language.toLowerCase() : "", path, content };
}

/** `src/a.ts`, `path=src/a.ts`, `title="src/a.ts"`, `{src/a.ts}`; undefined when the text is anything else. */
function pathIn(text: string | undefined): string | undefined {
  if (text === undefined || text.length > MAX_NAMING_LINE) return undefined;
  const bare = text
    .trim()
    .replace(/^\{(.*)\}$/, "$1")
    .replace(/^(?:path|file|filename|title|name)\s*[=:]\s*/i, "")
    .replace(/^(["'`])(.*)\1$/, "$2")
    .replace(/^\.\//, "");
  return looksLikePath(bare) ? bare : undefined;
}

function commentPath(line = ""): string | undefined {
  if (line.length > MAX_NAMING_LINE) return undefined;
  const comment = /^\s*(?:#|\/\/|--|\/\*|<!--)\s*(.*?)\s*(?:\*\/|-->)?\s*$/.exec(line);
  return pathIn(comment?.[1]);
}

function headingPath(line: string): string | undefined {
  if (line.length > MAX_NAMING_LINE) return undefined;
  const heading = /^\s*(?:#{1,6}\s+|\*\*|__|(?=`))(?:file:?\s*)?(.*?)(?:\*\*|__)?:?\s*$/i.exec(line);
  return pathIn(heading?.[1]?.replace(/(?:\*\*|__):?$/, "").replace(/:$/, ""));
}

function looksLikePath(text: string): boolean {
  // An absolute path and one with ".." are still meant as paths: they must be refused, not taken for something else.
  return PATH.test(
    text
      .replace(/^\//, "")
      .replace(/^[A-Za-z]:[\\/]/, "")
      .replaceAll("\\", "/"),
  );
}

function speaks(block: Block, language: Language): boolean {
  return block.language === "" || TAGS[language].includes(block.language);
}

/** The longest is the solution, shorter ones are examples of its use; of two as long, the later is the correction. */
function longest(blocks: readonly Block[]): Block | undefined {
  return blocks.reduce<Block | undefined>(
    (best, block) => (best === undefined || block.content.length >= best.content.length ? block : best),
    undefined,
  );
}

function withoutIndent(line: string, width: number): string {
  const spaces = /^ */.exec(line)?.[0].length ?? 0;
  return line.slice(Math.min(spaces, width));
}

function withoutThoughts(reply: string): string {
  return reply.replace(/^\s*<think(?:ing)?>[\s\S]*?(?:<\/think(?:ing)?>|$)/, "");
}
