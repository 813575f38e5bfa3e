import { spawn } from "node:child_process";
import { abortedError } from "@agentos/core";
import type { SearchQuery } from "./search-queries.js";

/** A line that ripgrep found: `path`, a zero byte, `number:text`. */
export interface RipgrepLine {
  readonly path: string;
  readonly line: number;
  readonly text: string;
}

/**
 * Runs ripgrep over a folder, every file of it, and reads what it prints.
 * @param lines after how many it is ended, as by `head`; undefined for all
 */
export async function ripgrep(
  folder: string,
  query: SearchQuery,
  signal: AbortSignal,
  lines?: number,
): Promise<Buffer> {
  const child = spawn("rg", [...argumentsOf(query, lines), "./"], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    signal,
  });
  const chunks: Buffer[] = [];
  const errors: Buffer[] = [];
  let count = 0;
  let isEnough = false;
  child.stderr.on("data", (chunk: Buffer) => errors.push(chunk));
  child.stdout.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    if (lines === undefined || isEnough) return;
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) count += 1;
    if (count < lines) return;
    isEnough = true;
    child.kill();
  });
  await new Promise<void>((resolve, reject) => {
    child.once("error", (error) => reject(signal.aborted ? abortedError(signal) : error));
    child.once("close", (code) => {
      // 1: nothing was found.
      if (isEnough || code === 0 || code === 1) resolve();
      else reject(new Error(`ripgrep failed on ${query.text}: ${Buffer.concat(errors).toString()}`));
    });
  });
  return Buffer.concat(chunks);
}

/** The lines of what ripgrep printed. */
export function ripgrepLines(output: Buffer): readonly RipgrepLine[] {
  const found: RipgrepLine[] = [];
  for (let start = 0; start < output.length; ) {
    const zero = output.indexOf(0, start);
    const colon = output.indexOf(":", zero);
    const feed = output.indexOf("\n", colon);
    const end = feed < 0 ? output.length : feed;
    found.push({
      path: output.toString("utf8", start, zero).replace(/^\.\//, ""),
      line: Number(output.toString("latin1", zero + 1, colon)),
      text: output.toString("utf8", colon + 1, end).replace(/\r$/, ""),
    });
    start = end + 1;
  }
  return found;
}

function argumentsOf({ text, regex, word, caseSensitive }: SearchQuery, lines: number | undefined): string[] {
  return [
    ...[
      "--no-config",
      "--no-ignore",
      "--hidden",
      "--text",
      "--no-heading",
      "--with-filename",
      "--null",
      "--color=never",
      "-n",
    ],
    ...(regex ? [] : ["--fixed-strings"]),
    ...(word ? ["--word-regexp"] : []),
    caseSensitive ? "--case-sensitive" : "--ignore-case",
    ...(lines === undefined ? [] : ["--max-count", String(lines)]),
    ...["--regexp", text],
  ];
}
