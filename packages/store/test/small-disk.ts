import { execFileSync, spawnSync } from "node:child_process";
import { onTestFinished } from "vitest";
import { temporaryFolder } from "./folder.js";

/** Whether a small disk can be made here. Says why not; throws when AGENTOS_REQUIRE asks for it. */
export function canMount(): boolean {
  const unable = mountProblem();
  if (unable === undefined) return true;
  const required = (process.env["AGENTOS_REQUIRE"] ?? "").split(",").includes("tmpfs");
  if (required) throw new Error(`AGENTOS_REQUIRE names tmpfs, but: ${unable}`);
  console.warn(`skipped: needs tmpfs: ${unable}`);
  return false;
}

/** Mounts a file system of so many MiB in memory. */
export async function smallDisk(mebibytes: number): Promise<string> {
  const folder = await temporaryFolder();
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${mebibytes}m`, "tmpfs", folder]);
  onTestFinished(() => void execFileSync("umount", ["-l", folder]));
  return folder;
}

/** Why no file system can be mounted here, or undefined when it can: found out by trying. */
function mountProblem(): string | undefined {
  if (process.platform !== "linux") return "It needs a tmpfs, which only Linux has.";
  const probe = spawnSync("sh", [
    "-c",
    'd=$(mktemp -d) && mount -t tmpfs tmpfs "$d" && umount "$d" && rmdir "$d"',
  ]);
  return probe.status === 0 ? undefined : "It needs the right to mount a tmpfs (root).";
}
