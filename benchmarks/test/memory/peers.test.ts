import { existsSync } from "node:fs";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openPeer, PEERS, type PeerSource } from "../../memory/peers.js";
import { folderWith } from "../fixtures.js";

const { signal } = new AbortController();

/** A peer that npm installs from a folder: the nearest is the vector with the nearest first number. */
async function localPeer(name = "local"): Promise<PeerSource> {
  const folder = await folderWith({
    "package.json": JSON.stringify({ name: "a-vector-store", version: "1.0.0", type: "module" }),
    "index.js": "export const near = (vectors, [query]) => vectors.map(([x]) => Math.abs(x - query));\n",
  });
  return {
    name,
    packages: [`file:${folder}`],
    entry: "a-vector-store/index.js",
    async fill(module, vectors) {
      const { near } = module as { near: (vectors: unknown, query: unknown) => readonly number[] };
      return async (query) => {
        const distances = near(vectors, query);
        return vectors.map((_, place) => place).sort((a, b) => (distances[a] ?? 0) - (distances[b] ?? 0));
      };
    },
  };
}

test("a peer is installed once, filled and asked", async () => {
  const cache = await folderWith({});
  const source = await localPeer();
  const peer = await openPeer(source, [[1], [5], [9]], { signal, cache });
  expect(await peer.search([6])).toEqual([1, 2, 0]);
  const [folder = ""] = await readdir(cache);
  expect(existsSync(join(cache, folder, "complete"))).toBe(true);
  // Had it been installed again, the folder would have been emptied first.
  await writeFile(join(cache, folder, "left"), "");
  await openPeer(source, [[1]], { signal, cache });
  expect(existsSync(join(cache, folder, "left"))).toBe(true);
});

test("a peer that cannot be installed rejects, is tried again, and leaves nothing that counts as installed", async () => {
  const cache = await folderWith({});
  const source = { ...(await localPeer()), packages: ["file:/nowhere/at/all"] };
  for (let times = 0; times < 2; times++) {
    await expect(openPeer(source, [[1]], { signal, cache })).rejects.toThrow();
    const [folder = ""] = await readdir(cache);
    expect(existsSync(join(cache, folder, "complete"))).toBe(false);
  }
});

test("a signal ends it", async () => {
  const cache = await folderWith({});
  await expect(
    openPeer(await localPeer(), [[1]], { signal: AbortSignal.abort(), cache }),
  ).rejects.toMatchObject({ code: "ABORTED" });
  expect(await readdir(cache)).toEqual([]);
});

test("the measured peers are pinned to one version each", () => {
  for (const { packages } of PEERS) {
    for (const name of packages) expect(name).toMatch(/^@?[\w/-]+@\d+\.\d+\.\d+$/);
  }
});
