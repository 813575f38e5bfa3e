import { type Claim, claimsOf, moodProblem, type Point } from "./claims/claim.js";
import { orderProblem } from "./claims/order.js";
import { OPPOSITE_OF, SCOPE_STEMS } from "./claims/vocabulary.js";
import { sameLayoutApart } from "./layout.js";

/** What a new text is to an old one: the same, a newer value, the contrary, or another thing. */
export type MergeVerdict = "merge" | "supersedes" | "contradicts" | "apart";

/** A {@link MergeVerdict}, and why. */
export interface Judgement {
  readonly verdict: MergeVerdict;
  /** Plain sentences for people and logs; they may quote words of both texts. */
  readonly reasons: readonly string[];
}

/** Longer texts are only ever the same when their characters are: rules about words were made for sentences. */
const LONGEST = 4_000;
/** In lists of texts: so much of the smaller text's words must be in the other one for a newer value or the contrary. */
const SAME_SUBJECT = 0.5;

/**
 * Holds a new text against an old one that is like it. `merge` only when they have the same numbers, versions, names, paths,
 * negations, units and scope words, and no word of weight that the other has not, but for synonyms: what is merged loses
 * nothing. It errs towards `apart`. Texts of more than 4,000 characters are the same only when they are equal.
 */
export function judge(old: string, said: string): Judgement {
  if (old.trim() === said.trim()) return { verdict: "merge", reasons: ["they are the same"] };
  if (old.length > LONGEST || said.length > LONGEST) {
    return {
      verdict: "apart",
      reasons: [`texts of more than ${LONGEST} characters are compared as they are`],
    };
  }
  if (sameLayoutApart(old, said)) return { verdict: "merge", reasons: ["only white space differs"] };
  const [one, other] = claimsOf(old, said);
  const difference = differenceOf(one, other);
  const order = orderProblem(one, other);
  const turned = turnedWords(one, other);
  const code = one.signs.join(" ") !== other.signs.join(" ");
  const mood = moodProblem(one.mood, other.mood);
  const { onlyOld, onlySaid, shared } = difference;
  if (onlyOld.length + onlySaid.length === 0) {
    if (shared.length === 0) return { verdict: "apart", reasons: ["neither has a word of weight"] };
    if (one.signs.length + other.signs.length > 0) {
      return {
        verdict: "apart",
        reasons: [code ? "operators differ" : "it is code that is written otherwise"],
      };
    }
    if (isIndented(old) || isIndented(said))
      return { verdict: "apart", reasons: ["indentation may mean something"] };
    if (order !== undefined) return { verdict: "apart", reasons: [order] };
    if (turned.length > 0) {
      // One "not" in each, at other words: the contrary only when it went from one thing to the other.
      const denied = one.denials !== other.denials || exchanged(one, other, turned);
      return {
        verdict: denied ? "contradicts" : "apart",
        reasons: [`only one denies ${quote(turned)}`],
      };
    }
    if (mood !== undefined) return { verdict: "apart", reasons: [mood] };
    return { verdict: "merge", reasons: ["they have the same words, values and negations"] };
  }
  const reasons = [
    ...(onlyOld.length > 0 ? [`only the old one has ${quote(onlyOld.map(({ key }) => key))}`] : []),
    ...(onlySaid.length > 0 ? [`only the new one has ${quote(onlySaid.map(({ key }) => key))}`] : []),
  ];
  if (code || order !== undefined) {
    return { verdict: "apart", reasons: [...reasons, code ? "operators differ" : `${order}`] };
  }
  if (chineseDenial(old) === chineseDenial(said)) return { verdict: "contradicts", reasons };
  const denied = turned.length > 0 && one.denials !== other.denials && lastOf(one, other, turned);
  return { verdict: related(difference, denied, turned.length > 0), reasons };
}

interface Difference {
  readonly onlyOld: readonly Point[];
  readonly onlySaid: readonly Point[];
  /** Keys that both have. */
  readonly shared: readonly string[];
}

function differenceOf(old: Claim, said: Claim): Difference {
  const [one, other] = [keysOf(old), keysOf(said)];
  return {
    onlyOld: old.points.filter(({ key }) => !other.has(key)),
    onlySaid: said.points.filter(({ key }) => !one.has(key)),
    shared: [...one].filter((key) => other.has(key)),
  };
}

function keysOf(claim: Claim): ReadonlySet<string> {
  return new Set(claim.points.map(({ key }) => key));
}

/** Words that are denied in one text and not in the other. */
function turnedWords(old: Claim, said: Claim): readonly string[] {
  const turnsOf = (claim: Claim, key: string): string =>
    [...new Set(claim.points.filter((point) => point.key === key).map((point) => point.turned))]
      .sort()
      .join("|");
  const other = keysOf(said);
  return [...keysOf(old)].filter((key) => other.has(key) && turnsOf(old, key) !== turnsOf(said, key));
}

/** Whether some words are denied in the old text alone, and others in the new one alone. */
function exchanged(old: Claim, said: Claim, turned: readonly string[]): boolean {
  const deniedIn = (claim: Claim): boolean =>
    turned.some((key) =>
      claim.points.some((point) => point.key === key && point.turned !== "" && point.last),
    );
  return deniedIn(old) && deniedIn(said);
}

/** Whether one of the words ends a clause in either text: then its clause is denied, and not only another one beside it. */
function lastOf(old: Claim, said: Claim, turned: readonly string[]): boolean {
  return [...old.points, ...said.points].some(({ key, last }) => last && turned.includes(key));
}

/** What texts are to each other that are not the same. */
function related({ onlyOld, onlySaid, shared }: Difference, denied: boolean, turned: boolean): MergeVerdict {
  const changed = Math.max(onlyOld.length, onlySaid.length);
  if (shared.length === 0 || shared.length / (shared.length + changed) < SAME_SUBJECT) return "apart";
  const both = [...onlyOld, ...onlySaid];
  const opposite = onlyOld.some(
    ({ key, said }) => said && onlySaid.some((point) => point.said && isOpposite(key, point.key)),
  );
  if (opposite) return "contradicts";
  if (both.some(({ key }) => SCOPE_STEMS.has(key))) return "apart";
  if (both.some(({ key, kind }) => kind === "word" && hasOpposite(key, both))) return "apart";
  if (turned) return denied && changed <= 1 ? "contradicts" : "apart";
  if (onlyOld.length !== onlySaid.length || changed > 3) return "apart";
  return both.every((point) => point.said || isNumber(point)) ? "supersedes" : "apart";
}

function isOpposite(one: string, other: string): boolean {
  return OPPOSITE_OF.get(one)?.has(other) === true;
}

function hasOpposite(key: string, among: readonly Point[]): boolean {
  return among.some((point) => isOpposite(key, point.key));
}

function isNumber({ key, kind }: Point): boolean {
  return kind === "value" && /^[-v#]?\d/.test(key);
}

function isIndented(text: string): boolean {
  return /\n[ \t]+\S/.test(text);
}

/** Chinese denies by a character more, where there are no words to look at. */
function chineseDenial(text: string): string {
  return text.replace(/[不没未]/g, "");
}

function quote(words: readonly string[]): string {
  return words
    .slice(0, 5)
    .map((word) => JSON.stringify(word))
    .join(", ");
}
