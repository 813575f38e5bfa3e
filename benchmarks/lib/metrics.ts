/** One measured figure. */
export interface Metric {
  /** Its unit is part of the name: `_pct`, `_ms`; a bare score has none. */
  readonly name: string;
  readonly value: number;
  readonly unit: "count" | "pct" | "ms" | "mb" | "ratio" | "per_s" | "score";
  /** What it should come to. */
  readonly target?: { readonly atLeast: number } | { readonly atMost: number };
}

/** A share in percent. */
export function percent(part: number, whole: number): number {
  return (100 * part) / whole;
}

/** The value below or at which a share (0 to 1) of the values lies, by the nearest-rank method. Needs a value. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (value === undefined) throw new RangeError("A quantile needs at least one value.");
  return value;
}

/** The file that `--json` writes. */
export function metricsJson(metrics: readonly Metric[]): string {
  const entries = metrics.map(
    ({ name, value, unit }) => [name, { value: rounded(value, unit), unit }] as const,
  );
  return `${JSON.stringify({ metrics: Object.fromEntries(entries) }, undefined, 2)}\n`;
}

/** The table for people: name, value, unit, target, whether it is met. */
export function metricsTable(metrics: readonly Metric[]): string {
  const rows = [
    ["metric", "value", "unit", "target", "met"],
    ...metrics.map((metric) => [
      metric.name,
      String(rounded(metric.value, metric.unit)),
      metric.unit,
      describeTarget(metric),
      isMet(metric) === undefined ? "" : isMet(metric) ? "yes" : "NO",
    ]),
  ];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          column === 1 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
        )
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** Whether a metric reaches its target; undefined when it has none. */
function isMet(metric: Metric): boolean | undefined {
  if (!metric.target) return undefined;
  return "atLeast" in metric.target
    ? metric.value >= metric.target.atLeast
    : metric.value <= metric.target.atMost;
}

function describeTarget({ target }: Metric): string {
  if (!target) return "";
  return "atLeast" in target ? `>= ${target.atLeast}` : `<= ${target.atMost}`;
}

/** Two decimals; four of a bare score, which is 0 to 1. */
function rounded(value: number, unit: Metric["unit"]): number {
  const parts = unit === "score" ? 10_000 : 100;
  return Math.round(value * parts) / parts;
}
