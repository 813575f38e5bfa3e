import type { Definition, ReferenceRole } from "../../src/index.js";

/** A line of the snapshot on which something is defined. */
export interface GoldPlace {
  readonly path: string;
  /** 1-based. */
  readonly line: number;
}

/** A name of the snapshot, and where it is defined, worked out by hand; see README.md. */
export interface GoldReference extends GoldPlace {
  /** 0-based, in UTF-16 units. */
  readonly column: number;
  readonly name: string;
  readonly role: ReferenceRole;
  /** None where it leads nowhere in the project. */
  readonly expect: readonly GoldPlace[];
  readonly confidence: "exact" | "import" | "none";
}

/** A reference with what the index answered. */
export interface GoldAnswer {
  readonly reference: GoldReference;
  readonly found: readonly Definition[];
}

/** Right ones among all. */
export interface Share {
  readonly right: number;
  readonly total: number;
}

/** What a name leads to in the end: imports only lead there. */
function endsOf({ found }: GoldAnswer): readonly Definition[] {
  return found.filter(({ kind }) => kind !== "import");
}

/** Whether the last place is expected and no expected one is missing; where none is expected, whether it leads nowhere. */
export function isRight(answer: GoldAnswer): boolean {
  const { expect } = answer.reference;
  const ends = endsOf(answer);
  if (expect.length === 0) return ends.length === 0;
  const last = ends.at(-1);
  return last !== undefined && holds(expect, last) && expect.every((one) => holds(ends, one));
}

/** The recall over references that lead somewhere; over the others the share that leads nowhere. */
export function shareOf(answers: readonly GoldAnswer[]): Share {
  return { right: answers.filter(isRight).length, total: answers.length };
}

/** The precision of the edges of one confidence: which of the places that a name leads to are expected. */
export function edgesOf(answers: readonly GoldAnswer[], confidence: Definition["confidence"]): Share {
  const edges = answers.flatMap((answer) =>
    endsOf(answer)
      .filter((end) => end.confidence === confidence)
      .map((end) => holds(answer.reference.expect, end)),
  );
  return { right: edges.filter(Boolean).length, total: edges.length };
}

/** 0 to 100; 100 of none. */
export function percentOf({ right, total }: Share): number {
  return total === 0 ? 100 : (100 * right) / total;
}

/** `path:line:column name (role) expected a.ts:1, found nothing` */
export function described(answer: GoldAnswer): string {
  const { path, line, column, name, role, expect } = answer.reference;
  return `${path}:${line}:${column} ${name} (${role}) expected ${listed(expect)}, found ${listed(endsOf(answer))}`;
}

function listed(places: readonly GoldPlace[]): string {
  return places.length === 0 ? "nothing" : places.map(({ path, line }) => `${path}:${line}`).join(" and ");
}

function holds(places: readonly GoldPlace[], place: GoldPlace): boolean {
  return places.some(({ path, line }) => path === place.path && line === place.line);
}
