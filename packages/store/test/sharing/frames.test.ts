import * as fc from "fast-check";
import { expect, test } from "vitest";
import { BrokenFrame, encodeFrame, FRAME_BYTES, FrameReader } from "../../src/sharing/frames.js";
import { requireSendable } from "../../src/sharing/size.js";

test("messages come out as they went in, however the stream is cut", () => {
  fc.assert(
    fc.property(
      fc.array(fc.dictionary(fc.string(), fc.jsonValue())),
      fc.infiniteStream(fc.nat(40)),
      (messages, cuts) => {
        const sent = messages.map((message) => JSON.parse(JSON.stringify(message)));
        let rest = Buffer.concat(sent.map(encodeFrame));
        const reader = new FrameReader(FRAME_BYTES);
        const received: unknown[] = [];
        while (rest.length > 0) {
          const length = cuts.next().value as number;
          received.push(...reader.push(rest.subarray(0, length)));
          rest = rest.subarray(length);
        }
        expect(received).toEqual(sent);
      },
    ),
  );
});

test("a frame that is too long is refused by its first four bytes", () => {
  const reader = new FrameReader(10);
  expect([...reader.push(encodeFrame({ a: 1 }))]).toEqual([{ a: 1 }]);
  expect(() => [...reader.push(Buffer.of(0, 0, 0, 11))]).toThrow(BrokenFrame);
});

test("what passes for a batch that can be sent fits into a frame at its worst", () => {
  // Quotes double, control characters become six bytes.
  const worst = (keyLength: number, jsonLength: number) =>
    ({
      type: "put",
      collection: "\u0001",
      key: "\u0001".repeat(keyLength),
      json: `"${"\\".repeat(jsonLength)}"`,
    }) as const;
  for (const operations of [
    [worst(1, 33_400_000)],
    [worst(11_100_000, 1)],
    Array.from({ length: 400_000 }, () => worst(5, 20)),
    [worst(2_000_000, 20_000_000)],
  ]) {
    requireSendable(operations);
    const request = `${"f".repeat(24)}:${Number.MAX_SAFE_INTEGER}`;
    const n = Number.MAX_SAFE_INTEGER;
    const message = { t: "write", n, request, operations, durable: false, aborted: true };
    expect(encodeFrame(message).length).toBeLessThanOrEqual(FRAME_BYTES + 4);
  }
  expect(() => requireSendable([worst(1, 34_000_000)])).toThrow("Split it");
});
