import { quoteOutside, withoutUnseen } from "@agentos/core";

/** Longest text of one part of an answer, in UTF-16 units. */
const LONGEST = 8_000;

/** A text from a project, a run or a memory, shortened in its middle, as quoted data. */
export function quoted(text: string, longest: number = LONGEST): string {
  return quoteOutside(shortened(text, longest));
}

/** A text on one line, without anything that a person does not see. */
export function onOneLine(text: string): string {
  return withoutUnseen(text.replace(/\s+/g, " ").trim());
}

/** A text on one line, as quoted data. */
export function quotedLine(text: string): string {
  return `> ${onOneLine(text)}`;
}

/** Data whose texts have nothing in them that a person does not see, each shortened in its middle: clients show a model the data, too. */
export function bounded<Data>(data: Data): Data {
  if (typeof data === "string") return shortened(withoutUnseen(data), LONGEST) as Data;
  if (Array.isArray(data)) return data.map((each) => bounded(each)) as Data;
  if (typeof data !== "object" || data === null) return data;
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, bounded(value)])) as Data;
}

function shortened(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const half = Math.floor(longest / 2);
  return `${text.slice(0, half)}\n… ${text.length - 2 * half} characters left out …\n${text.slice(-half)}`;
}
