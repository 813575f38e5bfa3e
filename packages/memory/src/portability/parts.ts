/** Lines of a file, counted from 1, both included. */
export interface Line {
  readonly first: number;
  readonly last: number;
}

/** One block of a file. */
export interface Part {
  readonly text: string;
  readonly lines: Line;
  /** Whether it is code, which goes with the paragraph before it. */
  readonly code?: boolean;
  /** Whether it is there for what follows: it ends with a colon, or is all bold. */
  readonly introduces?: boolean;
}

/** Something that a file says, and what stands above it. */
export interface Statement {
  /** Names of the headings from the first level down, then of the items and the sentence that introduce it. */
  readonly context: readonly string[];
  readonly text: string;
  readonly lines: Line;
}

/** Blocks that are said as one; undefined when there is none. */
export function partsTogether(parts: readonly Part[]): Pick<Statement, "text" | "lines"> | undefined {
  const first = parts[0];
  const last = parts.at(-1);
  if (first === undefined || last === undefined) return undefined;
  return {
    text: parts.map(({ text }) => text).join("\n"),
    lines: { first: first.lines.first, last: last.lines.last },
  };
}

/** The longest name of a context, in UTF-16 code units. */
export const NAME_CHARACTERS = 120;

/** A heading or a sentence as it stands above others: short, since it may stand above many. */
export function contextName(text: string): string {
  // More than this is not looked at: white space that goes away counts a little.
  const name = text
    .slice(0, 4 * NAME_CHARACTERS)
    .replace(/\s+/g, " ")
    .replace(/:$/, "");
  return name.length <= NAME_CHARACTERS ? name : `${name.slice(0, NAME_CHARACTERS - 1).trimEnd()}…`;
}

/** Whether a text has a letter or a digit. */
export function hasWords(text: string): boolean {
  return /[\p{L}\p{N}]/u.test(text);
}

/**
 * A text in pieces of at most so many UTF-16 code units, cut at the end of a line, else of a sentence, else between words, else
 * between characters. Nothing but white space at the cuts is lost.
 */
export function piecesOf(text: string, most: number): readonly string[] {
  const pieces: string[] = [];
  let at = 0;
  while (text.length - at > most) {
    const cut = cutOf(text.slice(at, at + most));
    pieces.push(text.slice(at, at + cut).trim());
    at += cut;
  }
  pieces.push(text.slice(at).trim());
  return pieces.filter((piece) => piece !== "");
}

function cutOf(window: string): number {
  // A cut before the middle would leave crumbs.
  const half = window.length / 2;
  for (const [end, length] of [
    ["\n", 1],
    [". ", 2],
    [" ", 1],
  ] as const) {
    const cut = window.lastIndexOf(end);
    if (cut > half) return cut + length;
  }
  const last = window.charCodeAt(window.length - 1);
  const splitsPair = last >= 0xd800 && last < 0xdc00;
  return splitsPair && window.length > 1 ? window.length - 1 : window.length;
}
