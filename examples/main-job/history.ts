import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** What is kept of a run, so that a later one can compare. */
export interface RunRecord {
  /** When the run began, in milliseconds since 1970. */
  readonly at: number;
  /** Outcomes that were known when the run began. */
  readonly knownOutcomes: number;
  /** Brier score of the forecasts of held-out candidates that were judged. */
  readonly heldOutBrier?: number;
  readonly heldOut: number;
  readonly tasks: number;
}

interface HistoryFile {
  readonly format: 1;
  readonly runs: readonly RunRecord[];
}

const FILE = "main-job.json";
const KEPT = 50;

/** The runs so far, oldest first. A file that cannot be read is put aside and said to `warn`. */
export async function readHistory(
  dir: string,
  warn: (message: string) => void,
): Promise<readonly RunRecord[]> {
  const path = join(dir, FILE);
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
  try {
    const { format, runs } = JSON.parse(text) as Partial<HistoryFile>;
    if (format !== 1 || !Array.isArray(runs)) throw new SyntaxError("not a history of format 1");
    return runs;
  } catch (error) {
    await rename(path, `${path}.broken`);
    warn(
      `${path} could not be read (${(error as Error).message}). It is kept as ${FILE}.broken; comparing starts anew.`,
    );
    return [];
  }
}

/** Adds a run. The file is replaced as a whole, so that a crash leaves the old one. */
export async function addToHistory(
  dir: string,
  earlier: readonly RunRecord[],
  run: RunRecord,
): Promise<void> {
  const file: HistoryFile = { format: 1, runs: [...earlier, run].slice(-KEPT) };
  const path = join(dir, FILE);
  await writeFile(`${path}.new`, `${JSON.stringify(file, undefined, 2)}\n`);
  await rename(`${path}.new`, path);
}
