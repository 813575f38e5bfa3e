import { fileURLToPath } from "node:url";
import { readRecords } from "../datasets/records.js";
import { sample, seededRandom } from "../lib/random.js";

/** What the second of two memories is to the first. */
export const MERGE_LABELS = ["same", "different", "supersedes", "contradicts"] as const;

/** One of {@link MERGE_LABELS}. */
export type MergeLabel = (typeof MERGE_LABELS)[number];

/** Two memories of a developer, and what the second is to the first. All are invented. */
export interface MergePair {
  readonly id: string;
  readonly a: string;
  readonly b: string;
  readonly label: MergeLabel;
  /** What makes them the same or keeps them apart. */
  readonly note: string;
}

/** The set, cut in two once and for all: rules are made on `tune`, and nothing is reported but `report`. */
export interface MergeSet {
  readonly tune: readonly MergePair[];
  readonly report: readonly MergePair[];
}

/** The set lies beside this folder, in the sources as in `dist`. */
const FILE = fileURLToPath(new URL("../memory/sets/merge.jsonl", import.meta.url));
/** Decides the split. It was never changed. */
const SEED = "agentos-merge-1";

/** Reads the labelled pairs and splits them, the true duplicates and the look-alikes each in half. */
export async function readMergeSet(signal?: AbortSignal): Promise<MergeSet> {
  const pairs: MergePair[] = [];
  for await (const record of readRecords({ file: FILE, published: "this repository" }, signal)) {
    const label = MERGE_LABELS.find((known) => known === record.text("label"));
    if (label === undefined) record.fail(`"label" must be one of ${MERGE_LABELS.join(", ")}`);
    else
      pairs.push({
        id: record.text("id"),
        a: record.text("a"),
        b: record.text("b"),
        label,
        note: record.text("note"),
      });
  }
  const random = seededRandom(SEED);
  const halves = [true, false].map((same) => {
    const shuffled = sample(
      pairs.filter(({ label }) => (label === "same") === same),
      pairs.length,
      random,
    );
    const middle = Math.floor(shuffled.length / 2);
    return { tune: shuffled.slice(0, middle), report: shuffled.slice(middle) };
  });
  return {
    tune: halves.flatMap(({ tune }) => tune),
    report: halves.flatMap(({ report }) => report),
  };
}
