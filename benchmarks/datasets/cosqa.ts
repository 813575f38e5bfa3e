import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { throwIfAborted } from "@agentos/core";
import { findFiles } from "./find-files.js";
import { unreadable } from "./read-lines.js";

/** Queries of the web, and the Python functions among which their answers are. */
export interface Cosqa {
  /** By index. */
  readonly functions: readonly string[];
  readonly queries: readonly { readonly text: string; readonly answer: number }[];
}

const PUBLISHED = "https://github.com/microsoft/CodeXGLUE (Text-Code/NL-code-search-WebQuery)";

/**
 * Reads CoSQA: `memory/cosqa-retrieval-*.json` and `memory/cosqa-code_idx_map.txt`. Throws `DATASET_MISSING`,
 * `DATASET_UNREADABLE` or `ABORTED`.
 */
export async function readCosqa(data: string, signal?: AbortSignal): Promise<Cosqa> {
  throwIfAborted(signal);
  const folder = join(data, "memory");
  const [codes] = await findFiles(folder, /^cosqa-code_idx_map\.txt$/, PUBLISHED);
  const [questions] = await findFiles(folder, /^cosqa-retrieval-.*\.json$/, PUBLISHED);
  const map = await readJson<Record<string, number>>(codes);
  const functions: string[] = [];
  for (const [code, index] of Object.entries(map)) functions[index] = code;
  const rows = await readJson<readonly { readonly doc: string; readonly retrieval_idx: number }[]>(questions);
  return { functions, queries: rows.map(({ doc, retrieval_idx }) => ({ text: doc, answer: retrieval_idx })) };
}

async function readJson<Value>(file: string): Promise<Value> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as Value;
  } catch (cause) {
    throw unreadable({ file, published: PUBLISHED }, cause);
  }
}
