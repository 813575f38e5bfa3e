import { createHmac } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { Store } from "../../src/index.js";
import { encodeFrame, FRAME_BYTES, FrameReader } from "../../src/sharing/frames.js";
import { findPlace } from "../../src/sharing/meeting-place.js";
import { temporaryFolder } from "../folder.js";
import { startSharer } from "./processes.js";

// A client of the same user that asks for more than it takes, by a bug or on purpose, costs the owner little.

const MEBIBYTE = 2 ** 20;
const measured = existsSync("/proc/self/statm");

test.skipIf(!measured)(
  "a client that asks and does not read is not read itself, and gets every answer when it does",
  async () => {
    const { owner, client, ask } = await greedy();
    const c = client.collection("c");
    await client.write([c.put("large", "x".repeat(MEBIBYTE))]);
    const before = await memoryOf(owner);
    const { socket, answers } = await ask();
    socket.pause();
    for (let n = 0; n < 600; n++) socket.write(encodeFrame({ t: "get", n, key: "c1:clarge" }));
    let most = 0;
    for (let look = 0; look < 15; look++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      most = Math.max(most, (await memoryOf(owner)) - before);
    }
    // Answers of 600 MiB were asked for; 128 requests may be under way.
    expect(most).toBeLessThan(400 * MEBIBYTE);
    // Meanwhile others are served.
    expect(await c.get("large")).toHaveLength(MEBIBYTE);
    socket.resume();
    await answers(600);
  },
  60_000,
);

test.skipIf(!measured)(
  "of walks that a client leaves open the owner keeps some, and the others go on all the same",
  async () => {
    const { owner, client, ask } = await greedy();
    const c = client.collection("c");
    await client.write(
      Array.from({ length: 3_000 }, (_, at) => c.put(String(at).padStart(5, "0"), "v".repeat(1_000))),
    );
    const before = await memoryOf(owner);
    const { socket, answers } = await ask();
    const page = (n: number, walk: number, lower: string, openLower: boolean): Buffer =>
      encodeFrame({ t: "page", n, walk, lower, openLower, upper: "c1:d", limit: -1, reverse: false });
    for (let walk = 0; walk < 1_500; walk++) socket.write(page(walk, walk, "c1:c", false));
    const begun = await answers(1_500);
    const read = begun.get(0) as { entries: [string, string][]; done: boolean };
    expect(read.done).toBe(false);
    const grew = (await memoryOf(owner)) - before;
    expect(grew).toBeLessThan(300 * MEBIBYTE);
    const last = read.entries.at(-1)?.[0] ?? "";
    socket.write(page(5_000, 0, last, true));
    const next = (await answers(1_501)).get(5_000) as { entries: [string, string][] };
    expect(next.entries[0]?.[0]).toBe(`c1:c${String(read.entries.length).padStart(5, "0")}`);
  },
  60_000,
);

/** An owner in a process of its own, a client, and a way to ask what no client would. */
async function greedy() {
  const dir = await temporaryFolder();
  const owner = await startSharer(dir);
  const client = await Store.open({ dir, shared: true });
  onTestFinished(() => client.close());
  return { owner: owner.pid, client, ask: () => admitted(dir) };
}

/** A connection whose other side takes it for a client. */
async function admitted(dir: string) {
  const { path, token } = (await findPlace(dir)) ?? { path: "", token: "" };
  const { dev, ino } = await stat(dir, { bigint: true });
  const socket: Socket = connect(path);
  onTestFinished(() => void socket.destroy());
  const reader = new FrameReader(FRAME_BYTES);
  const values = new Map<number, unknown>();
  let challenged: (message: { nonce: string }) => void = () => {};
  let welcomed = (): void => {};
  socket.on("data", (chunk: Buffer) => {
    for (const message of reader.push(chunk)) {
      const said = message as { t?: string; n?: number; value?: unknown; nonce?: string };
      if (said.nonce !== undefined) challenged({ nonce: said.nonce });
      else if (said.t === "welcome") welcomed();
      else if (said.t === "answer") values.set(said.n ?? -1, said.value);
    }
  });
  const challenge = new Promise<{ nonce: string }>((resolve) => {
    challenged = resolve;
  });
  const nonce = "0".repeat(64);
  socket.write(encodeFrame({ agentos: "store", protocol: 1, folder: `${dev}:${ino}`, nonce }));
  const nonces = nonce + (await challenge).nonce;
  const welcome = new Promise<void>((resolve) => {
    welcomed = resolve;
  });
  socket.write(encodeFrame({ proof: createHmac("sha256", token).update(`client ${nonces}`).digest("hex") }));
  await welcome;
  const answers = async (count: number): Promise<ReadonlyMap<number, unknown>> => {
    while (values.size < count) {
      expect(socket.destroyed).toBe(false);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return values;
  };
  return { socket, answers };
}

/** Resident memory of a process, in bytes. */
async function memoryOf(pid: number): Promise<number> {
  const [, pages = "0"] = (await readFile(`/proc/${pid}/statm`, "utf8")).split(" ");
  return Number(pages) * 4_096;
}
