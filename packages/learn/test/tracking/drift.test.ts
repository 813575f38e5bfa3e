import { describe, expect, test } from "vitest";
import { seededRandom } from "../../src/models/random.js";
import { Adwin } from "../../src/tracking/adwin.js";
import { PageHinkley } from "../../src/tracking/page-hinkley.js";

const DETECTORS = {
  Adwin: () => new Adwin(),
  PageHinkley: () => new PageHinkley(),
} as const;

describe.each(Object.entries(DETECTORS))("%s", (_name, make) => {
  test("gives at most one false alarm in ten thousand outcomes", () => {
    let alarms = 0;
    const streams = 40;
    for (let seed = 1; seed <= streams; seed += 1) {
      const random = seededRandom(seed);
      const rate = 0.1 + 0.8 * random();
      const detector = make();
      for (let count = 0; count < 10_000; count += 1) if (detector.add(random() < rate ? 1 : 0)) alarms += 1;
    }
    expect(alarms / streams).toBeLessThanOrEqual(1);
  });

  test("finds a rise of 20 points within 200 outcomes", () => {
    const delays: number[] = [];
    for (let seed = 1; seed <= 100; seed += 1) {
      const random = seededRandom(seed * 31);
      const rate = 0.2 + 0.4 * random();
      const detector = make();
      for (let count = 0; count < 1_500; count += 1) detector.add(random() < rate ? 1 : 0);
      let delay = 1;
      while (delay < 2_000 && !detector.add(random() < rate + 0.2 ? 1 : 0)) delay += 1;
      delays.push(delay);
    }
    delays.sort((one, other) => one - other);
    expect(delays[50]).toBeLessThanOrEqual(200);
  });
});

test("the window of Adwin holds the youngest values, and its mean is theirs", () => {
  const random = seededRandom(5);
  const all: number[] = [];
  const adwin = new Adwin();
  for (let count = 0; count < 6_000; count += 1) {
    const value = random() < (count < 3_000 ? 0.2 : 0.9) ? 1 : 0;
    all.push(value);
    adwin.add(value);
    const held = all.slice(all.length - adwin.count);
    if (count % 50 === 0)
      expect(adwin.mean).toBeCloseTo(held.reduce((sum, one) => sum + one, 0) / held.length, 9);
  }
  expect(adwin.count).toBeLessThan(3_100);
  expect(adwin.mean).toBeGreaterThan(0.85);
});
