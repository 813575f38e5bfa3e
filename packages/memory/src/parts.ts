/** Named pieces of a derived index, as a snapshot keeps them. */
export type Parts = ReadonlyMap<string, Uint8Array>;

/** Pieces under a name of their own. */
export function prefixed(name: string, parts: Parts): readonly (readonly [string, Uint8Array])[] {
  return [...parts].map(([part, bytes]) => [`${name}.${part}`, bytes] as const);
}

/** The pieces under a name. */
export function below(name: string, parts: Parts): Parts {
  const prefix = `${name}.`;
  return new Map(
    [...parts]
      .filter(([part]) => part.startsWith(prefix))
      .map(([part, bytes]) => [part.slice(prefix.length), bytes]),
  );
}
