import { learnError } from "../errors.js";

/** Rows of features with what became of them. A feature that is not known is NaN. */
export interface Dataset {
  /** How many features a row has. */
  readonly features: number;
  /** Row by row. */
  readonly values: Float32Array | Float64Array;
  /** By row: 1 passed, 0 did not; between them where verdicts disagree. */
  readonly labels: Float32Array | Float64Array;
  /** By row, how much it counts. @default 1 */
  readonly weights?: Float32Array | Float64Array;
}

/** How many rows there are. Throws `LEARN_DATA_INVALID` where the parts do not fit one another or a label or weight is none. */
export function rowsOf({ features, values, labels, weights }: Dataset): number {
  const rows = labels.length;
  if (!Number.isInteger(features) || features < 1) throw invalid("features must be 1 or more");
  if (values.length !== rows * features)
    throw invalid(
      `${rows} rows of ${features} features need ${rows * features} values, not ${values.length}`,
    );
  if (weights !== undefined && weights.length !== rows)
    throw invalid(`${rows} rows need ${rows} weights, not ${weights.length}`);
  for (const [row, label] of labels.entries())
    if (!(label >= 0 && label <= 1))
      throw invalid(`the label of row ${row} is ${label}: it must be from 0 to 1`);
  for (const [row, weight] of (weights ?? []).entries())
    if (!(weight >= 0 && Number.isFinite(weight)))
      throw invalid(`the weight of row ${row} is ${weight}: it must be 0 or more`);
  return rows;
}

function invalid(problem: string): Error {
  return learnError("LEARN_DATA_INVALID", `These rows cannot be learned from: ${problem}.`);
}
