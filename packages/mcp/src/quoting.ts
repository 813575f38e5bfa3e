import { quoteOutside } from "@agentos/core";

/** Longest text of one part of an answer, in UTF-16 units. */
const LONGEST = 8_000;

/** A text from a project, a run or a memory, shortened in its middle, as quoted data. */
export function quoted(text: string, longest: number = LONGEST): string {
  return quoteOutside(shortened(text, longest));
}

/** A text on one line, without anything that a person does not see. */
export function onOneLine(text: string): string {
  return quoteOutside(text.replace(/\s+/g, " ").trim()).slice(2);
}

function shortened(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const half = Math.floor(longest / 2);
  return `${text.slice(0, half)}\n… ${text.length - 2 * half} characters left out …\n${text.slice(-half)}`;
}
