import assert from "node:assert/strict";
import test from "node:test";
import { RateLimiter } from "./solution.ts";

function limiterAt(limit: number, windowMs: number) {
  const clock = { time: 0 };
  return { clock, limiter: new RateLimiter({ limit, windowMs, now: () => clock.time }) };
}

test("the window slides", () => {
  const { clock, limiter } = limiterAt(2, 1000);
  clock.time = 900;
  assert.equal(limiter.tryAcquire("a"), true);
  assert.equal(limiter.tryAcquire("a"), true);
  clock.time = 1100;
  assert.equal(limiter.tryAcquire("a"), false);
  clock.time = 1899;
  assert.equal(limiter.tryAcquire("a"), false);
});

test("a call exactly one window ago no longer counts", () => {
  const { clock, limiter } = limiterAt(1, 1000);
  clock.time = 500;
  assert.equal(limiter.tryAcquire("a"), true);
  clock.time = 1500;
  assert.equal(limiter.tryAcquire("a"), true);
});

test("refused calls do not count", () => {
  const { clock, limiter } = limiterAt(1, 1000);
  limiter.tryAcquire("a");
  clock.time = 800;
  assert.equal(limiter.tryAcquire("a"), false);
  clock.time = 1000;
  assert.equal(limiter.tryAcquire("a"), true);
});

test("keys are separate", () => {
  const { limiter } = limiterAt(1, 1000);
  assert.equal(limiter.tryAcquire("a"), true);
  assert.equal(limiter.tryAcquire("b"), true);
  assert.equal(limiter.tryAcquire("a"), false);
});

test("keys that objects inherit are keys like any other", () => {
  const { limiter } = limiterAt(1, 1000);
  assert.equal(limiter.tryAcquire("constructor"), true);
  assert.equal(limiter.tryAcquire("constructor"), false);
});

test("says how long to wait", () => {
  const { clock, limiter } = limiterAt(2, 1000);
  assert.equal(limiter.retryAfterMs("a"), 0);
  limiter.tryAcquire("a");
  clock.time = 300;
  limiter.tryAcquire("a");
  clock.time = 400;
  assert.equal(limiter.retryAfterMs("a"), 600);
  clock.time = 1000;
  assert.equal(limiter.retryAfterMs("a"), 0);
});
