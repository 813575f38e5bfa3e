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
