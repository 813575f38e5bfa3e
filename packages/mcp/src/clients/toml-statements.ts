import { parse } from "smol-toml";

/** A table's header, or a key with its value: where it lies in a TOML text. */
export interface TomlStatement {
  readonly kind: "table" | "array" | "value";
  /** Names from the top: of the table, or of the table and the key. */
  readonly path: readonly string[];
  /** Where the value begins. */
  readonly start: number;
  /** Where the value or the header ends. */
  readonly end: number;
}

/** Lists the statements of a TOML text that parses, in order. Values are passed over, not read. */
export function tomlStatements(text: string): readonly TomlStatement[] {
  const found: TomlStatement[] = [];
  let table: readonly string[] = [];
  let at = behindBlank(text, 0);
  while (at < text.length) {
    const header = /\[\[?/y;
    header.lastIndex = at;
    const opened = header.exec(text)?.[0].length ?? 0;
    const keyEnd = behindKey(text, at + opened);
    const path = names(text.slice(at + opened, keyEnd));
    const start = behindBlank(text, keyEnd + 1);
    const end = opened > 0 ? keyEnd + opened : behindValue(text, start);
    if (opened > 0) {
      table = path;
      found.push({ kind: opened === 2 ? "array" : "table", path, start: at, end });
    } else found.push({ kind: "value", path: [...table, ...path], start, end });
    at = behindBlank(text, end);
  }
  return found;
}

/** Where the line of a statement ends, its comment included. */
export function lineEndOf(text: string, { end }: TomlStatement): number {
  const line = /[^\r\n]*/y;
  line.lastIndex = end;
  line.exec(text);
  return line.lastIndex;
}

function names(key: string): readonly string[] {
  const path: string[] = [];
  let inner: unknown = parse(`${key} = 0`);
  while (typeof inner === "object" && inner !== null) {
    const [[name, next] = ["", undefined]] = Object.entries(inner);
    path.push(name);
    inner = next;
  }
  return path;
}

/** Behind white space, ends of lines and comments. */
function behindBlank(text: string, from: number): number {
  const blank = /(?:\s|#[^\n]*)*/y;
  blank.lastIndex = from;
  blank.exec(text);
  return blank.lastIndex;
}

/** At the equals sign or bracket behind a key. */
function behindKey(text: string, from: number): number {
  const key = /(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^"'=\]])*/y;
  key.lastIndex = from;
  key.exec(text);
  return key.lastIndex;
}

/** Pieces of a value. Strings come first, for they may hold all others. */
const PIECES: readonly RegExp[] = [
  /"""(?:[^\\]|\\.)*?"""(?:"{1,2}(?!"))?/,
  /'''.*?'''(?:'{1,2}(?!'))?/,
  /"(?:[^"\\]|\\.)*"/,
  /'[^']*'/,
  /#[^\n]*/,
  /[[{\]}\n]/,
  /[^"'#[{\]}\n]+/,
];

function behindValue(text: string, from: number): number {
  const piece = new RegExp(PIECES.map(({ source }) => source).join("|"), "sy");
  piece.lastIndex = from;
  let depth = 0;
  let end = from;
  for (let match = piece.exec(text); match !== null; match = piece.exec(text)) {
    const [word] = match;
    if (depth === 0 && (word === "\n" || word.startsWith("#"))) break;
    if (word === "[" || word === "{") depth += 1;
    if (word === "]" || word === "}") depth -= 1;
    if (word.trim() !== "") end = match.index + word.trimEnd().length;
  }
  return end;
}
