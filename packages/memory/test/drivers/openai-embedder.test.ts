import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { embedderConformance } from "../../src/conformance/index.js";
import { OpenAIEmbedder, type OpenAIEmbedderOptions } from "../../src/index.js";
import { type Endpoint, type Misbehave, sendJson, sendText, startEndpoint } from "./endpoint.js";

const KEY = "sk-secret-0123456789";
const FAILED = "MEMORY_EMBEDDER_FAILED";

async function open(
  misbehave?: Misbehave,
  options: Partial<OpenAIEmbedderOptions> = {},
): Promise<{ embedder: OpenAIEmbedder; seen: Endpoint["seen"]; logged: unknown[] }> {
  const { baseUrl, seen } = await startEndpoint(misbehave);
  const logged: unknown[] = [];
  const log = (...parts: unknown[]): void => void logged.push(...parts);
  const embedder = await OpenAIEmbedder.open({
    baseUrl,
    model: "small",
    apiKey: KEY,
    dimensions: 64,
    retryMs: 1,
    logger: { debug: log, info: log, warn: log, error: log },
    ...options,
  });
  return { embedder, seen, logged };
}

describe("conformance", () => {
  const make = async (): Promise<OpenAIEmbedder> => (await open(undefined, { unrelatedBelow: 0.2 })).embedder;
  for (const { name, run } of embedderConformance(make)) test(name, run);
});

test("asks as the format says, and learns the dimensions when it is not told", async () => {
  const { baseUrl, seen } = await startEndpoint();
  const embedder = await OpenAIEmbedder.open({ baseUrl: `${baseUrl}//`, model: "small" });
  expect(embedder.dimensions).toBe(64);
  expect(embedder.name).toBe("openai-small-64");
  await embedder.embed(["x"]);
  expect(seen.map(({ path }) => path)).toEqual(["/v1/embeddings", "/v1/embeddings"]);
  expect(seen[1]).toMatchObject({ authorization: undefined, body: { model: "small", input: ["x"] } });
  expect(seen[1]?.body).not.toHaveProperty("dimensions");

  const shortening = await open(undefined, { shorten: true });
  await shortening.embedder.embed(["x"]);
  expect(shortening.seen[0]).toMatchObject({ authorization: `Bearer ${KEY}`, body: { dimensions: 64 } });
});

test("batches by number and by length, sends no text twice and no white space", async () => {
  const { embedder, seen } = await open(undefined, { batchTexts: 3, batchChars: 50 });
  const long = "long ".repeat(12);
  const texts = ["a", "b", "a", " ", "c", "d", long, "e", ""];
  const vectors = await embedder.embed(texts);
  expect(seen.map(({ body }) => body.input)).toEqual([["a", "b", "c"], ["d"], [long], ["e"]]);
  expect(vectors[0]).toEqual(vectors[2]);
  expect([...(vectors[3] ?? [1])].every((value) => value === 0)).toBe(true);
  const [alone] = await embedder.embed(["d"]);
  expect(alone).toEqual(vectors[5]);
  expect(seen.length).toBe(4);
});

test("keeps so many vectors as it may, the last used", async () => {
  const { embedder, seen } = await open(undefined, { cacheEntries: 2 });
  for (const text of ["a", "b", "a", "c", "a", "b"]) await embedder.embed([text]);
  expect(seen.flatMap(({ body }) => body.input)).toEqual(["a", "b", "c", "b"]);
  const none = await open(undefined, { cacheEntries: 0 });
  for (const text of ["a", "a"]) await none.embedder.embed([text]);
  expect(none.seen.length).toBe(2);
});

test("puts the prefixes before texts and questions, cuts long texts between characters, and is named by all that", async () => {
  const options = { textPrefix: "passage: ", queryPrefix: "query: ", textChars: 4 };
  const { embedder, seen } = await open(undefined, options);
  await embedder.embed(["abc😀", "  "]);
  await embedder.embedQuery("abc");
  expect(seen.map(({ body }) => body.input)).toEqual([["passage: abc"], ["query: abc"]]);
  expect(embedder.name).toMatch(/^openai-small-64-.{8}$/);
  const swapped = await open(undefined, { textPrefix: "query: ", queryPrefix: "passage: " });
  expect(swapped.embedder.name).not.toBe(embedder.name);
});

describe("sends again", () => {
  const twice =
    (misbehave: Misbehave): Misbehave =>
    (response, seen, count) =>
      count <= 2 && misbehave(response, seen, count);
  test.each<[string, Misbehave]>([
    ["after 500", (response) => sendJson(response, { error: "oops" }, 500)],
    ["after 503 without a body", (response) => sendText(response, "", 503)],
    ["after 408", (response) => sendJson(response, {}, 408)],
    ["after 429", (response) => sendJson(response, {}, 429, { "retry-after": "0.01" })],
    ["after a reset", (response) => response.socket?.resetAndDestroy() !== null],
    [
      "after an answer that is cut short",
      (response) => {
        response.writeHead(200, { "content-length": "1000" });
        response.write('{"data":[');
        setTimeout(() => response.destroy(), 5);
        return true;
      },
    ],
    [
      "after silence",
      (response) => {
        response.writeHead(200);
        response.write("{");
        return true;
      },
    ],
  ])("%s", async (_name, misbehave) => {
    const { embedder, seen, logged } = await open(twice(misbehave), { timeoutMs: 300 });
    expect((await embedder.embed(["a"])).length).toBe(1);
    expect(seen.length).toBe(3);
    expect(logged.length).toBe(4);
    expect(inspect(logged, { depth: 9 })).not.toContain("secret");
  });

  test("not before Retry-After, as seconds or as a date, and not at all when that is too far", async () => {
    const at = Date.parse("Wed, 21 Oct 2026 07:28:00 GMT");
    for (const value of ["0.2", "Wed, 21 Oct 2026 07:28:00 GMT"]) {
      const { embedder } = await open(
        (response, _seen, count) => count === 1 && sendJson(response, {}, 429, { "retry-after": value }),
        { clock: () => at - 200 },
      );
      const started = performance.now();
      await embedder.embed(["a"]);
      expect(performance.now() - started).toBeGreaterThan(190);
    }
    const far = await open((response) => sendJson(response, {}, 429, { "retry-after": "3600" }));
    await expect(far.embedder.embed(["a"])).rejects.toMatchObject({ code: FAILED, details: { status: 429 } });
    expect(far.seen.length).toBe(1);
  });

  test("as often as it may", async () => {
    const { embedder, seen } = await open((response) => sendJson(response, {}, 500), { retries: 3 });
    await expect(embedder.embed(["a"])).rejects.toMatchObject({ code: FAILED, details: { status: 500 } });
    expect(seen.length).toBe(4);
  });
});

describe("is refused once, with what to do, and without the key", () => {
  const vector = Array.from({ length: 64 }, () => 0.1);
  const answers =
    (data: unknown): Misbehave =>
    (response) =>
      sendJson(response, { data });
  test.each<[string, Misbehave, string]>([
    ["401", (response) => sendJson(response, { error: { message: `Bad key ${KEY}` } }, 401), "API key"],
    ["403", (response) => sendJson(response, { detail: `Bearer ${KEY} may not` }, 403), "API key"],
    ["400", (response) => sendJson(response, { message: "too long" }, 400), "too long"],
    ["404 as text", (response) => sendText(response, `no ${KEY} here`, 404), "baseUrl"],
    ["a redirect", (response) => sendText(response, "", 307, { location: "/x" }), "redirects"],
    ["what is not JSON", (response) => sendText(response, "<html>"), "not JSON"],
    ["null", (response) => sendText(response, "null"), '"data"'],
    ["no data", answers(undefined), '"data"'],
    ["too few", answers([]), "0 vectors for 1 texts"],
    ["too many", answers([{ embedding: vector }, { embedding: vector }]), "2 vectors"],
    ["a short vector", answers([{ embedding: [1, 2] }]), "2 numbers, not 64"],
    ["words", answers([{ embedding: vector.map(String) }]), "not of numbers"],
    ["base64", answers([{ embedding: "AAAA" }]), "not a vector"],
    ["nothing in it", answers([null]), "not a vector"],
    ["a null", answers([{ embedding: [...vector.slice(1), null] }]), "not of numbers"],
    ["a huge number", answers([{ embedding: [...vector.slice(1), 1e300] }]), "too large"],
    ["a vector of no text", answers([{ index: 5, embedding: vector }]), "no text"],
    ["an index that is no number", answers([{ index: "0", embedding: vector }]), "no text"],
    ["far too much", (response) => sendText(response, `{"x":"${"x".repeat(2_000_000)}"}`), "bytes"],
  ])("%s", async (_name, misbehave, words) => {
    const { embedder, seen } = await open(misbehave);
    const error = await embedder.embed(["a"]).then(
      () => expect.unreachable(),
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ code: FAILED, message: expect.stringContaining(words) });
    expect(inspect(error, { depth: 9 })).not.toContain("secret");
    expect(seen.length).toBe(1);
  });

  test("an answer that gives one text twice", async () => {
    const { embedder } = await open(
      answers([
        { index: 0, embedding: vector },
        { index: 0, embedding: vector },
      ]),
    );
    await expect(embedder.embed(["a", "b"])).rejects.toThrow(/two vectors of text 0/);
  });
});

test("a server that is not there is an error that names it, and nothing of the embedder shows the key", async () => {
  const { embedder } = await open(undefined, { baseUrl: "http://127.0.0.1:9/v1", retries: 1 });
  const error = await embedder.embed(["a"]).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: FAILED, message: expect.stringContaining("127.0.0.1:9") });
  expect(inspect([error, embedder], { depth: 9, showHidden: true }) + JSON.stringify(embedder)).not.toContain(
    "secret",
  );
});

test("a signal ends a request, a wait and an opening", async () => {
  const silent = await open(() => true);
  const stalled = new AbortController();
  const asking = silent.embedder.embed(["a"], { signal: stalled.signal });
  setTimeout(() => stalled.abort(), 50);
  await expect(asking).rejects.toMatchObject({ code: "ABORTED" });

  const busy = await open((response) => sendJson(response, {}, 429, { "retry-after": "30" }));
  const waiting = new AbortController();
  const started = performance.now();
  setTimeout(() => waiting.abort(), 100);
  await expect(busy.embedder.embed(["a"], { signal: waiting.signal })).rejects.toMatchObject({
    code: "ABORTED",
  });
  expect(performance.now() - started).toBeLessThan(5_000);

  const { baseUrl } = await startEndpoint(() => true);
  const signal = AbortSignal.timeout(50);
  await expect(OpenAIEmbedder.open({ baseUrl, model: "m" }, { signal })).rejects.toMatchObject({
    code: "ABORTED",
  });
});

test.each([
  [{ baseUrl: "ftp://x" }, "baseUrl"],
  [{ baseUrl: "https://user:pass@x/v1" }, "baseUrl"],
  [{ baseUrl: "https://x/v1?key=secret" }, "baseUrl"],
  [{ model: "" }, "model"],
  [{ apiKey: "secret\r\nX-Evil: 1" }, "apiKey"],
  [{ dimensions: 0 }, "dimensions"],
  [{ retires: 1 }, "retires"],
])("wrong options %j are refused by name, without their values", async (options, name) => {
  const error = await OpenAIEmbedder.open({ baseUrl: "http://x/v1", model: "m", ...options }).catch((e) => e);
  expect(error).toMatchObject({ code: "OPTIONS_INVALID", message: expect.stringContaining(name) });
  expect(inspect(error, { depth: 9 })).not.toMatch(/secret|pass@/);
});
