import { PARTICIPLE, plainWords, type Token, tokensOf } from "./tokens.js";
import { NEGATING } from "./vocabulary.js";

/** Where a word stands to what is around it. */
export type Role = "from" | "to" | "first" | "second";

/** A word or value of a claim. */
export interface Point {
  readonly key: string;
  readonly kind: "word" | "value";
  /** Which clause it is in, counted from 0. */
  readonly clause: number;
  /** How its clause is turned: "", "not", "without", or more than one. */
  readonly turned: string;
  /** Whether it is the last of its clause. */
  readonly last: boolean;
  readonly role?: Role;
  /** Whether it is what is said of the subject: it comes last, or behind "is", "uses", "with" and their like. */
  readonly said: boolean;
}

/** What a text says, as far as its words tell. */
export interface Claim {
  readonly points: readonly Point[];
  /** In how many clauses something is denied. */
  readonly denials: number;
  /** Operators that stand alone; there are none in prose. */
  readonly signs: readonly string[];
  readonly passive: "no" | "yes" | "by";
  readonly mood: Mood;
}

/** How far it is meant: what may be is not what must be, and what was is not what is. */
export interface Mood {
  readonly may: boolean;
  readonly can: boolean;
  readonly must: boolean;
  /** "We used to". */
  readonly formerly: boolean;
  readonly tense: "past" | "present" | undefined;
}

const OR = new Set("or oder ou o или".split(" "));
const SPLITTING = new Set("and but while whereas und aber sondern et mais y pero e mas и а но".split(" "));
const ENDS_ROLE = new Set("in on at of for by with via using is are was were be must should".split(" "));
const ROLES: ReadonlyMap<string, Role> = new Map([
  ["from", "from"],
  ["to", "to"],
  ["into", "to"],
  ["onto", "to"],
  ...["before", "then", "vor", "avant", "antes", "перед"].map((word) => [word, "second"] as const),
  ...["after", "nach", "apres", "despues", "depois", "после"].map((word) => [word, "first"] as const),
] as const);
const SAYING = new Set("is are was were be uses use with to ist sind est sont es son e é = as by".split(" "));
const PLACING = new Set("in on for of at per when if unless".split(" "));
const BEING = new Set("is are was were be been being get gets got".split(" "));

/** Reads two texts as claims that can be compared. */
export function claimsOf(one: string, other: string): readonly [Claim, Claim] {
  return [claimOf(tokensOf(one, plainWords(other))), claimOf(tokensOf(other, plainWords(one)))];
}

function claimOf(tokens: readonly Token[]): Claim {
  const points: (Omit<Point, "turned" | "last" | "said"> & { readonly before: string })[] = [];
  const turns: Set<string>[] = [new Set()];
  let clause = 0;
  let role: Role | undefined;
  let leading = false;
  let contrasted = false;
  let before = "";
  const split = (): void => {
    contrasted = false;
    if (points.at(-1)?.clause === clause || (turns[clause]?.size ?? 0) > 0) turns[++clause] = new Set();
    role = undefined;
  };
  for (const [index, token] of tokens.entries()) {
    const { plain } = token;
    const prefers = points.some((point) => point.clause === clause && point.key === "prefer");
    if (token.kind === "break" || SPLITTING.has(plain)) split();
    else if (OR.has(plain)) points.push({ key: "or", kind: "word", clause, before });
    else if (contrasts(tokens, index) || (prefers && /^(?:over|to|than)$/.test(plain))) {
      split();
      turns[clause]?.add("not");
      contrasted = true;
    } else {
      // "X instead of Y in Z": the place is not denied.
      if (contrasted && PLACING.has(plain) && before !== "instead") split();
      const turn = NEGATING.get(plain);
      if (turn !== undefined) turns[clause]?.add(turn);
      if (token.kind === "word" && ROLES.has(plain)) {
        role = ROLES.get(plain);
        leading = points.at(-1)?.clause !== clause;
      } else if (ENDS_ROLE.has(plain) && points.at(-1)?.role === role) role = undefined;
      else if (!token.weak && token.kind !== "sign") {
        points.push({ key: token.key, kind: token.kind as "word" | "value", clause, role, before });
        // "Before tests run the linter" has no comma: what comes after the first word may be the other thing.
        if (leading && (role === "first" || role === "second")) role = undefined;
      }
    }
    before = plain === "" ? before : plain;
  }
  return {
    points: points.map(({ before, ...point }, index) => ({
      ...point,
      turned: [...(turns[point.clause] ?? [])].sort().join(" "),
      last: points[index + 1]?.clause !== point.clause,
      said:
        SAYING.has(before) ||
        (points[index + 1]?.clause !== point.clause &&
          (!PLACING.has(before) || (point.kind === "value" && (before === "in" || before === "on")))),
    })),
    denials: turns.filter(({ size }) => size > 0).length,
    signs: tokens.filter(({ kind }) => kind === "sign").map(({ key }) => key),
    passive: passiveOf(tokens),
    mood: moodOf(tokens),
  };
}

/** "instead of" and "rather than": what follows is not meant. */
function contrasts(tokens: readonly Token[], index: number): boolean {
  const [here, next] = [tokens[index]?.plain, tokens[index + 1]?.plain];
  return (here === "instead" && next === "of") || (here === "rather" && next === "than");
}

function passiveOf(tokens: readonly Token[]): Claim["passive"] {
  for (const [index, { plain }] of tokens.entries()) {
    if (!BEING.has(plain)) continue;
    if (tokens.slice(index + 1, index + 3).some((token) => PARTICIPLE.test(token.plain))) {
      return tokens.slice(index).some((token) => token.plain === "by") ? "by" : "yes";
    }
  }
  return "no";
}

function moodOf(tokens: readonly Token[]): Mood {
  const has = (words: string): boolean => tokens.some(({ plain }) => words.split(" ").includes(plain));
  const denies = tokens.some(({ plain }) => NEGATING.has(plain));
  const past = has("was were had");
  const present = has("is are has");
  return {
    // What may not be, must not be.
    may: has("may might") && !denies,
    can: has("can could") && !denies,
    must: has("must always shall should"),
    formerly: formerly(tokens),
    tense: past === present ? undefined : past ? "past" : "present",
  };
}

/** "We used to deploy", but not "what is used to deploy". */
function formerly(tokens: readonly Token[]): boolean {
  return tokens.some(
    ({ plain }, index) =>
      plain === "used" && tokens[index + 1]?.plain === "to" && !BEING.has(tokens[index - 1]?.plain ?? "be"),
  );
}

/** Why two moods do not go together; undefined when they do. */
export function moodProblem(one: Mood, other: Mood): string | undefined {
  if (one.may !== other.may) return "only one says that it may be so";
  if (
    (one.can && !one.must && other.must && !other.can) ||
    (other.can && !other.must && one.must && !one.can)
  )
    return "one allows what the other demands";
  if (one.formerly !== other.formerly) return "one tells of what was, the other of what is";
  const tenses = [one.tense, other.tense];
  return tenses.includes("past") && tenses.includes("present")
    ? "one tells of what was, the other of what is"
    : undefined;
}
