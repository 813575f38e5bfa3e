import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isAgentOSError, type Language, type RunResult } from "@agentos/core";
import { describe, expect, onTestFinished, test } from "vitest";
import { requirement } from "../../../test/require.js";
import { defaultDrivers, Sandbox } from "../src/index.js";

const probe = 'd=$(mktemp -d) && mount -t tmpfs tmpfs "$d" && umount "$d" && rmdir "$d"';
const mounts = process.platform === "linux" && spawnSync("sh", ["-c", probe]).status === 0;

/** A cache folder on a disk that is full but for so many bytes. */
function smallDisk(kibibytes: number): string {
  const folder = mkdtempSync(join(tmpdir(), "agentos-full-"));
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${kibibytes}k,mode=755`, "tmpfs", folder]);
  onTestFinished(() => {
    execFileSync("umount", ["-l", folder]);
    rmdirSync(folder);
  });
  chmodSync(folder, 0o755);
  return folder;
}

const PROGRAMS: readonly (readonly [string, Language, string, string])[] = [
  ["namespace", "python", "main.py", "print(7)"],
  ["namespace", "javascript", "main.js", "console.log(7)"],
  ["namespace", "go", "main.go", 'package main\n\nimport "fmt"\n\nfunc main() { fmt.Println(7) }\n'],
  ["quickjs", "javascript", "main.js", "console.log(7)"],
  ["pyodide", "python", "main.py", "print(7)"],
];

describe.skipIf(!requirement("tmpfs", mounts, "it needs the right to mount a tmpfs (root)"))(
  "a full disk below cacheDir",
  () => {
    test.each(PROGRAMS)(
      "%s in %s works or says what is full, and recovers",
      async (driver, language, entry, program) => {
        const cacheDir = smallDisk(32);
        try {
          writeFileSync(join(cacheDir, "ballast"), Buffer.alloc(64 * 1024));
        } catch {
          // Full, as it should be.
        }
        const drivers = defaultDrivers().filter(({ name }) => name === driver);
        await using sandbox = await Sandbox.open({ cacheDir, drivers });
        const availability = (await sandbox.drivers())[0]?.availability;
        if (!availability?.available || !availability.languages.includes(language)) return;
        const run = (): Promise<RunResult> =>
          sandbox.run({ language, files: { [entry]: program }, entry, needs: "none" });
        const first = await run().catch((error: unknown) => error);
        if (isAgentOSError(first)) {
          expect(first.code).toBe("SANDBOX_DRIVER_FAILED");
          expect(first.message).toContain(cacheDir);
        } else {
          expect(first).toMatchObject({ status: "exited", stdout: "7\n" });
        }
        execFileSync("mount", ["-o", "remount,size=512m", cacheDir]);
        expect(await run()).toMatchObject({ status: "exited", stdout: "7\n" });
      },
      300_000,
    );
  },
);
