import type { AST } from "@eslint-community/regexpp";

/** Strings of which every match holds one, as they are written: case is not settled here. */
export type RequiredStrings = ReadonlySet<string>;

/** More strings are not sought sooner than the expression itself. */
const MOST_STRINGS = 16;
/** More than a few of them are no longer worth the look. */
const MOST_REQUIRED = 4;
const LINE_FEED = 10;
/** What stands in many lines of most programs. */
const COMMON = /^[\w\s=.,:;()[\]{}<>'"/*-]*$/;

/** What a part fits: these strings and no others (`exact`), or texts that hold one of each of some sets (`required`). */
interface Part {
  readonly exact?: RequiredStrings;
  readonly required: readonly RequiredStrings[];
}

const ANYTHING: Part = { required: [] };

/**
 * What every match must hold: one string of each set, the set that says most first. Empty where nothing is known but what most lines hold, and where the
 * expression is nothing else than these strings, or begins with characters that it cannot do without: it is found as fast by itself then.
 */
export function requiredTexts(pattern: AST.Pattern): readonly RequiredStrings[] {
  const { exact, required } = ofAlternatives(pattern.alternatives);
  const [best] = required;
  if (best === undefined || said(best) <= 1) return [];
  const isFound = exact !== undefined || required.length === 1;
  return pattern.alternatives.every(({ elements }) => {
    const beginning = beginningOf(elements);
    return beginning !== "" && (isFound || best.has(beginning));
  })
    ? []
    : required;
}

/** The characters that it begins with. */
function beginningOf(elements: readonly AST.Element[]): string {
  const other = elements.findIndex(({ type }) => type !== "Character");
  return elements
    .slice(0, other < 0 ? elements.length : other)
    .map((element) => (element.type === "Character" ? String.fromCodePoint(element.value) : ""))
    .join("");
}

function ofAlternatives(alternatives: readonly AST.Alternative[]): Part {
  const parts = alternatives.map(ofSequence);
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  if (parts.every(({ exact }) => exact !== undefined)) {
    const exact = new Set(parts.flatMap(({ exact: strings }) => [...(strings ?? [])]));
    if (exact.size <= MOST_STRINGS) return { exact, required: asRequired(exact) };
  }
  const strings = new Set<string>();
  for (const { required } of parts) {
    const [best] = required;
    if (best === undefined) return ANYTHING;
    for (const string of best) strings.add(string);
  }
  return strings.size > MOST_STRINGS ? ANYTHING : { required: asRequired(strings) };
}

function ofSequence({ elements }: AST.Alternative): Part {
  let run: RequiredStrings = new Set([""]);
  let isExact = true;
  const required: RequiredStrings[] = [];
  for (const element of elements) {
    const part = ofElement(element);
    const longer = part.exact && product(run, part.exact);
    if (longer !== undefined) {
      run = longer;
      continue;
    }
    isExact = false;
    required.push(...asRequired(run));
    run = part.exact ?? new Set([""]);
    if (part.exact === undefined) required.push(...part.required);
  }
  if (isExact) return { exact: run, required: asRequired(run) };
  required.push(...asRequired(run));
  return { required: required.sort(saysMore).slice(0, MOST_REQUIRED) };
}

function ofElement(element: AST.Element): Part {
  switch (element.type) {
    case "Character":
      return element.value === LINE_FEED ? ANYTHING : exactly(String.fromCodePoint(element.value));
    case "Group":
      // Where it minds case otherwise than the rest, its strings are not found as the rest's are.
      return element.modifiers === null ? ofAlternatives(element.alternatives) : ANYTHING;
    case "CapturingGroup":
      return ofAlternatives(element.alternatives);
    case "Quantifier": {
      if (element.min === 0) return ANYTHING;
      const part = ofElement(element.element);
      return element.min === 1 && element.max === 1 ? part : { required: part.required };
    }
    case "Assertion":
      return exactly("");
    default:
      return ANYTHING;
  }
}

function exactly(string: string): Part {
  const exact = new Set([string]);
  return { exact, required: asRequired(exact) };
}

/** An empty string is in every text. */
function asRequired(strings: RequiredStrings): readonly RequiredStrings[] {
  return strings.size === 0 || strings.has("") ? [] : [strings];
}

function saysMore(one: RequiredStrings, other: RequiredStrings): number {
  return said(other) - said(one) || one.size - other.size;
}

/** How much the least telling of some strings says: its length, and a little more where none of its characters is in most lines. */
function said(strings: RequiredStrings): number {
  return Math.min(...[...strings].map((string) => string.length + (COMMON.test(string) ? 0 : 0.5)));
}

function product(left: RequiredStrings, right: RequiredStrings): RequiredStrings | undefined {
  if (left.size * right.size > MOST_STRINGS) return undefined;
  const strings = new Set<string>();
  for (const first of left) for (const second of right) strings.add(first + second);
  return strings;
}
