import type { SymbolLanguage } from "../datasets/symbols.js";
import { type Metric, percent } from "../lib/metrics.js";

/** What was found for one assertion, in lines of the whole test file. */
export interface SymbolAnswer {
  readonly expected: ReadonlySet<number>;
  /** Those of the expected lines that are in another file than the position that was asked for. */
  readonly elsewhere: ReadonlySet<number>;
  readonly found: ReadonlySet<number>;
}

/** The least that is wanted of any-hit and of exact sets, in percent. */
const WANTED: Readonly<Record<SymbolLanguage, { readonly anyHit: number; readonly exact: number }>> = {
  python: { anyHit: 85, exact: 75 },
  typescript: { anyHit: 85, exact: 75 },
  java: { anyHit: 85, exact: 75 },
  javascript: { anyHit: 70, exact: 60 },
};

/** Whether an answer has one of the expected lines; where none is expected, whether it has none. */
export function isHit({ expected, found }: SymbolAnswer): boolean {
  return expected.size === 0 ? found.size === 0 : overlap(expected, found);
}

/** Whether an answer has the expected lines and no others. */
export function isExact({ expected, found }: SymbolAnswer): boolean {
  return expected.size === found.size && [...expected].every((line) => found.has(line));
}

/** The metrics of one language; those are left out for which there is no assertion. */
export function symbolMetrics(language: SymbolLanguage, answers: readonly SymbolAnswer[]): readonly Metric[] {
  const positive = answers.filter(({ expected }) => expected.size > 0);
  const negative = answers.filter(({ expected }) => expected.size === 0);
  const across = answers.filter(({ elsewhere }) => elsewhere.size > 0);
  const { anyHit, exact } = WANTED[language];
  const candidates = positive.reduce((sum, { found }) => sum + found.size, 0) / positive.length;
  return [
    ...share(`symbols.${language}.any_hit_pct`, positive, isHit, anyHit),
    ...share(`symbols.${language}.exact_pct`, positive, isExact, exact),
    ...share(
      `symbols.${language}.cross_file_pct`,
      across,
      ({ elsewhere, found }) => overlap(elsewhere, found),
      90,
    ),
    ...share(`symbols.${language}.negatives_kept_pct`, negative, isHit, 95),
    ...(positive.length === 0
      ? []
      : [{ name: `symbols.${language}.candidates_mean`, value: candidates, unit: "count" as const }]),
  ];
}

function share(
  name: string,
  answers: readonly SymbolAnswer[],
  holds: (answer: SymbolAnswer) => boolean,
  atLeast: number,
): readonly Metric[] {
  if (answers.length === 0) return [];
  const value = percent(answers.filter(holds).length, answers.length);
  return [{ name, value, unit: "pct", target: { atLeast } }];
}

function overlap(one: ReadonlySet<number>, other: ReadonlySet<number>): boolean {
  return [...one].some((line) => other.has(line));
}
