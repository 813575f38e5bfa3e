import fc from "fast-check";
import { expect, test } from "vitest";
import { crc32c, unmask } from "../../src/drivers/crc32c.js";

test("gives the checksums of RFC 3720, appendix B.4, and of the check string", () => {
  const ascending = Uint8Array.from({ length: 32 }, (_, n) => n);
  expect(crc32c(new Uint8Array(32), 0, 32)).toBe(0x8a9136aa);
  expect(crc32c(new Uint8Array(32).fill(0xff), 0, 32)).toBe(0x62a8ab43);
  expect(crc32c(ascending, 0, 32)).toBe(0x46dd794e);
  expect(crc32c(ascending.toReversed(), 0, 32)).toBe(0x113fdb5c);
  expect(crc32c(Buffer.from("123456789"), 0, 9)).toBe(0xe3069283);
});

test("agrees with a bit by bit computation at every length and offset", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), fc.nat(10), (bytes, skip) => {
      const start = Math.min(skip, bytes.length);
      let crc = 0xffffffff;
      for (const byte of bytes.subarray(start)) {
        crc ^= byte;
        for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
      }
      expect(crc32c(bytes, start, bytes.length)).toBe((crc ^ 0xffffffff) >>> 0);
    }),
  );
});

test("undoes LevelDB's mask", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xffffffff }), (crc) => {
      const masked = (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
      expect(unmask(masked)).toBe(crc);
    }),
  );
});
