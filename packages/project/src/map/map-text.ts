import type { OutlinedSymbol } from "../source-parser.js";

/** Stands where symbols of a file are left out between others. */
const LEFT_OUT = "⋮";
/** What would break out of its line, or hide in it. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** A file of a map: all its symbols in their order, and which of them are shown. */
export interface MapFile {
  readonly path: string;
  readonly symbols: readonly OutlinedSymbol[];
  readonly shown: ReadonlySet<OutlinedSymbol>;
}

/** The text of a map: paths, and below each the signatures that are shown, members below what encloses them. */
export function mapText(files: readonly MapFile[]): string {
  return files.map(fileText).join("\n");
}

function fileText({ path, symbols, shown }: MapFile): string {
  const lines = [printable(path) + (shown.size > 0 ? ":" : "")];
  const around: OutlinedSymbol[] = [];
  let isLeftOut = false;
  for (const symbol of symbols) {
    while (around.length > 0 && !encloses(around.at(-1), symbol)) around.pop();
    if (shown.has(symbol)) {
      const indent = "  ".repeat(around.filter((outer) => shown.has(outer)).length + 1);
      if (isLeftOut) lines.push(`${indent}${LEFT_OUT}`);
      lines.push(indent + signatureOf(symbol));
      isLeftOut = false;
    } else if (lines.length > 1) isLeftOut = true;
    around.push(symbol);
  }
  return `${lines.join("\n")}\n`;
}

/** The symbols around one, the innermost last. `symbols` are in the order in which they start. */
export function enclosing(
  symbols: readonly OutlinedSymbol[],
): ReadonlyMap<OutlinedSymbol, OutlinedSymbol | undefined> {
  const outer = new Map<OutlinedSymbol, OutlinedSymbol | undefined>();
  const around: OutlinedSymbol[] = [];
  for (const symbol of symbols) {
    while (around.length > 0 && !encloses(around.at(-1), symbol)) around.pop();
    outer.set(symbol, around.at(-1));
    around.push(symbol);
  }
  return outer;
}

function encloses(outer: OutlinedSymbol | undefined, inner: OutlinedSymbol): boolean {
  if (outer === undefined || inner.parent === undefined) return false;
  return outer.line <= inner.line && inner.endLine <= outer.endLine;
}

/** The signature without the brace that opens a body. */
function signatureOf({ signature }: OutlinedSymbol): string {
  return printable(signature.endsWith("{") ? signature.slice(0, -1).trimEnd() : signature);
}

function printable(text: string): string {
  return text.replace(UNPRINTABLE, "\uFFFD");
}
