/** What a method of the language's own sequences and maps gives. */
export type SequenceResult = "element" | "same" | "mapped" | "nothing";

const GIVES: Readonly<Record<string, SequenceResult>> = {
  ...all("element", [
    "at",
    "find",
    "findLast",
    "get",
    "pop",
    "shift",
    "next",
    "getFirst",
    "getLast",
    "first",
    "last",
    "orElse",
    "orElseThrow",
    "poll",
    "peek",
    "remove",
  ]),
  ...all("same", [
    "filter",
    "slice",
    "concat",
    "reverse",
    "sort",
    "toSorted",
    "toReversed",
    "toSpliced",
    "splice",
    "values",
    "copy",
    "stream",
    "toList",
    "iterator",
    "subList",
  ]),
  ...all("mapped", ["map", "flatMap", "from"]),
  ...all("nothing", ["forEach", "some", "every", "findIndex", "findLastIndex", "reduce", "reduceRight"]),
};

/** What a sequence's method gives; undefined for a method that is not known. */
export function sequenceResult(name: string): SequenceResult | undefined {
  return Object.hasOwn(GIVES, name) ? GIVES[name] : undefined;
}

/** Whether that parameter of a function that is given to the method is an element: the second of `reduce`, both of `sort`. */
export function isElementParameter(name: string, parameter: number): boolean {
  if (name === "sort" || name === "toSorted") return parameter < 2;
  return parameter === (name.startsWith("reduce") ? 1 : 0);
}

function all(result: SequenceResult, names: readonly string[]): Record<string, SequenceResult> {
  return Object.fromEntries(names.map((name) => [name, result]));
}
