import type { Scope } from "@agentos/core";
import { expect, test } from "vitest";
import { openMemory } from "./fixture.js";

const project: Scope = { level: "project", id: "shop" };

/** Memories as a project gathers them, and the question that each one answers. */
const SET: readonly (readonly [content: string, question: string])[] = [
  [
    "Migrations live in db/migrations and are applied by `pnpm migrate up`.",
    "how do I run a database migration",
  ],
  ["parseInvoiceLine returns cents, never a float.", "what unit does the invoice line parser give"],
  [
    "The staging cluster is rebuilt every Sunday night; nothing kept there survives.",
    "is data on staging kept",
  ],
  [
    "Use `retry_with_backoff` from lib/http.py instead of a loop around requests.get.",
    "retrying failed http requests in python",
  ],
  [
    "Flaky test: checkout.spec.ts fails when the clock crosses midnight UTC.",
    "checkout spec fails sometimes",
  ],
  [
    "We chose SQLite over Postgres for the edge workers because of cold starts.",
    "why sqlite on edge workers",
  ],
  ["Feature flags are read once at boot; a change needs a restart.", "do flags reload without restarting"],
  ["The user prefers small commits with imperative subject lines.", "how should commit subjects be written"],
  ["OrderRepository.findOpen must be called inside a transaction.", "findOpen transaction"],
  ["Go services are linted with staticcheck, configured in tools/lint.toml.", "linter configuration for go"],
  ["CSV exports use a semicolon, since Excel in German locales expects one.", "csv separator"],
  ["The rate limiter counts per API key, not per IP address.", "what is rate limiting based on"],
  [
    "Images are resized by the imgproxy service; never resize them in Node.",
    "where does image resizing happen",
  ],
  ["Don't mock the payment gateway in integration tests; use its sandbox mode.", "payment gateway in tests"],
  ["maxBatchSize above 500 makes the warehouse API answer 413.", "warehouse api error 413"],
  ["Logs are JSON lines; the field request_id ties them together.", "which log field correlates requests"],
];

test("finds the memory that answers a question: 90 % first, all within three", async () => {
  const { memory } = await openMemory();
  for (const [content] of SET) await memory.remember({ content, scope: project });
  let first = 0;
  for (const [content, question] of SET) {
    const found = (await memory.recall(question, { scopes: [project], limit: 3 })).map(
      (match) => match.memory.content,
    );
    expect(found, question).toContain(content);
    if (found[0] === content) first += 1;
  }
  expect(first / SET.length).toBeGreaterThanOrEqual(0.9);
});

test("finds identifiers by their parts, and words by their forms and with a slip of the pen", async () => {
  const { memory } = await openMemory();
  for (const [content] of SET) await memory.remember({ content, scope: project });
  const best = async (query: string): Promise<string> =>
    (await memory.recall(query, { scopes: [project], limit: 1 }))[0]?.memory.content ?? "";
  expect(await best("invoice")).toContain("parseInvoiceLine");
  expect(await best("ORDER_REPOSITORY")).toContain("OrderRepository");
  expect(await best("lint.toml")).toContain("tools/lint.toml");
  expect(await best("preferring")).toContain("prefers");
  expect(await best("staticchek")).toContain("staticcheck");
});

test("a question about something else finds nothing", async () => {
  const { memory } = await openMemory();
  for (const [content] of SET) await memory.remember({ content, scope: project });
  expect(await memory.recall("banana smoothie", { scopes: [project] })).toEqual([]);
});
