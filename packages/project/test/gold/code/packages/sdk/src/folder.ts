import { access, constants, lstat, realpath, stat, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { makeFolders } from "@agentos/store";
import { sdkError } from "./errors.js";

/** Makes the folder that everything is kept in, and hides it from git. Its absolute path. */
export async function makeDir(path: string): Promise<string> {
  const dir = resolve(path);
  for (const name of ["store", "cache"]) {
    // The folder may come with a repository, perhaps a stranger's: what is kept must not land elsewhere.
    if (!(await isLink(join(dir, name)))) continue;
    throw sdkError(
      "SDK_DIR_INVALID",
      `${join(dir, name)} is a link. Remove it, or name another folder as dir.`,
      {
        details: { dir },
      },
    );
  }
  try {
    await makeFolders(join(dir, "cache"));
    await writeFile(join(dir, ".gitignore"), "*\n", { flag: "wx" }).catch(unlessThere);
    await access(dir, constants.W_OK);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const details = { dir, reason: code };
    if (code === "ENOTDIR" || code === "EEXIST") {
      throw sdkError("SDK_DIR_INVALID", `${dir} is not a folder. Name another one as dir.`, {
        cause,
        details,
      });
    }
    throw sdkError(
      "SDK_DIR_UNWRITABLE",
      `${dir} cannot be written (${code}). Check its owner and the room on its disk, or name another one as dir.`,
      { cause, details },
    );
  }
  return dir;
}

/** The project's real folder. Throws `SDK_PROJECT_INVALID`. */
export async function projectRoot(path: string): Promise<string> {
  try {
    const root = await realpath(resolve(path));
    if ((await stat(root)).isDirectory()) return root;
  } catch (cause) {
    throw sdkError("SDK_PROJECT_INVALID", `The project ${path} does not exist or cannot be read.`, { cause });
  }
  throw sdkError("SDK_PROJECT_INVALID", `The project ${path} is a file. Name its root folder.`);
}

async function isLink(path: string): Promise<boolean> {
  return lstat(path).then(
    (found) => found.isSymbolicLink(),
    () => false,
  );
}

function unlessThere(error: NodeJS.ErrnoException): void {
  if (error.code !== "EEXIST") throw error;
}
