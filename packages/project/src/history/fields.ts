import { Buffer } from "node:buffer";

/** Bytes of one field that are kept: a longer message says no more. */
const FIELD_LIMIT = 1_048_576;

/** The fields of an output in which each ends in a zero byte, as they come; what follows the last zero byte is one, too, unless empty. */
export async function* zeroFields(chunks: AsyncIterable<Buffer>): AsyncGenerator<string, void> {
  let parts: Buffer[] = [];
  let size = 0;
  const keep = (part: Buffer): void => {
    if (size < FIELD_LIMIT && part.length > 0) parts.push(part.subarray(0, FIELD_LIMIT - size));
    size += part.length;
  };
  const take = (): string => {
    const text = Buffer.concat(parts).toString("utf8");
    parts = [];
    size = 0;
    return text;
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(0); end >= 0; end = chunk.indexOf(0, start)) {
      keep(chunk.subarray(start, end));
      yield take();
      start = end + 1;
    }
    keep(chunk.subarray(start));
  }
  if (size > 0) yield take();
}
