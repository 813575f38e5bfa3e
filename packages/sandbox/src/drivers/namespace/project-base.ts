import { Buffer } from "node:buffer";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { DriverJob } from "../../driver.js";
import { javascriptNames, withFolders } from "../../javascript/file-names.js";
import { isTypeScript } from "../../languages.js";
import type { Bind } from "./command.js";

/** Where a base is shown that is copied. */
const COPIED_FROM = "/project";

/** How the base of a job is shown: below a writable layer, or to be copied from. */
export function baseView(
  job: DriverJob,
  overlays: boolean,
): { readonly overlay?: string; readonly binds: readonly Bind[]; readonly extraBytes: number } {
  if (!job.base) return { binds: [], extraBytes: 0 };
  const { folder, bytes, paths } = job.base;
  if (overlays) return { overlay: folder, binds: [], extraBytes: 0 };
  // Each file takes whole pages.
  return { binds: [{ source: folder, target: COPIED_FROM }], extraBytes: bytes + 8192 * paths.size };
}

/** What the working folder needs before files are unpacked into it, in lines of shell. */
export function beforeUnpacking(job: DriverJob, overlays: boolean): string {
  const copy = job.base && !overlays ? `cp -RP ${COPIED_FROM}/. /work/ || exit 125\n` : "";
  const { length } = archivePrefix(job);
  return length === 0 ? copy : `${copy}cd /work && head -c ${length} <&4 | xargs -0 rm -f -- || exit 125\n`;
}

/** What comes before the archive of files: the names that are to be deleted from the base, each ended by NUL. */
export function archivePrefix(job: DriverJob): Uint8Array {
  const paths = job.deleted ?? [];
  if (paths.length === 0) return new Uint8Array();
  const before = withFolders(job.base?.paths ?? []);
  const names = paths.flatMap((path) => {
    if (!job.base?.stripped || !isTypeScript(path)) return [path];
    const { file, links } = javascriptNames(path, (other) => before.has(other));
    return [file, ...links];
  });
  return Buffer.from(names.map((name) => `${name}\0`).join(""));
}

/** Writes, replaces and deletes what lies in the lower layer. */
const TRIAL =
  'set -e; cd /work; echo new >> a; [ "$(head -n 1 a)" = old ]; rm b/c; rmdir b; mkdir b; [ -z "$(ls b)" ]; echo works';

/** Finds out whether a run can have a writable layer over a folder of the host: the reason when not. */
export async function tryOverlay(
  cacheDir: string,
  trial: (
    script: string,
    base: string,
  ) => Promise<{ readonly ok: true } | { readonly ok: false; readonly reason: string }>,
): Promise<string | undefined> {
  let folder: string | undefined;
  try {
    folder = await mkdtemp(join(cacheDir, ".overlay-"));
    const tree = join(folder, "tree");
    await mkdir(join(tree, "b"), { recursive: true });
    for (const path of ["a", "b/c"]) {
      await writeFile(join(tree, path), "old\n");
      await chmod(join(tree, path), 0o666);
    }
    for (const path of [tree, join(tree, "b")]) await chmod(path, 0o777);
    const tried = await trial(TRIAL, tree);
    if (!tried.ok) return tried.reason;
    const kept = (await readFile(join(tree, "a"), "utf8")) === "old\n";
    return kept ? undefined : "the layer below was changed";
  } catch (error) {
    return (error as Error).message;
  } finally {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }
}
