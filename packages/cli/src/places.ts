/** A place as editors show it: both numbers from 1 on. `column` counts from 0. */
export function shownPlace({
  path,
  line,
  column,
}: {
  readonly path: string;
  readonly line: number;
  readonly column: number;
}): string {
  return `${path}:${line}:${column + 1}`;
}
