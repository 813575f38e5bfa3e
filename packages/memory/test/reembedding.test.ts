import { type Memory, silentLogger } from "@agentos/core";
import { Store } from "@agentos/store";
import { expect, onTestFinished, test, vi } from "vitest";
import { type Embedder, HashedEmbedder, type ReembeddingProgress } from "../src/index.js";
import { Reembedding } from "../src/reembedding.js";
import { Vectors } from "../src/vectors.js";
import { seeded } from "./drivers/vectors.js";
import { openMemory, temporaryFolder } from "./fixture.js";

const user = { level: "user" } as const;

type First = (texts: readonly string[], signal?: AbortSignal) => Promise<void> | void;

/** Embeds with hashes under any name, knows meaning as far as the memory can tell, and does first what a test asks for. */
class TestEmbedder implements Embedder {
  readonly name: string;
  readonly dimensions = 64;
  readonly texts: string[] = [];
  readonly #inner = new HashedEmbedder(64);
  readonly #first: First;

  constructor(name: string, first: First = () => {}) {
    this.name = name;
    this.#first = first;
  }

  async embed(texts: readonly string[], options: { readonly signal?: AbortSignal } = {}) {
    await this.#first(texts, options.signal);
    this.texts.push(...texts);
    return this.#inner.embed(texts);
  }
}

/** A promise, and what resolves it. */
function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

const hanging = (_texts: readonly string[], signal?: AbortSignal): Promise<void> =>
  new Promise((_resolve, reject) => signal?.addEventListener("abort", () => reject(new Error("stopped"))));

async function withEntries(count: number) {
  const fixture = await openMemory({ embedder: new TestEmbedder("first") });
  for (let n = 0; n < count; n++) {
    await fixture.memory.remember({ content: `entry number ${n}`, scope: user });
  }
  return fixture;
}

test("another embedder embeds everything anew in the background, once, and says how far it is", async () => {
  const fixture = await withEntries(150);
  const told: ReembeddingProgress[] = [];
  const other = new TestEmbedder("other");
  await fixture.reopen({ embedder: other, onReembedding: (progress) => told.push(progress) });
  expect(other.texts.length).toBe(0);
  await fixture.memory.reembedded();
  expect(other.texts.length).toBe(150);
  expect(told.map(({ done }) => done)).toEqual([64, 128, 150]);
  expect(told[0]).toEqual({ embedder: "other", done: 64, total: 150 });

  const again = new TestEmbedder("other");
  await fixture.reopen({ embedder: again });
  await fixture.memory.reembedded();
  expect(again.texts).toEqual([]);
});

test("meanwhile memories are found by their words, and new ones by both; vectors of two embedders never meet", async () => {
  const fixture = await withEntries(5);
  const { opened, open } = gate();
  const dimensions = 2;
  // Everything is alike to this one: if a vector of the other embedder were compared, it would throw for its length.
  const embed = async (texts: readonly string[]): Promise<readonly Float32Array[]> => {
    if (texts.some((text) => text.startsWith("entry"))) await opened;
    return texts.map(() => Float32Array.of(1, 1));
  };
  await fixture.reopen({ embedder: { name: "meaning", dimensions, embed } });
  const { memory } = fixture;
  await memory.remember({ content: "bananas are yellow", scope: user });
  expect((await memory.recall("number 3"))[0]?.memory.content).toBe("entry number 3");
  const byMeaning = async (): Promise<readonly string[]> =>
    (await memory.recall("zzz")).map((recalled) => recalled.memory.content);
  expect(await byMeaning()).toEqual(["bananas are yellow"]);
  open();
  await memory.reembedded();
  expect((await byMeaning()).length).toBe(6);
});

test("goes on where it stopped after a close, and starts from the beginning for a third embedder", async () => {
  const fixture = await withEntries(150);
  let asked = 0;
  const slow = new TestEmbedder("other", (texts, signal) => {
    asked += 1;
    return asked < 3 ? undefined : hanging(texts, signal);
  });
  await fixture.reopen({ embedder: slow });
  await vi.waitFor(() => expect(asked).toBe(3));
  const rest = new TestEmbedder("other");
  await fixture.reopen({ embedder: rest });
  await fixture.memory.reembedded();
  expect(rest.texts.length).toBe(150 - 128);
  expect(new Set([...slow.texts, ...rest.texts]).size).toBe(150);

  const half: TestEmbedder = new TestEmbedder("third", (texts, signal): Promise<void> | undefined =>
    half.texts.length < 64 ? undefined : hanging(texts, signal),
  );
  await fixture.reopen({ embedder: half });
  await vi.waitFor(() => expect(half.texts.length).toBe(64));
  // Some vectors are the third's now, so going back embeds again.
  const back = new TestEmbedder("other");
  await fixture.reopen({ embedder: back });
  await fixture.memory.reembedded();
  expect(back.texts.length).toBe(150);
});

test("a failing embedder is reported and asked again; nothing else fails", async () => {
  const fixture = await withEntries(3);
  const told: ReembeddingProgress[] = [];
  let down = true;
  const failing = new TestEmbedder("failing", () => {
    if (down) throw new Error("down");
  });
  await fixture.reopen({ embedder: failing, onReembedding: (each) => told.push(each) });
  await vi.waitFor(() => expect(told.length).toBe(2), { timeout: 10_000 });
  expect((await fixture.memory.recall("number 2"))[0]?.memory.content).toBe("entry number 2");
  down = false;
  await fixture.memory.reembedded();
  expect(told[0]).toMatchObject({ done: 0, total: 3, retryInMs: 1_000 });
  expect(told[0]?.error).toMatchObject({ code: "MEMORY_EMBEDDER_FAILED" });
  expect(told[1]).toMatchObject({ done: 0, retryInMs: 2_000 });
  expect(told.at(-1)).toEqual({ embedder: "failing", done: 3, total: 3 });
  down = true;
  await expect(fixture.memory.recall("number 2")).rejects.toMatchObject({ code: "MEMORY_EMBEDDER_FAILED" });
});

test("a text that the embedder never takes keeps no other waiting, and a listener that throws stops nothing", async () => {
  const store = await Store.open({ dir: await temporaryFolder() });
  onTestFinished(() => store.close());
  const embedder = new TestEmbedder("picky", (texts) => {
    if (texts.some((text) => text.includes("17"))) throw new Error("refused");
  });
  const vectors = new Vectors(store, embedder);
  await vectors.begin();
  const kept = new Set<string>();
  let failures = 0;
  const job = new Reembedding({
    ids: Array.from({ length: 100 }, (_, n) => String(n)),
    vectors,
    read: async (id) =>
      id === "50" ? undefined : ({ id, content: `text ${id}`, tags: [] } as unknown as Memory),
    keep: async ({ id }) => {
      kept.add(id);
    },
    onProgress: ({ error }) => {
      if (error !== undefined) failures += 1;
      throw new Error("a listener's own trouble");
    },
    logger: silentLogger,
    retryMs: 1,
  });
  // 64 fail, then the rest passes, then it is halved down to the one.
  await vi.waitFor(() => expect(kept.size).toBe(98), { timeout: 10_000 });
  expect(kept.has("17")).toBe(false);
  await vi.waitFor(() => expect(failures).toBeGreaterThan(7), { timeout: 10_000 });
  await job.close();
});

test("what is forgotten or said again meanwhile gets no vector of what it was", async () => {
  const fixture = await withEntries(3);
  const { opened, open } = gate();
  const reached = gate();
  const slow = new TestEmbedder("slow", async (texts) => {
    if (texts.length < 3) return;
    reached.open();
    await opened;
  });
  await fixture.reopen({ embedder: slow });
  await reached.opened;
  const { memory } = fixture;
  const [first, second] = [
    ...(await memory.recall("entry number 0")),
    ...(await memory.recall("entry number 1")),
  ];
  await memory.forget(first?.memory.id ?? "");
  const again = await memory.remember({ content: "entry number 1", scope: user, tags: ["tagged"] });
  expect(second).toBeDefined();
  open();
  await memory.reembedded();
  const stored = fixture.store.collection<string>("memory.vectors");
  expect(await stored.get(first?.memory.id ?? "")).toBeUndefined();
  const [expected] = await new HashedEmbedder(64).embed(["entry number 1\ntagged"]);
  const vectors = new Vectors(fixture.store, slow);
  await vectors.begin();
  for await (const [id, vector] of vectors.entries()) if (id === again.id) expect(vector).toEqual(expected);
});

test("waiting for it can be ended, by a signal and by closing", async () => {
  const fixture = await withEntries(2);
  await fixture.reopen({ embedder: new TestEmbedder("hangs", hanging) });
  const controller = new AbortController();
  const waiting = fixture.memory.reembedded({ signal: controller.signal });
  controller.abort();
  await expect(waiting).rejects.toMatchObject({ code: "ABORTED" });
  const closing = expect(fixture.memory.reembedded()).rejects.toMatchObject({ code: "CLOSED" });
  await fixture.memory.close();
  await closing;
});

test("closing waits neither for an embedder that takes no notice of it nor asks one again", async () => {
  const fixture = await withEntries(2);
  let asked = 0;
  const deaf: Embedder = {
    name: "deaf",
    dimensions: 64,
    embed: () => {
      asked += 1;
      return new Promise(() => {});
    },
  };
  await fixture.reopen({ embedder: deaf });
  await vi.waitFor(() => expect(asked).toBe(1));
  await fixture.memory.close();
  await fixture.reopen({ embedder: deaf });
  // At once: the job has not begun to ask.
  await fixture.memory.close();
  expect(asked).toBe(1);
});

test("a question is embedded as one where the embedder tells them apart, and held to the same rules", async () => {
  const asked: string[] = [];
  const embedder: Embedder = {
    name: "two-sided",
    dimensions: 2,
    embed: async (texts) => texts.map(() => Float32Array.of(1, 0)),
    embedQuery: async (text) => {
      asked.push(text);
      return text === "bad" ? Float32Array.of(NaN, 0) : Float32Array.of(1, 0.1);
    },
  };
  const { memory } = await openMemory({ embedder });
  await memory.remember({ content: "The automobile is red.", scope: user });
  expect((await memory.recall("car")).length).toBe(1);
  expect(asked).toEqual(["car"]);
  await expect(memory.recall("bad")).rejects.toMatchObject({ code: "MEMORY_EMBEDDER_FAILED" });
});

test("whatever is remembered, forgotten, changed and closed in between, all vectors are of the last embedder in the end", async () => {
  const random = seeded(31);
  const pick = (count: number): number => Math.floor(random() * count);
  const hashes = new HashedEmbedder(64);
  /** Each turns the vectors by so many places, so that none is another's, and takes some turns of the event loop. */
  const rotated = (by: number): Embedder => ({
    name: `rotated-${by}`,
    dimensions: 64,
    embed: async (texts, options) => {
      await new Promise((resolve) => setTimeout(resolve, pick(3)));
      const vectors = await hashes.embed(texts, options);
      return vectors.map((vector) => vector.map((_, place) => vector[(place + by) % 64] ?? 0));
    },
  });
  const fixture = await openMemory({ embedder: rotated(0), lexicalWeight: 0 });
  const held = new Map<string, string>();
  let embedder = rotated(0);
  for (let round = 0; round < 12; round++) {
    for (let n = 0; n < 20; n++) {
      const content = `note ${pick(150)} of round ${pick(3)}`;
      if (random() < 0.8) {
        const tags = random() < 0.3 ? ["late"] : [];
        const memory = await fixture.memory.remember({ content, scope: user, tags });
        held.set(memory.id, [memory.content, ...memory.tags].join("\n"));
      } else {
        const id = [...held.keys()][pick(held.size)] ?? "";
        await fixture.memory.forget(id);
        held.delete(id);
      }
    }
    if (random() < 0.7) embedder = rotated(pick(4));
    await fixture.reopen({ embedder, lexicalWeight: 0 });
  }
  await fixture.memory.reembedded();
  const vectors = new Vectors(fixture.store, embedder);
  await vectors.begin();
  const ids = new Set<string>();
  for await (const [id, vector] of vectors.entries()) {
    ids.add(id);
    expect(vector).toEqual((await embedder.embed([held.get(id) ?? ""]))[0]);
  }
  expect(ids).toEqual(new Set(held.keys()));
  for (const [id, text] of [...held].slice(0, 10)) {
    expect((await fixture.memory.recall(text, { limit: 1 }))[0]?.memory.id).toBe(id);
  }
});
