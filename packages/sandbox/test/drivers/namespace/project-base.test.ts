import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { requirement } from "../../../../../test/require.js";
import { findHost } from "../../../src/drivers/namespace/host.js";
import { NamespaceRunner } from "../../../src/drivers/namespace/runner.js";
import { findToolbox } from "../../../src/drivers/namespace/toolbox.js";
import { DEFAULT_LIMITS } from "../../../src/options.js";

const host = await findHost();
const works = requirement("bubblewrap", host !== undefined);

test.skipIf(!works)(
  "where no overlay can be mounted, a project is copied inside for each run, and says so",
  async () => {
    if (!host) return;
    const folder = mkdtempSync(join(tmpdir(), "agentos-copied-"));
    const tree = join(folder, "tree");
    mkdirSync(join(tree, "b"), { recursive: true });
    for (const [path, content] of Object.entries({ "a.txt": "old", "b/c.txt": "old", "d.txt": "old" })) {
      writeFileSync(join(tree, path), content);
      chmodSync(join(tree, path), 0o666);
    }
    for (const path of [tree, join(tree, "b")]) chmodSync(path, 0o777);
    // Without a trial, the runner takes it that there are no overlays.
    const runner = new NamespaceRunner(host, { cacheDir: folder });
    try {
      const toolbox = await findToolbox((toolchain, script) => runner.trial(toolchain.binds, script));
      const { result, collected } = await runner.run(
        {
          language: "python",
          files: new Map([
            [
              "main.py",
              "import os\nopen('a.txt', 'a').write(' new')\nprint(open('a.txt').read(), sorted(os.listdir('.')))\n",
            ],
          ]),
          base: { folder: tree, paths: new Set(["a.txt", "b/c.txt", "d.txt"]), bytes: 9, stripped: false },
          deleted: ["d.txt"],
          collect: { paths: [], changes: true, bytes: 1000 },
          entry: "main.py",
          args: [],
          stdin: new Uint8Array(),
          limits: DEFAULT_LIMITS,
        },
        toolbox,
        {},
      );
      expect(result.stdout).toBe("old new ['a.txt', 'b', 'main.py']\n");
      expect(result.enforced).toContain("project copied");
      expect(readFileSync(join(tree, "a.txt"), "utf8")).toBe("old");
      expect(Buffer.from(collected?.files.get("a.txt") ?? []).toString()).toBe("old new");
      expect([...(collected?.present ?? [])].sort()).toEqual(["a.txt", "b/c.txt", "main.py"]);
    } finally {
      await runner.close();
      rmSync(folder, { recursive: true });
    }
  },
);
