import { chown, rm } from "node:fs/promises";
import { isAgentOSError } from "@agentos/core";
import { expect, onTestFinished, test } from "vitest";
import { Store } from "../../src/index.js";
import { temporaryFolder } from "../folder.js";
import { startSharer } from "./processes.js";

const TAKE_OVER_MS = 2_000;

// Another user has a folder of sockets of its own, which no other test needs.
test.skipIf(process.getuid?.() !== 0)(
  "a store whose owner was killed opens again when the folder of sockets is gone, as after a restart",
  async () => {
    const dir = await temporaryFolder();
    const uid = 54_321;
    await chown(dir, uid, uid);
    const sockets = `/tmp/agentos-${uid}`;
    onTestFinished(() => rm(sockets, { recursive: true, force: true }));
    const first = await startSharer(dir, { uid, gid: uid });
    await first.kill();
    await rm(sockets, { recursive: true });
    const second = await startSharer(dir, { uid, gid: uid });
    expect(await second.heard(({ role }) => role !== undefined)).toMatchObject({ role: "owner" });
    await second.close();
  },
);

test("an owner that closes hands over at once, with the handlers that a client had registered", async () => {
  const dir = await temporaryFolder();
  const brief = await startSharer(dir);
  const store = await Store.open({ dir, shared: true });
  const roles: string[] = [];
  store.onRole((role) => roles.push(role));
  store.serve("echo", async (request) => ({ here: request }));
  expect(store.role).toBe("client");
  await expect(store.call("nothing", 1, { signal: AbortSignal.timeout(20) })).rejects.toMatchObject({
    code: "ABORTED",
  });
  const started = performance.now();
  const closing = brief.close();
  await store.write([store.collection("a").put("k", 1)], { durable: true });
  // Either the old owner still took it or this one did.
  await closing;
  await until(() => store.role === "owner");
  expect(performance.now() - started).toBeLessThan(TAKE_OVER_MS);
  expect(roles).toEqual(["owner"]);
  expect(await store.call("echo", 7)).toEqual({ here: 7 });
  expect(await store.collection("a").get("k")).toBe(1);
  await store.close();
});

test("a process that comes and goes is no rival of an owner", async () => {
  const dir = await temporaryFolder();
  const owner = await startSharer(dir);
  for (let n = 1; n <= 5; n++) {
    const store = await Store.open({ dir, shared: true });
    expect(store.role).toBe("client");
    expect(await store.write([store.collection("a").put("k", n)])).toBe(n);
    await store.close();
  }
  expect(await owner.ask("state")).toEqual({ role: "owner", sequence: 5 });
});

test("a call under way when its owner is killed is asked again of the next one, in another process or this one", async () => {
  const dir = await temporaryFolder();
  const owner = await startSharer(dir);
  const caller = await startSharer(dir);
  const heir = await startSharer(dir);
  for (const sharer of [owner, heir, caller]) await sharer.ask("serve", { service: "work" });
  const call = caller.ask("call", { service: "work", request: { wait: 1_500 } });
  await owner.heard(({ called }) => called !== undefined);
  caller.child.kill("SIGSTOP");
  await owner.kill();
  await heir.heard(({ role }) => role === "owner");
  caller.child.kill("SIGCONT");
  await heir.heard(({ called }) => called !== undefined);
  await heir.kill();
  expect(await call).toEqual({ pid: caller.pid, request: { wait: 1_500 } });
});

test("cancelling a call cancels its handler, in another process and in this one; so does the end of the caller", async () => {
  const dir = await temporaryFolder();
  const owner = await startSharer(dir);
  const store = await Store.open({ dir, shared: true });
  const caller = await startSharer(dir);
  await owner.ask("serve", { service: "work" });
  const controller = new AbortController();
  const call = store.call("work", { wait: 20_000 }, { signal: controller.signal });
  await owner.heard(({ called }) => (called as { wait: number } | undefined)?.wait === 20_000);
  controller.abort(new Error("enough"));
  await expect(call).rejects.toMatchObject({
    code: "ABORTED",
    cause: expect.objectContaining({ message: "enough" }),
  });
  await owner.heard(({ cancelled }) => (cancelled as { wait: number } | undefined)?.wait === 20_000);
  caller.ask("call", { service: "work", request: { wait: 30_000 } }).catch(() => {});
  await owner.heard(({ called }) => (called as { wait: number } | undefined)?.wait === 30_000);
  await caller.kill();
  await owner.heard(({ cancelled }) => (cancelled as { wait: number } | undefined)?.wait === 30_000);
  await owner.kill();
  await until(() => store.role === "owner");
  let told: unknown;
  store.serve("own", async (_request, { signal }) => {
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
    told = signal.reason;
  });
  const own = new AbortController();
  const calling = store.call("own", 1, { signal: own.signal });
  own.abort("reason");
  await expect(calling).rejects.toMatchObject({ code: "ABORTED", cause: "reason" });
  expect(told).toBe("reason");
  await store.close();
});

test("errors of handlers arrive with code, message and details, and mean the same to owner and client", async () => {
  const dir = await temporaryFolder();
  const owner = await Store.open({ dir, shared: true });
  const client = await Store.open({ dir, shared: true });
  owner.serve("bad", async (request) => {
    if (request === "store") return owner.collection("a").get("");
    if (request === "bigint") return 1n;
    if (request === "sync") throw new TypeError("no such thing");
    return undefined;
  });
  try {
    for (const store of [owner, client]) {
      await expect(store.call("bad", "store")).rejects.toSatisfy(
        (error) => isAgentOSError(error, "STORE_KEY_INVALID") && /non-empty/.test(error.message),
      );
      await expect(store.call("bad", "sync")).rejects.toMatchObject({
        code: "STORE_SERVICE_FAILED",
        message: expect.stringContaining("no such thing"),
        details: { service: "bad", name: "TypeError", message: "no such thing" },
      });
      await expect(store.call("bad", "bigint")).rejects.toMatchObject({ code: "STORE_VALUE_INVALID" });
      await expect(store.call("bad", 1n)).rejects.toMatchObject({ code: "STORE_VALUE_INVALID" });
      await expect(store.call("", 1)).rejects.toMatchObject({ code: "INPUT_INVALID" });
      await expect(store.call("bad", 1, { signals: 1 } as never)).rejects.toMatchObject({
        code: "OPTIONS_INVALID",
      });
      expect(await store.call("bad", undefined)).toBe(undefined);
    }
    expect(() => owner.serve("bad", async () => 1)).toThrow("serves");
    const large = "x".repeat(40 * 2 ** 20);
    for (const store of [owner, client]) {
      await expect(store.write([store.collection("a").put("k", large)])).rejects.toMatchObject({
        code: "STORE_MESSAGE_TOO_LARGE",
      });
    }
    expect(owner.sequence).toBe(0);
    const quarter = "x".repeat(20 * 2 ** 20);
    await client.write([client.collection("a").put("k", quarter)]);
    expect(await client.collection("a").get("k")).toBe(quarter);
  } finally {
    await client.close();
    await owner.close();
  }
});

test("a service that the owner does not serve: calls wait while it is new, then say what to do", async () => {
  const dir = await temporaryFolder();
  const owner = await startSharer(dir);
  const client = await Store.open({ dir, shared: true });
  const early = client.call("late", 1);
  await new Promise((resolve) => setTimeout(resolve, 100));
  await owner.ask("serve", { service: "late" });
  expect(await early).toEqual({ pid: owner.pid, request: 1 });
  await expect(client.call("never", 1)).rejects.toMatchObject({
    code: "STORE_SERVICE_UNKNOWN",
    message: expect.stringContaining(`pid ${owner.pid}`),
    details: { service: "never", served: ["late"] },
  });
  const started = performance.now();
  await expect(client.call("never", 1)).rejects.toMatchObject({ code: "STORE_SERVICE_UNKNOWN" });
  expect(performance.now() - started).toBeLessThan(500);
  await client.close();
});

for (const reverse of [false, true]) {
  test(`a walk ${reverse ? "backwards " : ""}goes on behind its last key when the owner changes`, async () => {
    const dir = await temporaryFolder();
    const owner = await startSharer(dir);
    const store = await Store.open({ dir, shared: true });
    const items = store.collection<number>("items");
    const keys = Array.from({ length: 3_000 }, (_, n) => String(n).padStart(5, "0"));
    await store.write(keys.map((key, n) => items.put(key, n)));
    const seen: string[] = [];
    for await (const [key, value] of items.entries({ reverse, limit: 2_500 })) {
      expect(value).toBe(Number(key));
      seen.push(key);
      if (seen.length === 700) await owner.kill();
    }
    expect(seen).toEqual((reverse ? [...keys].reverse() : keys).slice(0, 2_500));
    expect(store.role).toBe("owner");
    const begun: string[] = [];
    for await (const [key] of items.entries({ reverse })) begun.push(key);
    expect(begun.length).toBe(3_000);
    await store.close();
  });
}

test("a write that was cancelled after it was sent is either applied or ABORTED, as the store then shows", async () => {
  const dir = await temporaryFolder();
  const owner = await startSharer(dir);
  const store = await Store.open({ dir, shared: true });
  const items = store.collection<number>("items");
  const outcomes = new Set<string>();
  for (let n = 0; n < 60; n++) {
    const controller = new AbortController();
    const write = store.write([items.put(`k${n}`, n)], { durable: true, signal: controller.signal });
    if (n === 30) await owner.kill();
    await new Promise((resolve) => setTimeout(resolve, n % 3));
    controller.abort(new Error("mine"));
    const outcome = await write.then(
      () => "applied",
      (error) =>
        isAgentOSError(error, "ABORTED") && (error.cause as Error).message === "mine" ? "aborted" : error,
    );
    expect(await items.get(`k${n}`)).toBe(outcome === "applied" ? n : undefined);
    outcomes.add(outcome);
  }
  expect([...outcomes].every((outcome) => outcome === "applied" || outcome === "aborted")).toBe(true);
  await store.close();
});

test("an owner that hangs: what is asked of it fails in bounded time, and works again when it goes on", async () => {
  const dir = await temporaryFolder();
  const owner = await startSharer(dir);
  const store = await Store.open({ dir, shared: true });
  const items = store.collection<number>("items");
  await store.write([items.put("a", 1)]);
  owner.child.kill("SIGSTOP");
  const started = performance.now();
  const unreachable = { code: "STORE_OWNER_UNREACHABLE", details: { pid: owner.pid } };
  await Promise.all([
    expect(items.get("a")).rejects.toMatchObject(unreachable),
    expect(store.write([items.put("b", 2)])).rejects.toMatchObject(unreachable),
    expect(Store.open({ dir, shared: true })).rejects.toMatchObject({ code: "STORE_OWNER_UNREACHABLE" }),
    expect(Store.open({ dir, shared: true, signal: AbortSignal.timeout(500) }))
      .rejects.toMatchObject({ code: "ABORTED" })
      .then(() => expect(performance.now() - started).toBeLessThan(2_000)),
  ]);
  const took = performance.now() - started;
  expect(took).toBeGreaterThan(8_000);
  expect(took).toBeLessThan(20_000);
  owner.child.kill("SIGCONT");
  expect(await items.get("a")).toBe(1);
  // It was sent before the owner stopped reading, and its outcome was said to be open.
  expect(await items.get("b")).toBe(2);
  expect(await owner.ask("state")).toMatchObject({ role: "owner" });
  await store.close();
});

async function until(done: () => boolean): Promise<void> {
  while (!done()) await new Promise((resolve) => setTimeout(resolve, 5));
}
