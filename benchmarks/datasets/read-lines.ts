import { createReadStream } from "node:fs";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { abortedError, throwIfAborted } from "@agentos/core";
import { datasetError } from "./errors.js";

/** Where a file of a data set is published, for messages. */
export interface Source {
  /** Path of the file. */
  readonly file: string;
  /** Where to get it. */
  readonly published: string;
}

/** One line of a file. */
export interface Line {
  readonly text: string;
  /** 1-based. */
  readonly number: number;
}

const NEWLINE = 10;

/**
 * Reads a text file line by line, decompressing it when its name ends in `.gz`. Empty lines are left out.
 * Throws `DATASET_MISSING`, `DATASET_UNREADABLE` (cut off or not gzip) or `DATASET_LINE_BROKEN` (not UTF-8).
 */
export async function* readLines(source: Source, signal?: AbortSignal): AsyncGenerator<Line> {
  throwIfAborted(signal);
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let number = 0;
  const decode = (bytes: Uint8Array): string => {
    number += 1;
    try {
      return decoder.decode(bytes).replace(/\r$/, "");
    } catch (cause) {
      throw brokenLine(source, number, "it is not UTF-8", cause);
    }
  };
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks(source, signal)) {
    let buffer = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (let end = buffer.indexOf(NEWLINE); end >= 0; end = buffer.indexOf(NEWLINE)) {
      const text = decode(buffer.subarray(0, end));
      buffer = buffer.subarray(end + 1);
      if (text !== "") yield { text, number };
    }
    rest = buffer;
  }
  if (rest.length > 0) yield { text: decode(rest), number };
}

/** The error of a line that cannot be used. */
export function brokenLine(source: Source, line: number, problem: string, cause?: unknown): Error {
  return datasetError(
    "DATASET_LINE_BROKEN",
    `${source.file}, line ${line}: ${problem}. Fetch the file again from ${source.published}.`,
    { cause, details: { file: source.file, line } },
  );
}

async function* chunks(source: Source, signal: AbortSignal | undefined): AsyncGenerator<Buffer> {
  const file = createReadStream(source.file, { signal });
  // `pipeline` passes an error of the file on to the reader of the decompressed stream.
  const stream = source.file.endsWith(".gz") ? pipeline(file, createGunzip(), () => {}) : file;
  try {
    for await (const chunk of stream) yield chunk as Buffer;
  } catch (cause) {
    if (signal?.aborted) throw abortedError(signal);
    throw unreadable(source, cause);
  } finally {
    file.destroy();
  }
}

/** The error of a file that could not be read: missing or damaged. */
export function unreadable(source: Source, cause: unknown): Error {
  const code = (cause as { code?: unknown }).code;
  const details = { file: source.file };
  return code === "ENOENT" || code === "ENOTDIR"
    ? datasetError(
        "DATASET_MISSING",
        `${source.file} is missing. It is published at ${source.published}; put it there, or name another folder.`,
        { cause, details },
      )
    : datasetError(
        "DATASET_UNREADABLE",
        `${source.file} cannot be read (${code ?? cause}). Fetch it again from ${source.published}.`,
        { cause, details },
      );
}
