import type { ModuleRules } from "../files/file-record.js";

/** Longer texts before a star are made by a machine: of each length up to this one a specifier is looked up at most once. */
const LONGEST_PREFIX = 256;
/** Patterns with the same text before their star; more are made by a machine. */
const MOST_ENDINGS = 64;
/** Places where TypeScript looks for what fits one pattern; more are made by a machine. */
const MOST_TARGETS = 64;

/** Finds the pattern of `paths` that a specifier fits. */
export interface PathPatterns {
  /** Where it leads to, the star filled in; empty where no pattern fits. */
  targetsOf(specifier: string): readonly string[];
}

interface Ending {
  /** The text behind the star. */
  readonly after: string;
  readonly targets: readonly string[];
}

/**
 * Prepares the patterns of a configuration, so that what one specifier costs does not grow with their number. As in TypeScript one without
 * a star comes first, then the one with the longest text before its star.
 */
export function pathPatterns(patterns: NonNullable<ModuleRules["paths"]>): PathPatterns {
  const exact = new Map<string, readonly string[]>();
  const starred = new Map<string, Ending[]>();
  for (const [pattern, targets] of Object.entries(patterns)) {
    const [before = "", after] = pattern.split("*", 2);
    const few = targets.slice(0, MOST_TARGETS);
    if (after === undefined) exact.set(pattern, few);
    else if (before.length <= LONGEST_PREFIX) addEnding(starred, before, { after, targets: few });
  }
  const lengths = [...new Set([...starred.keys()].map((before) => before.length))].sort(
    (one, other) => other - one,
  );
  return {
    targetsOf: (specifier) => {
      const known = exact.get(specifier);
      if (known !== undefined) return known.map((target) => target.replace("*", ""));
      for (const length of lengths) {
        if (length > specifier.length) continue;
        const rest = specifier.slice(length);
        const ending = starred.get(specifier.slice(0, length))?.find(({ after }) => rest.endsWith(after));
        if (ending === undefined) continue;
        const star = rest.slice(0, rest.length - ending.after.length);
        return ending.targets.map((target) => target.replace("*", () => star));
      }
      return [];
    },
  };
}

function addEnding(starred: Map<string, Ending[]>, before: string, ending: Ending): void {
  const endings = starred.get(before);
  if (endings === undefined) starred.set(before, [ending]);
  else if (endings.length < MOST_ENDINGS) endings.push(ending);
}
