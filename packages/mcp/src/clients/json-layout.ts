import type { Edit, Node } from "jsonc-parser";

/** How a JSON text is laid out. */
export interface JsonLayout {
  readonly lineEnd: string;
  /** One step of indentation. */
  readonly step: string;
  /** Without spaces, as programs write it. */
  readonly isTight: boolean;
  /** Whether it has more than one line. */
  readonly hasLines: boolean;
}

/** Reads the layout off a text. */
export function layoutOf(text: string): JsonLayout {
  return {
    lineEnd: text.includes("\r\n") ? "\r\n" : "\n",
    step: /^([ \t]+)"/m.exec(text)?.[1] ?? "  ",
    isTight: /":\S/.test(text) && !/":\s/.test(text),
    hasLines: text.trim().includes("\n"),
  };
}

/** A value as text. @param indent of the line that it begins in; undefined: it stays on one line */
export function jsonText(value: unknown, layout: JsonLayout, indent?: string): string {
  if (layout.isTight && indent === undefined) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item) => jsonText(item, layout)).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const inner = indent === undefined ? undefined : indent + layout.step;
  const properties = Object.entries(value).map((entry) => propertyText(entry, layout, inner));
  if (inner === undefined) return `{ ${properties.join(", ")} }`;
  const lines = properties.map((property) => `${layout.lineEnd}${inner}${property}`);
  return `{${lines.join(",")}${layout.lineEnd}${indent}}`;
}

/** Puts properties at the end of an object: what is there already keeps its place and its comments. */
export function insertions(
  text: string,
  object: Node,
  properties: readonly (readonly [string, unknown])[],
  layout: JsonLayout,
): readonly Edit[] {
  if (properties.length === 0) return [];
  const last = object.children?.at(-1);
  return last === undefined
    ? intoEmpty(text, object, properties, layout)
    : behind(text, object, last, properties, layout);
}

function behind(
  text: string,
  object: Node,
  last: Node,
  properties: readonly (readonly [string, unknown])[],
  layout: JsonLayout,
): readonly Edit[] {
  const value = last.offset + last.length;
  const comma = trailingComma(text, value);
  const end = comma ?? value;
  const place = behindComments(text, end);
  const beginsLine = lineStart(text, last.offset).trim() === "";
  const afterLineComment = text.slice(end, place).includes("//");
  const indent = beginsLine
    ? indentation(text, last.offset)
    : afterLineComment
      ? indentation(text, object.offset) + layout.step
      : undefined;
  const lead = indent !== undefined ? layout.lineEnd + indent : layout.isTight ? "" : " ";
  const added = properties.map((property) => lead + propertyText(property, layout, indent)).join(",");
  if (comma !== undefined) return [insert(place, `${added},`)];
  // The comma stands before a comment on the last property, which so stays that property's.
  return place === end ? [insert(end, `,${added}`)] : [insert(end, ","), insert(place, added)];
}

function intoEmpty(
  text: string,
  object: Node,
  properties: readonly (readonly [string, unknown])[],
  layout: JsonLayout,
): readonly Edit[] {
  const start = object.offset + 1;
  const end = object.offset + object.length - 1;
  const comments = lastComment(text, start);
  const isRoot = object.parent === undefined;
  if (isRoot || layout.hasLines) {
    const indent = indentation(text, object.offset) + layout.step;
    const added = properties
      .map((property) => layout.lineEnd + indent + propertyText(property, layout, indent))
      .join(",");
    const endsLine = /[\r\n]/.test(text.slice(comments, end));
    return [
      endsLine
        ? insert(comments, added)
        : insert(end, added + layout.lineEnd + indentation(text, object.offset)),
    ];
  }
  const separator = layout.isTight ? "," : ", ";
  const space = layout.isTight || start < end ? "" : " ";
  const added = properties.map((property) => propertyText(property, layout)).join(separator);
  return [insert(end, space + added + (layout.isTight ? "" : " "))];
}

function propertyText([key, value]: readonly [string, unknown], layout: JsonLayout, indent?: string): string {
  const colon = layout.isTight && indent === undefined ? ":" : ": ";
  return JSON.stringify(key) + colon + jsonText(value, layout, indent);
}

function insert(offset: number, content: string): Edit {
  return { offset, length: 0, content };
}

/** Where a comma that nothing follows ends. */
function trailingComma(text: string, from: number): number | undefined {
  const at = pieces(text, from).at(-1)?.end ?? from;
  return text[at] === "," ? at + 1 : undefined;
}

/** Behind the comments that begin and end in the same line. */
function behindComments(text: string, from: number): number {
  let place = from;
  for (const { isComment, end } of pieces(text, from)) {
    if (/[\r\n]/.test(text.slice(from, end))) break;
    if (isComment) place = end;
  }
  return place;
}

/** Where the last of the comments ends that lie here; `from` when there are none. */
function lastComment(text: string, from: number): number {
  return pieces(text, from).findLast(({ isComment }) => isComment)?.end ?? from;
}

/** White space and comments, piece by piece. */
function pieces(
  text: string,
  from: number,
): readonly { readonly isComment: boolean; readonly end: number }[] {
  const piece = /\s+|\/\/[^\r\n]*|\/\*[\s\S]*?\*\//y;
  piece.lastIndex = from;
  const found: { isComment: boolean; end: number }[] = [];
  for (let match = piece.exec(text); match !== null; match = piece.exec(text))
    found.push({ isComment: match[0].startsWith("/"), end: piece.lastIndex });
  return found;
}

/** What stands before it in its line. */
function lineStart(text: string, offset: number): string {
  const before = text.slice(0, offset);
  return before.slice(Math.max(before.lastIndexOf("\n"), before.lastIndexOf("\r")) + 1);
}

/** White space that its line begins with. */
function indentation(text: string, offset: number): string {
  return /^[ \t]*/.exec(lineStart(text, offset))?.[0] ?? "";
}
