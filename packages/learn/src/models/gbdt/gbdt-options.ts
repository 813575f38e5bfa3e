import { validate } from "@agentos/core";
import * as v from "valibot";

/** How a {@link GradientBoosting} is trained. */
export interface GbdtOptions {
  /** @default 100 */
  readonly trees?: number;
  /** Leaves of one tree. @default 31 */
  readonly leaves?: number;
  /** How much of each tree counts. @default 0.1 */
  readonly learningRate?: number;
  /** Rows of a leaf. @default 20 */
  readonly minLeafRows?: number;
  /** Sum of second derivatives in a leaf: of certain rows many are needed. @default 0.001 */
  readonly minLeafHessian?: number;
  /** Draws leaves towards 0 (the λ of XGBoost). @default 1 */
  readonly l2?: number;
  /** What a split must gain. @default 0 */
  readonly minGain?: number;
  /** Bins of one feature, without the one of what is not known: 2 to 255. @default 255 */
  readonly bins?: number;
  /** Share of the features that each tree may use. @default 1 */
  readonly featureShare?: number;
  /** Share of the rows that each tree sees. @default 1 */
  readonly rowShare?: number;
  /** Features whose values are names of something, as whole numbers from 0 on, and not amounts. @default [] */
  readonly categorical?: readonly number[];
  /** By feature: 1, the forecast may only rise with it, or -1, only fall. @default {} */
  readonly monotone?: Readonly<Record<number, 1 | -1>>;
  /** The same seed and rows give the same model. @default 1 */
  readonly seed?: number;
}

/** {@link GbdtOptions} with all defaults. */
export type ValidGbdtOptions = Required<GbdtOptions>;

const share = v.pipe(v.number(), v.gtValue(0), v.maxValue(1));
const amount = v.pipe(v.number(), v.finite(), v.minValue(0));
const whole = (least: number, most: number) =>
  v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(most));

const schema = v.strictObject({
  trees: v.optional(whole(1, 100_000), 100),
  leaves: v.optional(whole(2, 65_536), 31),
  learningRate: v.optional(v.pipe(v.number(), v.gtValue(0), v.maxValue(1)), 0.1),
  minLeafRows: v.optional(whole(1, 1e9), 20),
  minLeafHessian: v.optional(amount, 0.001),
  l2: v.optional(amount, 1),
  minGain: v.optional(amount, 0),
  bins: v.optional(whole(2, 255), 255),
  featureShare: v.optional(share, 1),
  rowShare: v.optional(share, 1),
  categorical: v.optional(v.array(whole(0, 1e6)), []),
  monotone: v.optional(v.record(v.pipe(v.string(), v.digits()), v.picklist([1, -1])), {}),
  seed: v.optional(whole(0, 2 ** 32 - 1), 1),
});

/** Throws `OPTIONS_INVALID`, also for a feature that is not among so many, or is both a name and monotone. */
export function readGbdtOptions(options: GbdtOptions, features: number): ValidGbdtOptions {
  const valid = validate(
    v.pipe(
      schema,
      v.check(
        ({ categorical, monotone }) =>
          [...categorical, ...Object.keys(monotone).map(Number)].every((feature) => feature < features),
        `categorical and monotone: features are numbered from 0 to ${features - 1}`,
      ),
      v.check(
        ({ categorical, monotone }) => categorical.every((feature) => monotone[feature] === undefined),
        "a categorical feature has no order in which the forecast could rise",
      ),
    ),
    options,
    { what: "Options of gradient boosting" },
  );
  return valid as ValidGbdtOptions;
}
