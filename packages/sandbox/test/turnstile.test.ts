import { abortedError } from "@agentos/core";
import { expect, test } from "vitest";
import { Turnstile } from "../src/turnstile.js";

const settled = () => new Promise((resolve) => setImmediate(resolve));

test("lets the bounded number in, the others in their order", async () => {
  const turnstile = new Turnstile(2);
  const order: number[] = [];
  const leaves: (() => void)[] = [];
  for (let index = 0; index < 5; index++) {
    void turnstile.enter().then((leave) => {
      order.push(index);
      leaves.push(leave);
    });
  }
  await settled();
  expect(order).toEqual([0, 1]);
  while (leaves.length > 0) {
    leaves.shift()?.();
    await settled();
  }
  expect(order).toEqual([0, 1, 2, 3, 4]);
});

test("who gives up waiting takes no place and holds nobody up", async () => {
  const turnstile = new Turnstile(1);
  const leave = await turnstile.enter();
  const controller = new AbortController();
  const given = turnstile.enter(controller.signal);
  const next = turnstile.enter();
  controller.abort();
  (await given)();
  const entered = { next: false };
  void next.then(() => {
    entered.next = true;
  });
  await settled();
  expect(entered.next).toBe(false);
  leave();
  await next;
  (await turnstile.enter(AbortSignal.abort()))();
  expect(entered.next).toBe(true);
});

test("whoever is let in has to be let in elsewhere, too, and gives up both", async () => {
  const there = new Turnstile(1);
  const admission = { enter: ({ signal }: { signal?: AbortSignal } = {}) => there.enter(signal) };
  const [one, other] = [new Turnstile(2, admission), new Turnstile(2, admission)];
  const leave = await one.enter();
  const entered = { other: false };
  const waiting = other.enter().then((leaves) => {
    entered.other = true;
    return leaves;
  });
  await settled();
  expect(entered.other).toBe(false);
  leave();
  (await waiting)();
  (await one.enter())();
});

test("a wait elsewhere that is given up gives up the place here", async () => {
  const never = {
    enter: ({ signal }: { signal?: AbortSignal } = {}) =>
      new Promise<() => void>((_, reject) => {
        signal?.addEventListener("abort", () => reject(abortedError(signal)));
      }),
  };
  const turnstile = new Turnstile(1, never);
  const controller = new AbortController();
  const given = turnstile.enter(controller.signal);
  await settled();
  controller.abort();
  (await given)();
  const broken = new Turnstile(1, { enter: () => Promise.reject(new Error("broken")) });
  await expect(broken.enter()).rejects.toThrow("broken");
  await expect(broken.enter()).rejects.toThrow("broken");
});
