import fc from "fast-check";
import { expect, test } from "vitest";
import { OUTPUT_STOP_FACTOR, OutputCollector } from "../src/output.js";

test("keeps what a simple model keeps", () => {
  const chunk = fc
    .string({ maxLength: 12, unit: "grapheme-ascii" })
    .map((text) => Buffer.from(text, "latin1"));
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 30 }), fc.array(chunk, { maxLength: 20 }), (limit, chunks) => {
      const collector = new OutputCollector(limit);
      let all = Buffer.alloc(0);
      for (const part of chunks) {
        all = Buffer.concat([all, part]);
        expect(collector.push(part)).toBe(all.length <= OUTPUT_STOP_FACTOR * limit);
      }
      expect(collector.total).toBe(all.length);
      const head = all.subarray(0, Math.ceil(limit / 2)).toString();
      const tail = all.subarray(Math.max(head.length, all.length - Math.floor(limit / 2))).toString();
      const dropped = all.length - head.length - tail.length;
      expect(collector.truncated).toBe(dropped > 0);
      expect(collector.text()).toBe(
        dropped > 0 ? `${head}\n[... ${dropped} bytes left out ...]\n${tail}` : all.toString(),
      );
    }),
    { numRuns: 2000 },
  );
});

test("a code point that comes in two chunks is one", () => {
  const collector = new OutputCollector(100);
  collector.push(Buffer.from([0xc3]));
  collector.push(Buffer.from([0xa9, 0xff]));
  expect(collector.text()).toBe("é\ufffd");
});
