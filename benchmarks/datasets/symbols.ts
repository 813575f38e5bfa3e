import { readFile } from "node:fs/promises";
import { isAbsolute, join, normalize, posix } from "node:path";
import { throwIfAborted } from "@agentos/core";
import { unreadable } from "./read-lines.js";
import { type DataRecord, readRecords } from "./records.js";

/** Languages of the tests. */
export const SYMBOL_LANGUAGES = ["python", "typescript", "java", "javascript"] as const;

/** A language of the tests. */
export type SymbolLanguage = (typeof SYMBOL_LANGUAGES)[number];

/** One file of a test. */
export interface SymbolFragment {
  /** Relative, with `/`. */
  readonly path: string;
  readonly text: string;
  /** The line of the whole test file, 1-based, that is the first of this text. */
  readonly firstLine: number;
}

/** A line of a file of a test. */
export interface SymbolPlace {
  readonly path: string;
  /** 1-based, within that file. */
  readonly line: number;
}

/** What a position in a file is said to refer to. */
export interface SymbolAssertion extends SymbolPlace {
  /** 0-based, in UTF-16 units. */
  readonly column: number;
  /** The lines on which its definitions are; none: it must not be resolved. */
  readonly expected: readonly SymbolPlace[];
}

/** A small project, and what names in it refer to. */
export interface SymbolTest {
  /** Path of the test file. */
  readonly name: string;
  readonly fragments: readonly SymbolFragment[];
  readonly assertions: readonly SymbolAssertion[];
}

const PUBLISHED = "https://github.com/github/stack-graphs (languages/*/test)";

// For example `# --- path: a.py ---`, and between the marks of a block comment `--- global: FILE_PATH=a.ts ---`.
const HEADER = /^\s*(?:#|\/\/|\/\*)\s*-{3,}\s*(path|global):\s*(.+?)\s*-{3,}\s*(?:#|\*\/)?\s*$/;

/**
 * Reads the tests of one language: `symbols/gold-<language>.jsonl` and the files that it names in `symbols/<language>/`.
 * Throws `DATASET_MISSING`, `DATASET_UNREADABLE`, `DATASET_LINE_BROKEN` or `ABORTED`.
 */
export async function readSymbolTests(
  data: string,
  language: SymbolLanguage,
  signal?: AbortSignal,
): Promise<readonly SymbolTest[]> {
  const folder = join(data, "symbols");
  const source = { file: join(folder, `gold-${language}.jsonl`), published: PUBLISHED };
  const tests: SymbolTest[] = [];
  for await (const record of readRecords(source, signal)) {
    throwIfAborted(signal);
    const name = record.text("test");
    if (!isWithin(name)) record.fail(`"test" leads out of its folder`);
    tests.push(testOf(name, await readTest(join(folder, language, name)), record));
  }
  return tests;
}

/** The line of the whole test file, 1-based, that is this line of one of its fragments; undefined where there is none. */
export function wholeLine(test: SymbolTest, { path, line }: SymbolPlace): number | undefined {
  const fragment = test.fragments.find((each) => each.path === path);
  return fragment && fragment.firstLine + line - 1;
}

async function readTest(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw unreadable({ file, published: PUBLISHED }, cause);
  }
}

function testOf(name: string, text: string, record: DataRecord): SymbolTest {
  const fragments = split(text) ?? [{ path: posix.basename(name), text, firstLine: 1 }];
  for (const { path } of fragments)
    if (!isWithin(path)) record.fail(`a fragment of ${name} leads out of its folder`);
  const placeOf = (line: number): SymbolPlace =>
    placeIn(fragments, line) ?? record.fail(`${name} has no fragment at line ${line}`);
  const assertions = record.records("assertions").map((assertion) => ({
    ...placeOf(assertion.integer("line")),
    column: assertion.integer("col"),
    expected: assertion.integers("expect").map(placeOf),
  }));
  return { name, fragments, assertions };
}

/**
 * The fragments of a test file; undefined where it has no headers. A fragment starts at its first line that is not blank:
 * that is where a file as a whole is taken to be defined. What is above the first header is left out.
 */
function split(text: string): readonly SymbolFragment[] | undefined {
  const fragments: { path: string; lines: string[]; firstLine: number }[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    const [, kind, value] = HEADER.exec(line) ?? [];
    const current = fragments.at(-1);
    if (kind === "path" && value !== undefined) {
      fragments.push({ path: value, lines: [], firstLine: index + 2 });
    } else if (
      current !== undefined &&
      current.lines.length === 0 &&
      (kind !== undefined || line.trim() === "")
    ) {
      current.firstLine = index + 2;
    } else if (current !== undefined) {
      // A later setting of the tests' own machinery is no part of a file, but keeps its line.
      current.lines.push(kind === undefined ? line : "");
    }
  }
  if (fragments.length === 0) return undefined;
  return fragments.map(({ path, lines, firstLine }) => ({ path, text: lines.join("\n"), firstLine }));
}

function placeIn(fragments: readonly SymbolFragment[], line: number): SymbolPlace | undefined {
  const fragment = fragments.find(
    ({ firstLine, text }) => firstLine <= line && line < firstLine + text.split("\n").length,
  );
  return fragment && { path: fragment.path, line: line - fragment.firstLine + 1 };
}

function isWithin(path: string): boolean {
  return !isAbsolute(path) && normalize(path).split(/[\\/]/)[0] !== "..";
}
