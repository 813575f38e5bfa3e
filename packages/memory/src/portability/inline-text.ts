import type { Token } from "markdown-it";

/** No system has longer paths. */
const PATH_CHARACTERS = 4_096;

/** The text of a line of Markdown, and what it brings in. */
export interface InlineText {
  /** Emphasis and comments gone, code in its backticks, links as their text with the address behind it. */
  readonly text: string;
  /** Whether all of it is bold: a heading that is none. */
  readonly bold: boolean;
  /** Paths behind an `@`, outside code. */
  readonly imports: readonly string[];
}

/** Reads the children of an `inline` token. */
export function inlineText(children: readonly Token[]): InlineText {
  const parts: string[] = [];
  const links: { readonly href: string; readonly from: number }[] = [];
  const imports: string[] = [];
  let strong = 0;
  let plain = false;
  for (const token of children) {
    const part = partOf(token);
    if (part.trim() !== "" && strong === 0) plain = true;
    if (part !== "") parts.push(part);
    if (token.type === "strong_open") strong += 1;
    else if (token.type === "strong_close") strong -= 1;
    else if (token.type === "link_open")
      links.push({ href: String(token.attrGet("href") ?? ""), from: parts.length });
    else if (token.type === "link_close") parts.push(addressOf(links.pop(), parts));
    else if (token.type === "text") imports.push(...importsOf(token.content));
  }
  const text = parts.join("").trim();
  return { text, bold: !plain && text !== "", imports };
}

function partOf(token: Token): string {
  switch (token.type) {
    case "text":
    case "text_special":
      return token.content;
    case "code_inline":
      return `\`${token.content}\``;
    case "image":
      return token.content;
    case "softbreak":
    case "hardbreak":
      return "\n";
    default:
      return "";
  }
}

/** The address of a link, unless its text says it already. */
function addressOf(
  link: { readonly href: string; readonly from: number } | undefined,
  parts: readonly string[],
): string {
  if (link === undefined || link.href === "" || link.href.startsWith("#")) return "";
  const label = parts.slice(link.from).join("").trim();
  const href = readable(link.href);
  return label === "" ? href : href === label || href === `mailto:${label}` ? "" : ` (${href})`;
}

/** Addresses come percent-encoded. */
function readable(href: string): string {
  try {
    return decodeURI(href);
  } catch {
    return href;
  }
}

/** `@docs/style.md`, but not `someone@example.com`. */
function importsOf(text: string): readonly string[] {
  return [...text.matchAll(/(?<!\S)@([^\s@`]+)/g)].flatMap(([, path = ""]) => {
    let end = path.length;
    while (end > 0 && ".,;:!?)]".includes(path.charAt(end - 1))) end -= 1;
    return end === 0 || end > PATH_CHARACTERS ? [] : [path.slice(0, end)];
  });
}

/** The text between the tags of a block of HTML; comments, scripts and styles are dropped. */
export function htmlText(html: string): string {
  if (/^\s*<(script|style)\b/i.test(html)) return "";
  const parts: string[] = [];
  let at = 0;
  while (at < html.length) {
    const open = html.indexOf("<", at);
    if (open < 0) break;
    parts.push(html.slice(at, open));
    const comment = html.startsWith("<!--", open);
    const close = html.indexOf(comment ? "-->" : ">", open);
    // What is not closed is dropped to the end, as a browser would.
    at = close < 0 ? html.length : close + (comment ? 3 : 1);
  }
  parts.push(html.slice(at));
  return parts
    .join("")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .join("\n");
}
