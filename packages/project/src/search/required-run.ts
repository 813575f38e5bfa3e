import type { AST } from "@eslint-community/regexpp";
import { asciiMembers } from "./ascii-members.js";

/** So many characters of a class one behind the other. */
export interface RequiredRun {
  /** Which characters of ASCII are of the class; what is not ASCII may be. */
  readonly members: readonly boolean[];
  readonly count: number;
}

/** In fewer, the engine of JavaScript finds its way as fast. */
const SHORTEST = 8;

/** The longest counted run of a class that every match holds; undefined where there is none worth looking for. */
export function requiredRun({ alternatives }: AST.Pattern, flags: string): RequiredRun | undefined {
  const [only] = alternatives;
  if (only === undefined || alternatives.length > 1) return undefined;
  const runs = only.elements.flatMap((element) => {
    if (element.type !== "Quantifier" || element.min < SHORTEST) return [];
    const { element: repeated, min } = element;
    return repeated.type === "CharacterSet" || repeated.type === "CharacterClass"
      ? [{ element: repeated, count: min }]
      : [];
  });
  const [longest] = runs.sort((one, other) => other.count - one.count);
  return longest && { members: asciiMembers(longest.element, flags), count: longest.count };
}
