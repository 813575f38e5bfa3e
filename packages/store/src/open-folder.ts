import { type Clock, Lifecycle, type Logger } from "@agentos/core";
import { ChangeLog, storedSequence } from "./change-log.js";
import { changeOf, type StoreChange } from "./changes.js";
import { LevelDriver } from "./drivers/level-driver.js";
import { corruptError, fullError, isFull, isLocked } from "./drivers/level-errors.js";
import { DurableMark } from "./durable-mark.js";
import { refuseLinks } from "./links.js";
import { LocalEngine } from "./local-engine.js";
import { prepareFormat } from "./migration.js";
import { claimFolder, forgetOwner, lockedError, noteOwner } from "./owner.js";
import { RequestLog } from "./request-log.js";
import type { Services } from "./services.js";
import { Snapshots } from "./snapshots.js";
import { type BatchFollower, Writer } from "./writer.js";

/** Is told of applied batches, in order, before anybody else knows. */
export type Tell = (changes: readonly StoreChange[]) => void;

/**
 * Opens the folder in this process, and tells of every batch from then on; `takeOver` when this process knew an owner that
 * is gone. Throws `STORE_LOCKED` when another process has it.
 */
export type OpenFolder = (tell: Tell, takeOver: boolean) => Promise<LocalEngine>;

/** What of a Store outlives the time for which it has its folder open. */
export interface FolderParts {
  /** The folder as the user calls it, for messages. */
  readonly dir: string;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly services: Services;
}

/**
 * Takes a folder for this process. Damage is looked for before anything is changed.
 * @param folder its real path
 */
export async function openFolder(
  folder: string,
  { dir, logger, clock, services }: FolderParts,
  { shared, takeOver, tell }: { readonly shared: boolean; readonly takeOver: boolean; readonly tell: Tell },
): Promise<LocalEngine> {
  const lifecycle = new Lifecycle("Store");
  try {
    await refuseLinks(folder);
    lifecycle.add(await claimFolder(folder));
    // The last owner checked the tables; to do so again could take seconds, in which nobody works.
    const driver = await LevelDriver.open(folder, logger, takeOver ? 0 : undefined);
    lifecycle.add(driver);
    const id = await prepareFormat(driver, dir, logger);
    const mark = await DurableMark.open(folder, logger);
    lifecycle.add(mark);
    const sequence = await readSequence(driver, mark, dir);
    const snapshots = await Snapshots.open(folder, id, sequence, logger);
    const log = await ChangeLog.open(driver, () => snapshots.oldest);
    const requests = await RequestLog.load(driver, clock);
    const follower: BatchFollower = {
      records: (batches) => requests.records(batches),
      applied: (batches) => {
        requests.applied(batches);
        tell(batches.map(changeOf));
      },
      recovered: async (from, to) => {
        await requests.recovered(from);
        tell((await log.since(from - 1, to)) ?? [{ sequence: to, changed: "unknown" }]);
      },
    };
    const writer = new Writer(driver, mark, log, sequence, logger, follower);
    snapshots.follow(() => writer.sequence);
    await noteOwner(folder, clock, shared);
    lifecycle.add(() => forgetOwner(folder));
    lifecycle.add(writer);
    services.opened();
    const close = (): Promise<void> => lifecycle.close();
    return new LocalEngine({ dir: folder, driver, writer, log, requests, snapshots, services, close });
  } catch (error) {
    await closeQuietly(lifecycle, logger);
    if (isLocked(error)) throw await lockedError(dir, error);
    throw isFull(error) ? fullError(dir, error) : error;
  }
}

async function readSequence(driver: LevelDriver, mark: DurableMark, dir: string): Promise<number> {
  const sequence = await storedSequence(driver);
  if (!Number.isSafeInteger(sequence)) throw corruptError(dir, "the record of its sequence is damaged");
  const durable = await mark.get();
  if (sequence < durable) {
    throw corruptError(dir, `it ends at batch ${sequence}, but batch ${durable} had been written durably`, {
      sequence,
      durable,
    });
  }
  return sequence;
}

async function closeQuietly(lifecycle: Lifecycle, logger: Logger): Promise<void> {
  try {
    await lifecycle.close();
  } catch (error) {
    logger.warn({ error }, "a store that could not be opened did not close cleanly");
  }
}
