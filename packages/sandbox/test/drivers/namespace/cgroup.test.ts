import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { requirement } from "../../../../../test/require.js";
import { CgroupLeaf, findCgroups } from "../../../src/drivers/namespace/cgroup.js";
import { ownerMark } from "../../../src/owner-mark.js";

const MEBIBYTE = 1024 * 1024;

const parent = findCgroups();
const available = requirement("cgroup", parent !== undefined, "no control group can be written by this user");

describe.skipIf(!available)("control groups", () => {
  if (!parent) return;
  const limits = { memoryBytes: 64 * 1024 * 1024, processes: 20 };

  test("a leaf holds its limits, and removing it kills what is in it", async () => {
    const leaf = new CgroupLeaf(parent, "test-a", limits);
    const folders = leaf.joinFiles.map((file) => dirname(file));
    const memory = parent.version === 1 ? "memory.limit_in_bytes" : "memory.max";
    expect(contentOf(folders, memory)).toBe(String(limits.memoryBytes));
    expect(contentOf(folders, "pids.max")).toBe("20");
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
    expect(() => new CgroupLeaf(parent, "test-b", { memoryBytes: Number.NaN, processes: 1 })).toThrow();
    expect(readdirSync(parent.memory).filter((name) => name.includes("test-b"))).toEqual([]);
  });

  test("CPU time is right within 5 %, by the burning process's own count, children included", async () => {
    const leaf = new CgroupLeaf(parent, "test-c", { memoryBytes: 256 * MEBIBYTE, processes: 20 });
    try {
      const output = await inside(
        leaf,
        `import os, time
def burn():
    while time.process_time() < 0.4: pass
child = os.fork()
burn()
if child == 0: os._exit(0)
os.wait()
times = os.times()
print(times.user + times.system + times.children_user + times.children_system)`,
      );
      const told = Number(output) * 1000;
      const counted = leaf.usage().cpuMs ?? 0;
      expect(told).toBeGreaterThan(750);
      expect(Math.abs(counted - told) / told).toBeLessThan(0.05);
    } finally {
      await leaf.remove();
    }
  });

  test("peak memory is right within 10 % for touched 200 MiB, and can begin anew", async () => {
    const leaf = new CgroupLeaf(parent, "test-d", { memoryBytes: 512 * MEBIBYTE, processes: 20 });
    try {
      await inside(leaf, "x = bytearray(b'x') * (200 * 2**20)");
      const peak = leaf.usage().peakMemoryBytes;
      if (peak === undefined) return expect(parent.version).toBe(2);
      expect(Math.abs(peak - 200 * MEBIBYTE) / (200 * MEBIBYTE)).toBeLessThan(0.1);
      if (!leaf.resetPeak()) return expect(parent.version).toBe(2);
      expect(leaf.usage().peakMemoryBytes).toBeLessThan(50 * MEBIBYTE);
      await inside(leaf, "x = bytearray(b'x') * (100 * 2**20)");
      const second = leaf.usage().peakMemoryBytes ?? 0;
      expect(second).toBeGreaterThan(95 * MEBIBYTE);
      expect(second).toBeLessThan(130 * MEBIBYTE);
    } finally {
      await leaf.remove();
    }
  });

  test("kills for memory and refused processes are counted", async () => {
    const leaf = new CgroupLeaf(parent, "test-e", limits);
    try {
      expect(leaf.usage()).toMatchObject({ outOfMemoryKills: 0, refusedProcesses: 0, processes: 0 });
      await inside(leaf, "x = bytearray(b'x') * (200 * 2**20)", "SIGKILL");
      expect(leaf.usage()).toMatchObject({ outOfMemoryKills: 1, refusedProcesses: 0 });
      await inside(
        leaf,
        "import os, signal, time\nsignal.signal(signal.SIGCHLD, signal.SIG_IGN)\ntry:\n  while True:\n    if os.fork() == 0:\n      time.sleep(0.2)\n      os._exit(0)\nexcept OSError: pass",
      );
      expect(leaf.usage().refusedProcesses).toBeGreaterThan(0);
    } finally {
      await leaf.remove();
    }
  });

  test("leftovers of hosts that are gone are swept, running or not; those of others are left", async () => {
    const [, start, namespace] = ownerMark().split("_");
    const groups = {
      // Above the highest process id that Linux gives.
      dead: join(parent.memory, `agentos.4194999_1_${namespace}.left`),
      running: join(parent.memory, `agentos.4194999_2_${namespace}.left`),
      // This process's id, but another start: the id was given again.
      reused: join(parent.memory, `agentos.${process.pid}_1_${namespace}.left`),
      elsewhere: join(parent.memory, "agentos.4194999_1_1.used"),
      living: join(parent.memory, `agentos.${process.pid}_${start}_${namespace}.used`),
    };
    for (const group of Object.values(groups)) mkdirSync(group);
    const child = spawn("sleep", ["1000"]);
    const exited = once(child, "exit");
    writeFileSync(join(groups.running, "cgroup.procs"), String(child.pid));
    try {
      findCgroups();
      expect((await exited)[1]).toBe("SIGKILL");
      const left = Object.entries(groups).filter(([, group]) => existsSync(group));
      expect(left.map(([name]) => name)).toEqual(["elsewhere", "living"]);
    } finally {
      child.kill("SIGKILL");
      for (const group of Object.values(groups)) if (existsSync(group)) rmdirSync(group);
    }
  });
});

function contentOf(folders: readonly string[], file: string): string | undefined {
  const folder = folders.find((each) => existsSync(join(each, file)));
  return folder === undefined ? undefined : readFileSync(join(folder, file), "utf8").trim();
}

/** Runs a Python program in a group and hands back what it printed. */
async function inside(leaf: CgroupLeaf, program: string, ends: string | null = null): Promise<string> {
  const join = leaf.joinFiles.map((file) => `echo 0 > ${file}`).join("; ");
  const child = spawn("/bin/sh", ["-c", `${join}; exec /usr/bin/python3 -c "$0"`, program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.on("data", (bytes) => {
    output += bytes;
  });
  const [, signal] = await once(child, "close");
  expect(signal).toBe(ends);
  return output;
}
