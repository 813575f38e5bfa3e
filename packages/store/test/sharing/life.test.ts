import { execFile } from "node:child_process";
import { rename } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { Store } from "../../src/index.js";
import { temporaryFolder } from "../folder.js";
import { startSharer } from "./processes.js";

const IDLE = fileURLToPath(new URL("../children/idle-sharer.mjs", import.meta.url));

test("an idle store keeps no process alive, neither the owner's nor a client's", async () => {
  const dir = await temporaryFolder();
  const run = async (): Promise<string> =>
    (await promisify(execFile)(process.execPath, [IDLE, dir], { timeout: 10_000 })).stdout.trim();
  expect(await run()).toBe("owner");
  const owner = await Store.open({ dir, shared: true });
  expect(await run()).toBe("client");
  await owner.close();
});

test("closing twice is closing once; after it nothing works, and others go on", async () => {
  const dir = await temporaryFolder();
  const owner = await Store.open({ dir, shared: true });
  const client = await Store.open({ dir, shared: true });
  const other = await Store.open({ dir, shared: true });
  const pending = client.write([client.collection("a").put("k", 1)], { durable: true });
  await Promise.all([client.close(), client.close()]);
  expect(await pending).toBe(1);
  for (const work of [
    () => client.write([]),
    () => client.collection("a").get("k"),
    () => client.call("a", 1),
    async () => client.onChange(() => {}),
    async () => client.onRole(() => {}),
    async () => client.serve("a", async () => 1),
  ])
    await expect(work()).rejects.toMatchObject({ code: "CLOSED" });
  expect(await other.collection("a").get("k")).toBe(1);
  const last = other.write([other.collection("a").put("k", 2)]);
  await Promise.all([owner.close(), last]);
  expect(await other.collection("a").get("k")).toBe(2);
  await other.close();
});

test("many who open at once: one owns, the rest are its clients, and all work", async () => {
  const dir = await temporaryFolder();
  const stores = await Promise.all(Array.from({ length: 8 }, () => Store.open({ dir, shared: true })));
  expect(stores.filter(({ role }) => role === "owner").length).toBe(1);
  const sequences = await Promise.all(
    stores.map((store, n) => store.write([store.collection("a").put(String(n), n)])),
  );
  expect(sequences.sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  // One after another, owners first: each hands over to one of those that are left.
  for (const store of stores.sort((a, b) => Number(b.role === "owner") - Number(a.role === "owner"))) {
    expect(await store.collection("a").get("7")).toBe(7);
    await store.close();
  }
});

test("a process that does not share has the folder to itself, and says who it is", async () => {
  const dir = await temporaryFolder();
  const alone = await Store.open({ dir });
  expect(alone.role).toBe("owner");
  const started = performance.now();
  await expect(Store.open({ dir, shared: true })).rejects.toMatchObject({
    code: "STORE_LOCKED",
    details: { pid: process.pid, shared: false },
  });
  expect(performance.now() - started).toBeLessThan(3_000);
  await alone.close();
  const sharing = await startSharer(dir);
  await expect(Store.open({ dir })).rejects.toMatchObject({
    code: "STORE_LOCKED",
    details: { pid: sharing.pid, shared: true },
  });
});

test("a client does not make a new store where the folder of its own was taken away", async () => {
  const dir = await temporaryFolder();
  const owner = await startSharer(dir);
  const client = await Store.open({ dir, shared: true });
  await client.write([client.collection("a").put("k", 1)]);
  await rename(dir, `${dir}-moved`);
  await owner.kill();
  await expect(client.collection("a").get("k")).rejects.toMatchObject({ code: "STORE_UNOPENABLE" });
  await rename(`${dir}-moved`, dir);
  expect(await client.collection("a").get("k")).toBe(1);
  await client.close();
});

test("options of sharing are validated", async () => {
  await expect(Store.open({ dir: "x", shared: 1 } as never)).rejects.toMatchObject({
    code: "OPTIONS_INVALID",
  });
  const signal = AbortSignal.abort();
  await expect(Store.open({ dir: "x", shared: true, signal })).rejects.toMatchObject({ code: "ABORTED" });
});
