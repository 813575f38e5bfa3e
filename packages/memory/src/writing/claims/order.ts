import type { Claim, Point } from "./claim.js";

/** Why two claims of the same words may not say the same: how the words stand to one another. Undefined: nothing was found. */
export function orderProblem(old: Claim, said: Claim): string | undefined {
  if (rolesDiffer(old, said)) return "before and after, or from and to, are exchanged";
  if (crossed(old, said)) return "what belongs together is exchanged between clauses";
  if (turnedAround(old, said)) return "who does it to whom is exchanged";
  return undefined;
}

function rolesDiffer(old: Claim, said: Claim): boolean {
  const inTime = (claim: Claim): boolean =>
    claim.points.some(({ role }) => role === "first" || role === "second");
  if (inTime(old) !== inTime(said)) return true;
  const [one, other] = [rolesOf(old), rolesOf(said)];
  const lost = new Set<string>();
  const gained = new Set<string>();
  for (const [key, role] of one) {
    const now = other.get(key);
    if (now === role) continue;
    if ((role === "first" && now === "second") || (role === "second" && now === "first")) return true;
    if ((role === "from" && now === "to") || (role === "to" && now === "from")) return true;
    if (role !== undefined) lost.add(role);
    if (now !== undefined && other.has(key)) gained.add(now);
  }
  return [...lost].some((role) => gained.has(role));
}

function rolesOf(claim: Claim): ReadonlyMap<string, Point["role"]> {
  return new Map(claim.points.map(({ key, role }) => [key, role] as const));
}

/**
 * Whether two clauses of one text each have something of both of two clauses of the other: "A is red and B is blue" and
 * "A is blue and B is red". Only what stands once in both texts tells.
 */
function crossed(old: Claim, said: Claim): boolean {
  const [one, other] = [clausesOf(old), clausesOf(said)];
  const pairs = new Map<number, Set<number>>();
  for (const [key, clause] of one) {
    const there = other.get(key);
    if (clause === undefined || there === undefined) continue;
    pairs.set(clause, (pairs.get(clause) ?? new Set()).add(there));
  }
  const spread = [...pairs.values()].filter((clauses) => clauses.size > 1);
  return spread.some((first, index) =>
    spread.slice(index + 1).some((second) => [...first].filter((clause) => second.has(clause)).length > 1),
  );
}

/** The clause of each word that is in one clause only. */
function clausesOf(claim: Claim): ReadonlyMap<string, number | undefined> {
  const clauses = new Map<string, number | undefined>();
  for (const { key, clause } of claim.points) {
    clauses.set(key, clauses.has(key) && clauses.get(key) !== clause ? undefined : clause);
  }
  return clauses;
}

/** Whether, around a word, what was before it is behind it and the other way round, which the passive would explain. */
function turnedAround(old: Claim, said: Claim): boolean {
  for (const [one, other] of clausePairs(old, said)) {
    const swapped = one.some((pivot) => pivot.kind === "word" && swappedAround(pivot.key, one, other));
    const voices = new Set([old.passive, said.passive]);
    if (
      voices.size === 1 ? swapped : !swapped && voices.has("by") && voices.has("no") && sameOrder(one, other)
    )
      return true;
  }
  return false;
}

function swappedAround(pivot: string, one: readonly Point[], other: readonly Point[]): boolean {
  const [left, right] = around(pivot, one);
  const [otherLeft, otherRight] = around(pivot, other);
  return (
    meet(left, otherRight) && meet(right, otherLeft) && !meet(left, otherLeft) && !meet(right, otherRight)
  );
}

function around(
  pivot: string,
  points: readonly Point[],
): readonly [ReadonlySet<string>, ReadonlySet<string>] {
  const place = points.findIndex(({ key }) => key === pivot);
  const keys = points.map(({ key }) => key);
  return [new Set(keys.slice(0, Math.max(0, place))), new Set(place < 0 ? [] : keys.slice(place + 1))];
}

function meet(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return [...one].some((key) => other.has(key));
}

function sameOrder(one: readonly Point[], other: readonly Point[]): boolean {
  return one.length > 2 && one.map(({ key }) => key).join(" ") === other.map(({ key }) => key).join(" ");
}

/** The clauses that have the same words in both texts; all of both when they have one clause each. */
function clausePairs(old: Claim, said: Claim): readonly (readonly [readonly Point[], readonly Point[]])[] {
  const [one, other] = [byClause(old), byClause(said)];
  const bag = (points: readonly Point[]): string =>
    [...new Set(points.map(({ key }) => key))].sort().join("\0");
  return one.flatMap((points) =>
    other.filter((others) => bag(others) === bag(points)).map((others) => [points, others] as const),
  );
}

function byClause({ points }: Claim): readonly (readonly Point[])[] {
  return [...new Set(points.map(({ clause }) => clause))].map((clause) =>
    points.filter((point) => point.clause === clause),
  );
}
