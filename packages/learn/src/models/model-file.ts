import { createHash } from "node:crypto";
import { learnError } from "../errors.js";

/** What a model consists of, beside its kind. */
export interface ModelParts {
  /** Plain data. */
  readonly about: Readonly<Record<string, unknown>>;
  readonly numbers: Readonly<Record<string, Float64Array>>;
}

const MARK = "agentos-model 1\n";
const DIGEST_BYTES = 32;

/** Writes a model as bytes: a mark, a digest of all that follows, the length of the words, the words, and the numbers (little-endian). */
export function packModel(kind: string, { about, numbers }: ModelParts): Uint8Array {
  const lengths = Object.entries(numbers).map(([name, values]) => [name, values.length]);
  const words = Buffer.from(JSON.stringify({ kind, about, lengths }), "utf8");
  const count = Object.values(numbers).reduce((sum, values) => sum + values.length, 0);
  const body = Buffer.alloc(4 + words.length + 8 * count);
  body.writeUInt32LE(words.length, 0);
  words.copy(body, 4);
  let at = 4 + words.length;
  for (const values of Object.values(numbers)) for (const value of values) at = body.writeDoubleLE(value, at);
  return Buffer.concat([Buffer.from(MARK, "latin1"), digestOf(body), body]);
}

/** Reads what {@link packModel} wrote. Throws `LEARN_MODEL_INVALID` for anything else. */
export function unpackModel(kind: string, bytes: Uint8Array): ModelParts {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const head = MARK.length + DIGEST_BYTES;
  if (file.length < head + 4 || file.toString("latin1", 0, MARK.length) !== MARK)
    throw invalid("it is no model, or of another version");
  const body = file.subarray(head);
  if (!digestOf(body).equals(file.subarray(MARK.length, head))) throw invalid("its bytes are damaged");
  const end = 4 + body.readUInt32LE(0);
  const read = JSON.parse(body.toString("utf8", 4, end)) as {
    readonly kind: string;
    readonly about: ModelParts["about"];
    readonly lengths: readonly (readonly [string, number])[];
  };
  if (read.kind !== kind) throw invalid(`it is one of ${read.kind}, not of ${kind}`);
  const numbers: Record<string, Float64Array> = {};
  let at = end;
  for (const [name, length] of read.lengths) {
    const values = new Float64Array(length);
    for (let index = 0; index < length; index += 1) values[index] = body.readDoubleLE(at + 8 * index);
    numbers[name] = values;
    at += 8 * length;
  }
  return { about: read.about, numbers };
}

function digestOf(body: Uint8Array): Buffer {
  return createHash("sha256").update(body).digest();
}

function invalid(problem: string): Error {
  return learnError("LEARN_MODEL_INVALID", `This model cannot be read: ${problem}. Train it anew.`);
}
