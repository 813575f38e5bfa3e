import { throwIfAborted } from "@agentos/core";
import type { FileRecord } from "../files/file-record.js";
import type { Position } from "../options.js";
import type { Reference } from "../resolution/locations.js";
import type { ReferenceRole } from "../resolution/name-facts.js";
import type { NameQueries } from "../resolution/name-queries.js";
import type { IndexedSymbol } from "../search/symbol-entry.js";
import { symbolAround, symbolNamed, usedAs } from "./symbol-places.js";

/** A symbol that uses another, or is used by it, directly or by way of others. */
export interface SymbolLink {
  readonly path: string;
  /** Absent for code that stands in no symbol. */
  readonly symbol?: IndexedSymbol;
  /** Steps from what was asked about: 1 for who has to do with it directly. */
  readonly depth: number;
  /** The uses that make it so, in the order of their places. */
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

interface Step {
  readonly key: string;
  readonly path: string;
  readonly symbol: IndexedSymbol | undefined;
  readonly uses: Reference[];
}

/** Symbols that use what is at these places, the nearest first. */
export function users(
  start: readonly { readonly path: string; readonly at: Position }[],
  access: LinkAccess,
  query: LinkQuery,
): Promise<readonly SymbolLink[]> {
  return follow(start, access, query, async ({ path, at }) => {
    const { guesses, signal, roles, limit } = query;
    const found = await access.names.references(path, at, { limit: limit * 50, guesses, signal });
    return found.flatMap((use) => {
      if (!roles.has(use.role)) return [];
      const record = access.record(use.path);
      const around = record && symbolAround(record, use.line);
      return [{ path: use.path, symbol: record && around && usedAs(record, around), use }];
    });
  });
}

/** Symbols that are used within the symbols at these places, the nearest first. */
export function used(
  start: readonly { readonly path: string; readonly at: Position }[],
  access: LinkAccess,
  query: LinkQuery,
): Promise<readonly SymbolLink[]> {
  return follow(start, access, query, async ({ path, at }) => {
    const record = access.record(path);
    const symbol = record && symbolAround(record, at.line);
    if (symbol === undefined) return [];
    const found = await access.names.usesWithin(path, symbol.line, symbol.endLine, query);
    return found.flatMap(({ use, definitions }) =>
      query.roles.has(use.role)
        ? definitions.flatMap((place) => {
            const home = access.record(place.path);
            const target = home && symbolNamed(home, place.name, place.line);
            return target === undefined ? [] : [{ path: place.path, symbol: target, use }];
          })
        : [],
    );
  });
}

type Linked = { readonly path: string; readonly symbol: IndexedSymbol | undefined; readonly use: Reference };

async function follow(
  start: readonly { readonly path: string; readonly at: Position }[],
  access: LinkAccess,
  { depth: most, limit, signal }: LinkQuery,
  next: (place: { readonly path: string; readonly at: Position }) => Promise<readonly Linked[]>,
): Promise<readonly SymbolLink[]> {
  const links: SymbolLink[] = [];
  const known = new Set<string>();
  for (const { path, at } of start) {
    const record = access.record(path);
    const symbol = record && symbolAround(record, at.line);
    // What uses itself is no news. Only where the place is the symbol's own: a member is not its class.
    if (symbol !== undefined && symbol.line === at.line) known.add(keyOf(path, symbol));
  }
  let places = start;
  for (let depth = 1; depth <= most && places.length > 0; depth += 1) {
    const steps = new Map<string, Step>();
    for (const place of places) {
      throwIfAborted(signal);
      for (const { path, symbol, use } of await next(place)) {
        const key = keyOf(path, symbol);
        if (known.has(key)) continue;
        const step = steps.get(key);
        if (step === undefined) steps.set(key, { key, path, symbol, uses: [use] });
        else if (!step.uses.some((other) => isSame(other, use))) step.uses.push(use);
      }
    }
    const following: { path: string; at: Position }[] = [];
    for (const { key, path, symbol, uses } of steps.values()) {
      if (links.length >= limit) return links;
      known.add(key);
      links.push({ path, ...(symbol === undefined ? {} : { symbol }), depth, uses: uses.sort(byPlace) });
      const at = symbol && (await access.names.placeOf(symbol, signal));
      if (at !== undefined) following.push({ path, at });
    }
    places = following;
  }
  return links;
}

function keyOf(path: string, symbol: IndexedSymbol | undefined): string {
  return `${symbol?.line ?? 0}:${symbol?.name ?? ""}:${path}`;
}

function isSame(one: Reference, other: Reference): boolean {
  return one.path === other.path && one.line === other.line && one.column === other.column;
}

function byPlace(one: Reference, other: Reference): number {
  if (one.path !== other.path) return one.path < other.path ? -1 : 1;
  return one.line - other.line || one.column - other.column;
}
