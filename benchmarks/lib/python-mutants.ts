import { branchSites, returnSites } from "./python-statements.js";
import { endsOperand, type PythonToken, pythonTokens } from "./python-tokens.js";

/** What kind of mistake a mutant makes. */
export type MutantKind = "operator" | "boundary" | "off-by-one" | "branch" | "return";

/** A place in a program where one mistake can be made, and the texts that would make it. */
export interface MutationSite {
  readonly kind: MutantKind;
  /** Offsets of what is replaced. */
  readonly start: number;
  readonly end: number;
  /** 1-based. */
  readonly line: number;
  /** 0-based. */
  readonly column: number;
  /** First and last line of the logical line that holds it, or of the whole branch that is dropped. 1-based. */
  readonly lines: readonly [first: number, last: number];
  readonly replacements: readonly string[];
}

const OPERATOR_SWAPS: Readonly<Record<string, string>> = {
  "+": "-",
  "-": "+",
  "*": "+",
  "/": "*",
  "//": "*",
  "%": "*",
  "**": "*",
  "+=": "-=",
  "-=": "+=",
  "*=": "+=",
  "/=": "*=",
  "//=": "*=",
  "%=": "*=",
  "<": ">",
  ">": "<",
  "<=": ">=",
  ">=": "<=",
  "==": "!=",
  "!=": "==",
};

const BOUNDARY_SWAPS: Readonly<Record<string, string>> = { "<": "<=", "<=": "<", ">": ">=", ">=": ">" };

const WORD_SWAPS: Readonly<Record<string, string>> = { and: "or", or: "and" };

/**
 * Finds every place where a mutant can be made:
 * - `operator`: an arithmetic, comparison or logical operator becomes another; `not` is dropped
 * - `boundary`: `<` and `<=`, `>` and `>=` change places
 * - `off-by-one`: an integer, or a bound of `range` or of a slice, becomes one more or one less
 * - `branch`: a condition becomes constant so that its branch is dropped (a filter lets all pass), an `else` does nothing
 * - `return`: a returned value becomes `None`, or the opposite truth value
 */
export function mutationSites(source: string): readonly MutationSite[] {
  const tokens = pythonTokens(source);
  const lines = logicalLines(tokens);
  const found = [
    ...tokens.flatMap((token, index) => tokenSites(tokens, token, index)),
    ...boundSites(source, tokens),
    ...branchSites(source, tokens),
    ...returnSites(source, tokens),
  ];
  return found
    .map((site) => ({ ...site, lines: site.lines ?? lines(site.line) }))
    .filter((site) => !site.replacements.includes(source.slice(site.start, site.end)))
    .sort((one, other) => one.start - other.start || one.kind.localeCompare(other.kind));
}

/** A site before the lines around it are known. */
export type FoundSite = Omit<MutationSite, "lines"> & Partial<Pick<MutationSite, "lines">>;

/** Applies one mutation. */
export function mutate(source: string, site: MutationSite, replacement: string): string {
  return source.slice(0, site.start) + replacement + source.slice(site.end);
}

/** Names a mutant for people and for the list of equivalents: kind, place, old and new text. */
export function mutantName(source: string, site: MutationSite, replacement: string): string {
  const short = (text: string): string => text.replace(/\s+/g, " ").trim();
  return `${site.kind} ${site.line}:${site.column} ${short(source.slice(site.start, site.end))} -> ${short(replacement)}`;
}

function tokenSites(tokens: readonly PythonToken[], token: PythonToken, index: number): readonly FoundSite[] {
  const previous = tokens[index - 1];
  const next = tokens[index + 1];
  const site = (kind: MutantKind, replacements: readonly string[], end = token.end): FoundSite => ({
    kind,
    start: token.start,
    end,
    line: token.line,
    column: token.column,
    replacements,
  });
  if (token.kind === "number" && /^(?:0|[1-9]\d*)$/.test(token.text)) {
    const value = BigInt(token.text);
    return [site("off-by-one", [String(value + 1n), String(value - 1n)])];
  }
  if (token.kind === "operator" && endsOperand(previous)) {
    const sites: FoundSite[] = [];
    const swapped = OPERATOR_SWAPS[token.text];
    if (swapped) sites.push(site("operator", [swapped]));
    const boundary = BOUNDARY_SWAPS[token.text];
    if (boundary) sites.push(site("boundary", [boundary]));
    return sites;
  }
  if (token.kind !== "name") return [];
  if (token.text in WORD_SWAPS) return [site("operator", [WORD_SWAPS[token.text] ?? ""])];
  if (token.text === "is") {
    return next?.text === "not" ? [site("operator", ["is"], next.end)] : [site("operator", ["is not"])];
  }
  if (token.text === "not" && previous?.text !== "is") {
    if (next?.text === "in") return [site("operator", ["in"], next.end)];
    return [site("operator", [""])];
  }
  return [];
}

/** Bounds of `range(…)` and of slices that are not bare integers, which are sites already. */
function boundSites(source: string, tokens: readonly PythonToken[]): readonly FoundSite[] {
  return tokens.flatMap((open, index): readonly FoundSite[] => {
    const isRange = open.text === "(" && tokens[index - 1]?.text === "range";
    const isSlice = open.text === "[" && endsOperand(tokens[index - 1]);
    if (open.kind !== "operator" || !(isRange || isSlice)) return [];
    const parts = splitBrackets(tokens, index, isRange ? "," : ":");
    if (isSlice && parts.length === 1) return [];
    return parts.slice(0, 2).flatMap((part): readonly FoundSite[] => {
      const first = part[0];
      const last = part.at(-1);
      const literal = part.every((token) => token.kind === "number" || token.text === "-");
      if (!first || !last || literal) return [];
      const text = source.slice(first.start, last.end);
      return [
        {
          kind: "off-by-one",
          start: first.start,
          end: last.end,
          line: first.line,
          column: first.column,
          replacements: [`(${text}) + 1`, `(${text}) - 1`],
        },
      ];
    });
  });
}

/** The tokens between a bracket and its partner, split at a separator of that level. */
function splitBrackets(
  tokens: readonly PythonToken[],
  open: number,
  separator: string,
): readonly (readonly PythonToken[])[] {
  const depth = tokens[open]?.depth ?? 0;
  const parts: PythonToken[][] = [[]];
  for (const token of tokens.slice(open + 1)) {
    if (token.depth <= depth) break;
    if (token.text === separator && token.depth === depth + 1) parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts;
}

/** Finds the first and last physical line of the logical line that a line belongs to. */
function logicalLines(tokens: readonly PythonToken[]): (line: number) => readonly [number, number] {
  const spans: [number, number][] = [];
  let first: number | undefined;
  for (const token of tokens) {
    first ??= token.line;
    if (token.kind === "newline") {
      spans.push([first, token.line]);
      first = undefined;
    }
  }
  const last = tokens.at(-1);
  if (first !== undefined && last) spans.push([first, last.line]);
  return (line) => spans.find(([from, to]) => from <= line && line <= to) ?? [line, line];
}
