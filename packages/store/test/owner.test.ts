import { execFile } from "node:child_process";
import { chmod, mkdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import { Store } from "../src/index.js";
import { temporaryFolder } from "./folder.js";
import { startSharer } from "./sharing/processes.js";

const OPENER = fileURLToPath(new URL("./children/opener.mjs", import.meta.url));

async function inProcess(dir: string): Promise<string> {
  return (await promisify(execFile)(process.execPath, [OPENER, dir])).stdout.trim();
}

async function inThread(dir: string): Promise<unknown> {
  const worker = new Worker(OPENER, { workerData: dir });
  try {
    return await new Promise((resolve, reject) => worker.once("message", resolve).once("error", reject));
  } finally {
    await worker.terminate();
  }
}

test("one folder is one store, however its path is spelt, and a refused opening does not cost the lock", async () => {
  const root = await temporaryFolder();
  const dir = join(root, "store");
  const store = await Store.open({ dir });
  await symlink(dir, join(root, "link"));
  for (const spelling of [dir, `${dir}/`, join(root, "link"), relative(process.cwd(), dir)]) {
    await expect(Store.open({ dir: spelling }), spelling).rejects.toMatchObject({ code: "STORE_LOCKED" });
  }
  expect(await inProcess(dir)).toBe("STORE_LOCKED");
  expect(await inThread(dir)).toBe("STORE_LOCKED");
  expect(await inProcess(dir)).toBe("STORE_LOCKED");
  await store.write([store.collection("a").put("b", 1)]);
  await store.close();
  expect(await inProcess(dir)).toBe("opened");
  expect(await inThread(dir)).toBe("opened");
});

test("a lock whose file was removed does not make two owners, however long the first one sleeps", async () => {
  const dir = await temporaryFolder();
  const owner = await startSharer(dir);
  owner.child.kill("SIGSTOP");
  await rm(join(dir, "level", "LOCK"));
  await expect(Store.open({ dir })).rejects.toMatchObject({ code: "STORE_LOCKED" });
  owner.child.kill("SIGCONT");
  await owner.kill();
  const next = await Store.open({ dir });
  await next.close();
});

test("a folder that a store or a backup makes is its user's alone; one that was there stays as it was", async () => {
  const root = await temporaryFolder();
  const mode = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;
  const dir = join(root, "between", "store");
  const store = await Store.open({ dir });
  await store.backup({ dir: join(root, "backup") });
  await store.close();
  expect(await mode(dir)).toBe(0o700);
  expect(await mode(join(root, "backup"))).toBe(0o700);
  const other = join(root, "other");
  await mkdir(other);
  await chmod(other, 0o755);
  await (await Store.open({ dir: other })).close();
  expect(await mode(other)).toBe(0o755);
});

test("of many that open at once one gets the store, and keeps its lock", async () => {
  const dir = await temporaryFolder();
  const results = await Promise.allSettled(Array.from({ length: 6 }, () => Store.open({ dir })));
  const opened = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  expect(opened.length).toBe(1);
  for (const result of results) {
    if (result.status === "rejected") expect(result.reason).toMatchObject({ code: "STORE_LOCKED" });
  }
  expect(await inProcess(dir)).toBe("STORE_LOCKED");
  await opened[0]?.close();
});

test("an owner's note that was left behind does not lock, not even when its pid is ours", async () => {
  const dir = await temporaryFolder();
  await writeFile(
    join(dir, "owner.json"),
    JSON.stringify({ pid: process.pid, openedAt: 1, instance: "boot/1/1" }),
  );
  const store = await Store.open({ dir });
  expect(JSON.parse(await readFile(join(dir, "owner.json"), "utf8"))).toMatchObject({ pid: process.pid });
  await store.close();
  await writeFile(join(dir, "owner.json"), "{");
  await (await Store.open({ dir })).close();
});

test("nothing is written through a link that lies in the folder", async () => {
  const root = await temporaryFolder();
  const victim = join(root, "victim");
  await writeFile(victim, "keep");
  for (const name of ["owner.json", "durable", "level/LOG", "level/CURRENT"]) {
    const dir = join(root, name.replace("/", "-"));
    await mkdir(join(dir, "level"), { recursive: true });
    await symlink(victim, join(dir, name));
    await expect(Store.open({ dir }), name).rejects.toMatchObject({ code: "STORE_UNOPENABLE" });
  }
  expect(await readFile(victim, "utf8")).toBe("keep");
});

test("a copy of an open store's folder is another store", async () => {
  const dir = await temporaryFolder();
  const copy = await temporaryFolder();
  const store = await Store.open({ dir });
  await writeFile(join(copy, "owner.json"), await readFile(join(dir, "owner.json")));
  await (await Store.open({ dir: copy })).close();
  await store.close();
});

test("a store that failed to open can be opened again in this process", async () => {
  const dir = await temporaryFolder();
  await writeFile(join(dir, "level"), "in the way");
  await expect(Store.open({ dir })).rejects.toMatchObject({ code: "STORE_UNOPENABLE" });
  await expect(Store.open({ dir })).rejects.toMatchObject({ code: "STORE_UNOPENABLE" });
});
