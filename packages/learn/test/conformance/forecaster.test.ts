import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Forecaster } from "@agentos/core";
import { Store } from "@agentos/store";
import { describe, expect, test } from "vitest";
import { forecasterConformance } from "../../src/conformance/index.js";
import { Learner } from "../../src/learner.js";

async function open(): Promise<{ forecaster: Learner; close(): Promise<void> }> {
  const dir = await mkdtemp(join(tmpdir(), "agentos-learn-"));
  const store = await Store.open({ dir });
  const forecaster = await Learner.open({ store });
  return {
    forecaster,
    async close() {
      await forecaster.close();
      await store.close();
      await rm(dir, { recursive: true });
    },
  };
}

describe("the learner is a forecaster", () => {
  for (const { name, run } of forecasterConformance(open)) test(name, run);
});

describe("the suite catches forecasters that are wrong", () => {
  const faults: Record<string, (good: Learner) => Partial<Forecaster>> = {
    "knows something from nothing": (good) => ({
      forecast: async (...args) => ({ ...(await good.forecast(...args)), probability: 0.6 }),
    }),
    "learns nothing": () => ({ learn: async () => {} }),
    "tells no lessons": () => ({ lessons: async () => [] }),
    "loses outcomes": () => ({ outcome: async () => undefined }),
    "learns repeats again": (good) => {
      let count = 0;
      return {
        learn: (outcome, options) => good.learn({ ...outcome, id: `${outcome.id}${count++}` }, options),
      };
    },
    "is too sure": (good) => ({
      forecast: async (...args) => {
        const forecast = await good.forecast(...args);
        return { ...forecast, probability: forecast.probability < 0.01 ? 0 : forecast.probability };
      },
    }),
  };
  for (const [fault, change] of Object.entries(faults)) {
    test(fault, async () => {
      const cases = forecasterConformance(async () => {
        const { forecaster: good, close } = await open();
        const all: Forecaster = {
          forecast: good.forecast.bind(good),
          learn: good.learn.bind(good),
          lessons: good.lessons.bind(good),
          outcome: good.outcome.bind(good),
        };
        return { forecaster: { ...all, ...change(good) }, close };
      });
      const results = await Promise.allSettled(cases.map(({ run }) => run()));
      expect(results.filter(({ status }) => status === "rejected").length).toBeGreaterThan(0);
    });
  }
});
