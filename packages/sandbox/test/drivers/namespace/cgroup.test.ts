import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { requirement } from "../../../../../test/require.js";
import { CgroupLeaf, findCgroups } from "../../../src/drivers/namespace/cgroup.js";

const parent = findCgroups();
const available = requirement("cgroup", parent !== undefined, "no control group can be written by this user");

describe.skipIf(!available)("control groups", () => {
  if (!parent) return;
  const limits = { memoryBytes: 64 * 1024 * 1024, processes: 20 };

  test("a leaf holds its limits, and removing it kills what is in it", async () => {
    const leaf = new CgroupLeaf(parent, "test-a", limits);
    const folders = leaf.joinFiles.map((file) => dirname(file));
    const memory = parent.version === 1 ? "memory.limit_in_bytes" : "memory.max";
    expect(readFileSync(join(folders[0] ?? "", memory), "utf8").trim()).toBe(String(limits.memoryBytes));
    expect(readFileSync(join(folders.at(-1) ?? "", "pids.max"), "utf8").trim()).toBe("20");
    const child = spawn("sleep", ["1000"]);
    const exited = once(child, "exit");
    for (const file of leaf.joinFiles) writeFileSync(file, String(child.pid));
    expect(leaf.removeNow()).toBe(false);
    expect(await leaf.remove()).toBe(true);
    expect((await exited)[1]).toBe("SIGKILL");
    expect(folders.filter(existsSync)).toEqual([]);
    expect(leaf.outOfMemoryKills()).toBe(0);
  });

  test("limits that the kernel refuses throw and leave nothing", () => {
    const before = readdirSync(parent.memory);
    expect(() => new CgroupLeaf(parent, "test-b", { memoryBytes: Number.NaN, processes: 1 })).toThrow();
    expect(readdirSync(parent.memory)).toEqual(before);
  });

  test("leftovers of processes that are gone are swept, those of living ones are not", () => {
    // Above the highest process id that Linux gives.
    const dead = join(parent.memory, "agentos.4194999.left");
    const living = join(parent.memory, `agentos.${process.ppid}.used`);
    mkdirSync(dead);
    mkdirSync(living);
    try {
      findCgroups();
      expect(existsSync(dead)).toBe(false);
      expect(existsSync(living)).toBe(true);
    } finally {
      rmdirSync(living);
    }
  });
});
