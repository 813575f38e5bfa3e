import { throwIfAborted } from "@agentos/core";
import type { FileRecord } from "../files/file-record.js";
import type { Position } from "../options.js";
import type { Reference } from "../resolution/locations.js";
import type { ReferenceRole } from "../resolution/name-facts.js";
import type { NameQueries } from "../resolution/name-queries.js";
import type { IndexedSymbol } from "../search/symbol-entry.js";
import { placesOnce, type SymbolPlaces } from "./symbol-places.js";

/** A symbol that uses another, or is used by it, directly or by way of others. */
export interface SymbolLink {
  readonly path: string;
  /** Absent for code that stands in no symbol. */
  readonly symbol?: IndexedSymbol;
  /** Steps from what was asked about: 1 for who has to do with it directly. */
  readonly depth: number;
  /** The uses that make it so, in the order of their places; in an answer that `limit` cut, those that were found until then. */
  readonly uses: readonly Reference[];
}

/** What following links needs. */
export interface LinkAccess {
  readonly names: NameQueries;
  record(path: string): FileRecord | undefined;
}

/** How far to follow, and by which uses. */
export interface LinkQuery {
  readonly roles: ReadonlySet<ReferenceRole>;
  readonly depth: number;
  /** Most links. */
  readonly limit: number;
  readonly guesses: boolean;
  readonly signal: AbortSignal | undefined;
}

/** References that are looked at for each symbol of an answer: more uses of one thing in one symbol say no more. */
const USES_OF_ONE = 50;

interface Step {
  readonly path: string;
  readonly symbol: IndexedSymbol | undefined;
  /** By place. */
  readonly uses: Map<string, Reference>;
}

interface Place {
  readonly path: string;
  readonly at: Position;
}

/** A file's places of symbols; undefined for a file that is not there. */
type PlacesOf = (path: string) => SymbolPlaces | undefined;

/** Symbols that use what is at these places, the nearest first. */
export function users(
  start: readonly Place[],
  access: LinkAccess,
  query: LinkQuery,
): Promise<readonly SymbolLink[]> {
  return follow(start, access, query, async ({ path, at }, placesOf) => {
    const { guesses, signal, roles, limit } = query;
    const found = await access.names.references(path, at, { limit: limit * USES_OF_ONE, guesses, signal });
    return found.flatMap((use) => {
      if (!roles.has(use.role)) return [];
      const places = placesOf(use.path);
      const around = places?.around(use.line);
      return [{ path: use.path, symbol: around && places?.usedAs(around), use }];
    });
  });
}

/** Symbols that are used within the symbols at these places, the nearest first. */
export function used(
  start: readonly Place[],
  access: LinkAccess,
  query: LinkQuery,
): Promise<readonly SymbolLink[]> {
  return follow(start, access, query, async ({ path, at }, placesOf) => {
    const symbol = placesOf(path)?.around(at.line);
    if (symbol === undefined) return [];
    const found = await access.names.usesWithin(path, symbol.line, symbol.endLine, query);
    return found.flatMap(({ use, definitions }) =>
      query.roles.has(use.role)
        ? definitions.flatMap((place) => {
            const target = placesOf(place.path)?.named(place.name, place.line);
            return target === undefined ? [] : [{ path: place.path, symbol: target, use }];
          })
        : [],
    );
  });
}

type Linked = { readonly path: string; readonly symbol: IndexedSymbol | undefined; readonly use: Reference };

/** @param next what has to do with one place */
async function follow(
  start: readonly Place[],
  access: LinkAccess,
  { depth: furthest, limit, signal }: LinkQuery,
  next: (place: Place, placesOf: PlacesOf) => Promise<readonly Linked[]>,
): Promise<readonly SymbolLink[]> {
  const once = placesOnce();
  const placesOf: PlacesOf = (path) => {
    const record = access.record(path);
    return record && once(record);
  };
  const links: SymbolLink[] = [];
  const known = new Set<string>();
  for (const { path, at } of start) {
    const symbol = placesOf(path)?.around(at.line);
    // What uses itself is no news. Only where the place is the symbol's own: a member is not its class.
    if (symbol !== undefined && symbol.line === at.line) known.add(keyOf(path, symbol));
  }
  let places = start;
  for (let depth = 1; depth <= furthest && places.length > 0 && links.length < limit; depth += 1) {
    const steps = new Map<string, Step>();
    const wanted = limit - links.length;
    for (const place of places) {
      throwIfAborted(signal);
      // Once there are enough, who else uses what is further on is not asked.
      if (steps.size >= wanted) break;
      gather(steps, await next(place, placesOf), known, wanted);
    }
    const following: Place[] = [];
    for (const [key, { path, symbol, uses }] of steps) {
      known.add(key);
      const found = [...uses.values()].sort(byPlace);
      links.push({ path, ...(symbol === undefined ? {} : { symbol }), depth, uses: found });
      if (symbol === undefined || depth === furthest || links.length >= limit) continue;
      throwIfAborted(signal);
      const at = await access.names.placeOf(symbol, signal);
      if (at !== undefined) following.push({ path, at });
    }
    places = following;
  }
  return links;
}

/** Adds uses to the steps that they belong to, and new steps as long as there are fewer than `most`. */
function gather(
  steps: Map<string, Step>,
  found: readonly Linked[],
  known: ReadonlySet<string>,
  most: number,
): void {
  for (const { path, symbol, use } of found) {
    const key = keyOf(path, symbol);
    if (known.has(key)) continue;
    let step = steps.get(key);
    if (step === undefined) {
      if (steps.size >= most) continue;
      step = { path, symbol, uses: new Map() };
      steps.set(key, step);
    }
    const at = `${use.line}:${use.column}:${use.path}`;
    if (!step.uses.has(at)) step.uses.set(at, use);
  }
}

function keyOf(path: string, symbol: IndexedSymbol | undefined): string {
  return `${symbol?.line ?? 0}:${symbol?.name ?? ""}:${path}`;
}

function byPlace(one: Reference, other: Reference): number {
  if (one.path !== other.path) return one.path < other.path ? -1 : 1;
  return one.line - other.line || one.column - other.column;
}
