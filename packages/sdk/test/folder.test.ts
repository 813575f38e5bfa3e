import { mkdir, mkdtemp, readdir, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { makeDir } from "../src/folder.js";

it.each(["store", "cache"])(
  "refuses a folder whose %s is a link, and writes nothing behind it",
  async (name) => {
    const base = await mkdtemp(join(tmpdir(), "agentos-folder-"));
    try {
      const [dir, elsewhere] = [join(base, ".agentos"), join(base, "elsewhere")];
      await mkdir(dir);
      await mkdir(elsewhere);
      await symlink(elsewhere, join(dir, name));
      await expect(makeDir(dir)).rejects.toMatchObject({ code: "SDK_DIR_INVALID" });
      expect(await readdir(elsewhere)).toEqual([]);
    } finally {
      await rm(base, { recursive: true });
    }
  },
);

// Node's recursive mkdir never comes back there.
it.skipIf(process.platform !== "linux").each(["/proc/agentos", "/proc/a/b/agentos"])(
  "refuses %s, where nothing can be made",
  async (dir) => {
    await expect(makeDir(dir)).rejects.toMatchObject({ code: "SDK_DIR_UNWRITABLE" });
  },
);

it("makes a folder with all above it, at the same time as another one", async () => {
  const base = await mkdtemp(join(tmpdir(), "agentos-folder-"));
  try {
    const dir = join(base, "a", "b", ".agentos");
    await Promise.all([makeDir(dir), makeDir(dir)]);
    expect((await readdir(dir)).sort()).toEqual([".gitignore", "cache"]);
  } finally {
    await rm(base, { recursive: true });
  }
});
