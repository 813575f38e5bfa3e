// The link to the other half of a separated verdict: descriptor 6, a length of four bytes (little endian), then text.
import { readSync, writeSync } from "node:fs";

const LINK = 6;
const LIMIT = 64 * 1024 * 1024;
const { alloc, allocUnsafe, from, concat } = Buffer;
const pause = new Int32Array(new SharedArrayBuffer(4));

/** Runs a read or write again while the descriptor is not ready; -1 when the other half is gone. */
function persist(operation) {
  for (;;) {
    try {
      return operation();
    } catch (error) {
      if (error.code !== "EAGAIN") return -1;
      Atomics.wait(pause, 0, 0, 1);
    }
  }
}

/** Sends one text. What the other half does not read any more is lost; `receive` says that it is gone. */
export function send(text) {
  const body = from(text);
  const head = alloc(4);
  head.writeUInt32LE(body.length);
  const bytes = concat([head, body]);
  let sent = 0;
  while (sent < bytes.length) {
    const count = persist(() => writeSync(LINK, bytes, sent));
    if (count < 0) return;
    sent += count;
  }
}

let chunk = allocUnsafe(64 * 1024);
let start = 0;
let end = 0;

function readMore(wanted) {
  if (chunk.length < wanted) {
    const larger = allocUnsafe(wanted);
    chunk.copy(larger, 0, start, end);
    chunk = larger;
  } else if (start > 0) chunk.copyWithin(0, start, end);
  end -= start;
  start = 0;
  while (end < wanted) {
    const count = persist(() => readSync(LINK, chunk, end, chunk.length - end, null));
    if (count <= 0) return false;
    end += count;
  }
  return true;
}

/** Waits for one text; undefined when the other half is gone. */
export function receive() {
  if (end - start < 4 && !readMore(4)) return undefined;
  const length = chunk.readUInt32LE(start);
  if (length > LIMIT) return "";
  if (end - start < 4 + length && !readMore(4 + length)) return undefined;
  const text = chunk.toString("utf8", start + 4, start + 4 + length);
  start += 4 + length;
  return text;
}
