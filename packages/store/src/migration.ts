import { randomUUID } from "node:crypto";
import type { Logger } from "@agentos/core";
import type { LevelDriver, LevelOperation } from "./drivers/level-driver.js";
import { corruptError } from "./drivers/level-errors.js";
import { storeError } from "./errors.js";
import { FORMAT_KEY, ID_KEY } from "./keys.js";

/** The format that this version writes and the newest that it reads. */
export const STORE_FORMAT = 2;

/** What turns a store of one format into the next. */
interface Migration {
  readonly from: number;
  /** For the log. */
  readonly what: string;
  /** The changes. They are one batch with the new format: either both are there or neither. */
  readonly operations: (driver: LevelDriver) => Promise<readonly LevelOperation[]>;
}

/** One step a format. A step that is too large for one batch must be split in formats of its own. */
const MIGRATIONS: readonly Migration[] = [
  {
    from: 1,
    what: "an id for snapshots to name; a change log, which begins with the next write",
    operations: async () => [idOperation()],
  },
];

/** Marks a new store, brings an older one up to date; gives its id. Throws `STORE_VERSION_NEWER`, `STORE_CORRUPT`. */
export async function prepareFormat(driver: LevelDriver, dir: string, logger: Logger): Promise<string> {
  const stored = await driver.get(FORMAT_KEY);
  if (stored === undefined) await markNew(driver, dir);
  else await migrate(driver, requireFormat(stored, dir), logger);
  const id = await driver.get(ID_KEY);
  if (id === undefined) throw corruptError(dir, "it has no id");
  return id;
}

/** The format as a number. Throws `STORE_CORRUPT`, `STORE_VERSION_NEWER`. */
export function requireFormat(stored: string, dir: string): number {
  const format = Number(stored);
  if (!Number.isInteger(format) || format < 1)
    throw corruptError(dir, `its format version reads "${stored}"`);
  if (format > STORE_FORMAT) {
    throw storeError(
      "STORE_VERSION_NEWER",
      `The store in ${dir} has format ${format}; this version of AgentOS reads up to ${STORE_FORMAT}. Upgrade AgentOS. The data was not touched.`,
      { details: { dir, format, supported: STORE_FORMAT } },
    );
  }
  return format;
}

async function markNew(driver: LevelDriver, dir: string): Promise<void> {
  for await (const _entry of driver.entries({ ...EVERYTHING, limit: 1 })) {
    throw corruptError(dir, "it holds data but no format version");
  }
  await driver.write([idOperation(), formatOperation(STORE_FORMAT)], true);
}

async function migrate(driver: LevelDriver, from: number, logger: Logger): Promise<void> {
  for (let format = from; format < STORE_FORMAT; format++) {
    const step = MIGRATIONS.find((migration) => migration.from === format);
    if (step === undefined) throw new Error(`There is no migration from format ${format}.`);
    await driver.write([...(await step.operations(driver)), formatOperation(format + 1)], true);
    logger.info({ from: format, to: format + 1, what: step.what }, "store brought to a newer format");
  }
}

function idOperation(): LevelOperation {
  return { type: "put", key: ID_KEY, value: randomUUID() };
}

function formatOperation(format: number): LevelOperation {
  return { type: "put", key: FORMAT_KEY, value: String(format) };
}

const EVERYTHING = {
  lower: Buffer.alloc(0),
  openLower: false,
  upper: Buffer.of(0xff),
  reverse: false,
  signal: undefined,
};
