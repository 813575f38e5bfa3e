import { Store } from "@agentos/store";
import { expect, onTestFinished, test } from "vitest";
import { MemoryStore } from "../src/index.js";
import { temporaryFolder } from "./fixture.js";

const USER = { level: "user" } as const;

async function openMemory(): Promise<{ readonly store: Store; readonly memory: MemoryStore }> {
  const store = await Store.open({ dir: await temporaryFolder() });
  onTestFinished(() => store.close());
  const memory = await MemoryStore.open({ store });
  onTestFinished(() => memory.close());
  return { store, memory };
}

test("what is wrong in a call is said by its name, before anything is done", async () => {
  const { store, memory } = await openMemory();
  const { id } = await memory.remember({ content: "kept", scope: USER });
  const { sequence } = store;
  const calls: readonly [keyof MemoryStore, readonly unknown[], string, string][] = [
    ...(
      ["get", "history", "links", "related", "correct", "forget", "archive", "restore", "purge"] as const
    ).flatMap((method) =>
      [undefined, "", 5, {}].map(
        (wrong) => [method, [wrong], "INPUT_INVALID", method] as [typeof method, unknown[], string, string],
      ),
    ),
    ["release", [], "INPUT_INVALID", "quarantine"],
    ["get", [id, { forgoten: true }], "OPTIONS_INVALID", "forgoten"],
    ["links", [id, { direction: "up" }], "OPTIONS_INVALID", "direction"],
    ["restore", [id, { version: 0 }], "OPTIONS_INVALID", "version"],
    ["restore", [id, { versoin: 1 }], "OPTIONS_INVALID", "versoin"],
    ["purge", [id, { sginal: 1 }], "OPTIONS_INVALID", "sginal"],
    ["recall", ["kept", null], "OPTIONS_INVALID", "Options of recall"],
    ["passages", ["kept", 5], "OPTIONS_INVALID", "Options of passages"],
    ["projectsKnowing", ["kept", { limit: -1 }], "OPTIONS_INVALID", "limit"],
    ["cleanup", [{}, null], "OPTIONS_INVALID", "Options of cleanup"],
    ["alias", [undefined, USER], "MEMORY_SCOPE_INVALID", "A scope is"],
    ["import", [undefined], "INPUT_INVALID", "import"],
    ["import", [5], "INPUT_INVALID", "import"],
    [
      "remember",
      [{ content: "x", scope: USER, validFrom: new Date() }],
      "INPUT_INVALID",
      "milliseconds since 1970",
    ],
    [
      "remember",
      [{ content: "x", scope: USER, validFrom: 1e300 }],
      "INPUT_INVALID",
      "milliseconds since 1970",
    ],
    [
      "remember",
      [{ content: "x", scope: USER, validFrom: Number.NaN }],
      "INPUT_INVALID",
      "milliseconds since 1970",
    ],
    ["remember", [{ content: "x", scope: USER, source: "n".repeat(4_001) }], "INPUT_INVALID", "source"],
    ["recall", ["kept", { at: "yesterday" }], "OPTIONS_INVALID", "milliseconds since 1970"],
  ];
  for (const [method, values, code, named] of calls) {
    const call = async (): Promise<unknown> =>
      (memory[method] as (...values: unknown[]) => unknown)(...values);
    await expect(call(), `${String(method)} ${JSON.stringify(values)}`).rejects.toMatchObject({
      code,
      message: expect.stringContaining(named),
    });
  }
  expect(store.sequence).toBe(sequence);
  await expect(MemoryStore.open({ store })).rejects.toMatchObject({
    code: "INPUT_INVALID",
    message: expect.stringContaining("open memory already"),
  });
  await expect(MemoryStore.open({ store: {} } as never)).rejects.toMatchObject({ code: "OPTIONS_INVALID" });
});

test("a text of one endless word, and one that is far too long, take no more time than others", async () => {
  const { memory } = await openMemory();
  await memory.remember({ content: "yes", scope: USER });
  const began = process.cpuUsage();
  // The patterns of the stemmer took 10 s of this, with the square of the length.
  await memory.recall("y".repeat(100_000));
  await expect(memory.remember({ content: "a=b ".repeat(5_000_000), scope: USER })).rejects.toMatchObject({
    code: "MEMORY_CONTENT_TOO_LONG",
  });
  const { user, system } = process.cpuUsage(began);
  expect((user + system) / 1e6).toBeLessThan(2);
});
