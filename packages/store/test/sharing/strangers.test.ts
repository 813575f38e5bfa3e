import { execFileSync } from "node:child_process";
import { chmod, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { connect, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { Store } from "../../src/index.js";
import { encodeFrame, FRAME_BYTES } from "../../src/sharing/frames.js";
import { announcePlace, findPlace, makePlace } from "../../src/sharing/meeting-place.js";
import { temporaryFolder } from "../folder.js";
import { startSharer } from "./processes.js";

const NONCE = "0".repeat(64);

test("garbage, oversize frames, wrong proofs and silence end their own connection and nothing else", async () => {
  const dir = await temporaryFolder();
  const owner = await startSharer(dir);
  const client = await Store.open({ dir, shared: true });
  const path = (await findPlace(dir))?.path as string;
  const { dev, ino } = await stat(dir, { bigint: true });
  const hello = { agentos: "store", protocol: 1, folder: `${dev}:${ino}`, nonce: NONCE };
  const long = Buffer.alloc(8);
  long.writeUInt32BE(FRAME_BYTES + 1);
  const strangers: readonly (readonly Buffer[])[] = [
    [Buffer.from("GET / HTTP/1.1\r\n\r\n")],
    [long],
    [Buffer.concat([Buffer.of(0, 0, 0, 2), Buffer.from("{]")])],
    [encodeFrame({})],
    [encodeFrame([])],
    [encodeFrame({ ...hello, agentos: "other" })],
    [encodeFrame({ ...hello, nonce: "0" })],
    [encodeFrame({ t: "write", n: 1, request: "x", operations: [], durable: false })],
    [encodeFrame({ ...hello, padding: "x".repeat(5_000) })],
    [encodeFrame(hello), encodeFrame({ proof: NONCE })],
    // A request before the proof.
    [encodeFrame(hello), encodeFrame({ t: "get", n: 1, key: "m:format" })],
  ];
  for (const frames of strangers) {
    const { socket, received } = await dial(path);
    const ended = new Promise<void>((resolve) => socket.once("close", () => resolve()));
    for (const frame of frames) socket.write(frame);
    await ended;
    expect(received().includes("m:format") || received().includes("answer")).toBe(false);
    expect(await client.collection("a").get("k")).toBe(undefined);
  }
  // Silent ones are sent away, and however many there are, friends get in afterwards.
  const silent = await Promise.all(Array.from({ length: 100 }, () => dial(path)));
  await Promise.all(silent.map(({ socket }) => new Promise((resolve) => socket.once("close", resolve))));
  const late = await Store.open({ dir, shared: true });
  expect(late.role).toBe("client");
  await late.close();
  await client.close();
  expect(await owner.ask("state")).toMatchObject({ role: "owner" });
});

test("peers that speak another version of the protocol are told so, on both sides", async () => {
  const dir = await temporaryFolder();
  const owner = await Store.open({ dir, shared: true });
  const { socket, received } = await dial((await findPlace(dir))?.path as string);
  socket.write(encodeFrame({ agentos: "store", protocol: 2, folder: "1:1", nonce: NONCE, new: "things" }));
  await new Promise((resolve) => socket.once("close", resolve));
  expect(JSON.parse(received().slice(4))).toEqual({ protocol: 1, pid: process.pid, refused: "protocol" });
  await owner.close();

  const other = await temporaryFolder();
  const fake = await announced(other, (peer) => {
    peer.once("data", () => peer.write(encodeFrame({ protocol: 2, pid: 77, refused: "protocol" })));
  });
  await expect(Store.open({ dir: other, shared: true })).rejects.toMatchObject({
    code: "STORE_PROTOCOL_MISMATCH",
    details: { protocol: 2, supported: 1, pid: 77 },
  });
  fake.close();
});

test("one who sits at the owner's address without knowing the token is passed over", async () => {
  const dir = await temporaryFolder();
  const heard: string[] = [];
  const fake = await announced(dir, (peer) => {
    peer.on("data", (chunk: Buffer) => heard.push(chunk.toString("latin1")));
    peer.once("data", () => peer.write(encodeFrame({ protocol: 1, pid: 77, nonce: NONCE, proof: NONCE })));
  });
  const token = (await findPlace(dir))?.token as string;
  const store = await Store.open({ dir, shared: true });
  expect(store.role).toBe("owner");
  await store.close();
  // It learned neither the token nor a proof.
  expect(heard.length).toBeGreaterThan(0);
  for (const text of heard) {
    expect(text).toContain('"agentos":"store"');
    expect(text.includes("proof") || text.includes(token)).toBe(false);
  }
  fake.close();
});

test("an owner of another folder is refused, so a copied note leads nowhere", async () => {
  const dir = await temporaryFolder();
  const copy = await temporaryFolder();
  const owner = await Store.open({ dir, shared: true });
  const token = await readFile(join(dir, "sharing.token"));
  await writeFile(join(copy, "sharing.token"), token, { mode: 0o600 });
  const other = await Store.open({ dir: copy, shared: true });
  expect(other.role).toBe("owner");
  await other.write([other.collection("a").put("k", 1)]);
  expect(await owner.collection("a").get("k")).toBe(undefined);
  await other.close();
  const client = await Store.open({ dir, shared: true });
  expect(client.role).toBe("client");
  await client.close();
  await owner.close();
});

test("a note that came with the folder is neither followed nor trusted", async () => {
  const root = await temporaryFolder();
  const victim = join(root, "victim");
  await writeFile(victim, "a".repeat(64), { mode: 0o600 });
  const plant: Record<string, (path: string) => Promise<unknown>> = {
    "a pipe": async (path) => execFileSync("mkfifo", ["-m", "600", path]),
    "readable for all": (path) => writeFile(path, "a".repeat(64), { mode: 0o644 }),
    "a path": (path) => writeFile(path, "../../victim", { mode: 0o600 }),
    "a folder": (path) => mkdir(path, { mode: 0o700 }),
  };
  for (const [name, make] of Object.entries(plant)) {
    const dir = join(root, name);
    await mkdir(dir);
    await make(join(dir, "sharing.token"));
    if (name === "a folder") {
      await expect(Store.open({ dir, shared: true }), name).rejects.toMatchObject({
        code: "STORE_UNOPENABLE",
      });
      continue;
    }
    const store = await Store.open({ dir, shared: true });
    expect(store.role, name).toBe("owner");
    const facts = await stat(join(dir, "sharing.token"));
    expect([facts.isFile(), facts.mode & 0o777], name).toEqual([true, 0o600]);
    const client = await Store.open({ dir, shared: true });
    expect(client.role, name).toBe("client");
    await client.close();
    await store.close();
  }
  const dir = join(root, "linked");
  await mkdir(dir);
  await symlink(victim, join(dir, "sharing.token"));
  await expect(Store.open({ dir, shared: true })).rejects.toMatchObject({ code: "STORE_UNOPENABLE" });
  expect(await readFile(victim, "utf8")).toBe("a".repeat(64));
});

test("a long path of the folder makes no long path of the socket", async () => {
  const dir = join(await temporaryFolder(), "d".repeat(120), "e".repeat(120), "ü".repeat(60));
  const owner = await startSharer(dir);
  expect(Buffer.byteLength((await findPlace(dir))?.path ?? "")).toBeLessThanOrEqual(100);
  const client = await Store.open({ dir, shared: true });
  expect(client.role).toBe("client");
  expect(await client.write([client.collection("a").put("k", 1)])).toBe(1);
  await client.close();
  await owner.close();
});

test("socket and note are there for their user alone, go with the owner, and dead ones are cleared away", async () => {
  const dir = await temporaryFolder();
  const killed = await startSharer(dir);
  const dead = (await findPlace(dir))?.path as string;
  await killed.kill();
  expect((await stat(dead)).isSocket()).toBe(true);
  const old = new Date(Date.now() - 60_000);
  execFileSync("touch", ["-d", old.toISOString(), dead]);
  const store = await Store.open({ dir, shared: true });
  const path = (await findPlace(dir))?.path as string;
  expect(path).not.toBe(dead);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect((await stat(join(path, ".."))).mode & 0o777).toBe(0o700);
  while ((await readdir(join(path, ".."))).includes(dead.split("/").at(-1) ?? "")) await tick();
  await Promise.all([store.close(), store.close()]);
  await expect(stat(path)).rejects.toMatchObject({ code: "ENOENT" });
  expect((await readdir(dir)).sort()).toEqual(["durable", "level"]);
});

test.skipIf(process.getuid?.() !== 0)(
  "an ordinary user shares as root does; another user is kept out, and one who made the place first is refused",
  async () => {
    const user = { uid: 54_321, gid: 54_321 };
    const place = `/tmp/agentos-${user.uid}`;
    onTestFinished(() => rm(place, { recursive: true, force: true }));
    await rm(place, { recursive: true, force: true });
    const root = await temporaryFolder();
    await chmod(root, 0o755);
    const dir = join(root, "store");
    await mkdir(dir);
    execFileSync("chown", [`${user.uid}:${user.gid}`, dir]);
    const owner = await startSharer(dir, user);
    const client = await startSharer(dir, user);
    expect(await client.ask("state")).toEqual({ role: "client", sequence: 0 });
    expect(await client.ask("put", { collection: "a", key: "k", value: 1, durable: true })).toBe(1);
    // Root could reach the socket, but does not take another user's note for its own.
    await expect(Store.open({ dir, shared: true })).rejects.toMatchObject({
      code: "STORE_LOCKED",
      details: { pid: owner.pid, shared: true },
    });
    await owner.kill();
    await client.heard(({ role }) => role === "owner");
    expect(await client.ask("get", { collection: "a", key: "k" })).toBe(1);
    await client.close();
    await rm(place, { recursive: true });
    await mkdir(place, { mode: 0o777 });
    await expect(startSharer(dir, user)).rejects.toThrow("STORE_UNOPENABLE");
    await expect(stat(join(dir, "owner.json"))).rejects.toMatchObject({ code: "ENOENT" });
  },
);

async function dial(path: string): Promise<{ socket: Socket; received: () => string }> {
  const socket = connect(path);
  onTestFinished(() => void socket.destroy());
  let text = "";
  socket.on("data", (chunk: Buffer) => {
    text += chunk.toString("latin1");
  });
  socket.on("error", () => {});
  await new Promise((resolve) => socket.once("connect", resolve));
  return { socket, received: () => text };
}

/** Somebody who is not the owner, at the place that the note of a folder leads to. */
async function announced(dir: string, onPeer: (peer: Socket) => void): Promise<Server> {
  const place = await makePlace();
  const server = createServer((peer) => {
    peer.on("error", () => {});
    onPeer(peer);
  });
  await new Promise<void>((resolve) => server.listen(place.path, resolve));
  await announcePlace(dir, place);
  return server;
}

function tick(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 10));
}
