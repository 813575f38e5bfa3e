/** A part of a text, from one offset up to another, in UTF-16 code units. */
export interface Unit {
  readonly start: number;
  readonly end: number;
}

/** A line of prose that is longer than this is cut between sentences. */
const LONG = 400;
/** Code that is longer than this is cut before lines that are not indented. */
const LONG_CODE = 2000;
/** The share of a text's lines that must look like code. */
const MOSTLY = 0.6;

const LIST_ITEM = /^\s*(?:[-*+]|\d+\.)\s/;
const LIKE_CODE =
  /^(?:\s{2,}|\t)\S|[{};,()[\]:]\s*$|^\s*(?:def|class|function|func|fn|return|import|from|if|for|while|const|let|var|pub|public|private|#include)\b/;

/**
 * Cuts a text into the parts that are scored by themselves. Prose and dialogue: its lines, and the sentences of long lines,
 * gathered up to {@link LONG} characters. Code: the whole of it, since the words of a function stand for it together, or
 * stretches of {@link LONG_CODE} characters and more. Parts without a letter or digit are left out; a text that has none
 * is one part.
 */
export function unitsOf(text: string): readonly Unit[] {
  const lines = linesOf(text);
  const units = (isCode(text, lines) ? codeUnits(text, lines) : proseUnits(text, lines)).filter(
    ({ start, end }) => /[\p{L}\p{N}]/u.test(text.slice(start, end)),
  );
  return units.length > 0 ? units : [{ start: 0, end: text.length }];
}

function linesOf(text: string): readonly Unit[] {
  const lines: Unit[] = [];
  let start = 0;
  for (const line of text.split("\n")) {
    lines.push({ start, end: start + line.length });
    start += line.length + 1;
  }
  return lines;
}

function isCode(text: string, lines: readonly Unit[]): boolean {
  if (!/[({=]/.test(text)) return false;
  let all = 0;
  let code = 0;
  for (const { start, end } of lines) {
    const line = text.slice(start, end);
    if (line.trim() === "") continue;
    all += 1;
    if (LIKE_CODE.test(line) && !LIST_ITEM.test(line)) code += 1;
  }
  return all > 1 && code >= MOSTLY * all;
}

function codeUnits(text: string, lines: readonly Unit[]): Unit[] {
  const units: Unit[] = [];
  let start = 0;
  for (const line of lines) {
    if (line.start - start >= LONG_CODE && /^\S/.test(text.slice(line.start, line.end))) {
      units.push({ start, end: line.start - 1 });
      start = line.start;
    }
  }
  units.push({ start, end: text.length });
  return units;
}

function proseUnits(text: string, lines: readonly Unit[]): Unit[] {
  return lines.flatMap(({ start, end }) =>
    end - start > LONG ? [...sentences(text, start, end)] : [{ start, end }],
  );
}

function* sentences(text: string, from: number, to: number): Generator<Unit> {
  let start = from;
  let end = from;
  for (const { index, 0: mark } of text.slice(from, to).matchAll(/[.!?;。！？]["')\]]*\s+|$/g)) {
    const next = from + index + mark.length;
    if (next - start > LONG && end > start) {
      yield { start, end };
      start = end;
    }
    end = next;
  }
  if (start < to) yield { start, end: to };
}
