import assert from "node:assert/strict";
import test from "node:test";
import { RateLimiter } from "./solution.ts";

test("refuses one call too many", () => {
  const limiter = new RateLimiter({ limit: 2, windowMs: 1000, now: () => 0 });
  assert.equal(limiter.tryAcquire("a"), true);
  assert.equal(limiter.tryAcquire("a"), true);
  assert.equal(limiter.tryAcquire("a"), false);
});

test("allows again after the window", () => {
  let time = 0;
  const limiter = new RateLimiter({ limit: 1, windowMs: 1000, now: () => time });
  assert.equal(limiter.tryAcquire("a"), true);
  time = 1500;
  assert.equal(limiter.tryAcquire("a"), true);
});

test("counts calls of the last window, wherever it begins", () => {
  let time = 900;
  const limiter = new RateLimiter({ limit: 1, windowMs: 1000, now: () => time });
  assert.equal(limiter.tryAcquire("a"), true);
  time = 1100;
  assert.equal(limiter.tryAcquire("a"), false);
});
