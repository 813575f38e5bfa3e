import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { datasetError } from "./errors.js";
import { unreadable } from "./read-lines.js";

/** The files of a folder whose names fit, by name; at least one. Throws `DATASET_MISSING`, `DATASET_UNREADABLE`. */
export async function findFiles(
  folder: string,
  name: RegExp,
  published: string,
): Promise<readonly [string, ...string[]]> {
  let names: string[];
  try {
    names = await readdir(folder);
  } catch (cause) {
    throw unreadable({ file: folder, published }, cause);
  }
  const [first, ...others] = names.filter((file) => name.test(file)).sort();
  if (first === undefined) {
    throw datasetError(
      "DATASET_MISSING",
      `${folder} holds no file named like ${name.source}. It is published at ${published}; put it there, or name another folder.`,
      { details: { folder } },
    );
  }
  return [join(folder, first), ...others.map((file) => join(folder, file))];
}
