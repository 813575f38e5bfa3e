import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** Every file below a folder, by its path within it, with a hash of its bytes. */
export async function contents(dir: string): Promise<Record<string, string>> {
  const files = await readdir(dir, { recursive: true, withFileTypes: true });
  // LevelDB renames its log for people whenever it looks at a folder.
  const hashes = files
    .filter((file) => file.isFile() && !/^LO(G|CK)/.test(file.name))
    .map(async ({ parentPath, name }) => {
      const path = join(parentPath, name);
      const hash = createHash("sha256").update(await readFile(path));
      return [path.slice(dir.length), hash.digest("hex")] as const;
    });
  return Object.fromEntries(await Promise.all(hashes));
}
