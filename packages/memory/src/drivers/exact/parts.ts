import { crc32 } from "node:zlib";
import { memoryError } from "../../errors.js";
import { BLOCK_SLOTS, Block } from "./block.js";

/** Changes when blocks change: parts of another format are refused, and the index is made anew. */
const FORMAT = 2;
const HEADER = "header";

/** What an exact index is made of. */
export interface IndexContent {
  readonly dimensions: number;
  readonly size: number;
  readonly blocks: readonly Block[];
}

interface Header {
  readonly format: number;
  readonly dimensions: number;
  readonly size: number;
  /** A checksum for each block. */
  readonly sums: readonly number[];
}

/** The content as named buffers: a header, and the memory of each block. */
export function writeParts({ dimensions, size, blocks }: IndexContent): ReadonlyMap<string, Uint8Array> {
  const header: Header = {
    format: FORMAT,
    dimensions,
    size,
    sums: blocks.map(({ bytes }) => crc32(bytes)),
  };
  const text = JSON.stringify(header);
  return new Map([
    [HEADER, Buffer.from(JSON.stringify({ text, sum: crc32(Buffer.from(text)) }))],
    ...blocks.map(({ bytes }, number) => [`block-${number}`, bytes] as const),
  ]);
}

/** Reads what {@link writeParts} gave. Throws `MEMORY_VECTOR_INVALID`. */
export function readParts(parts: ReadonlyMap<string, Uint8Array>): IndexContent {
  const { dimensions, size, sums } = readHeader(parts.get(HEADER));
  if (parts.size !== sums.length + 1) throw damaged(`${parts.size - 1} blocks, not ${sums.length}`);
  let held = 0;
  const blocks = sums.map((sum, number) => {
    const bytes = parts.get(`block-${number}`);
    if (bytes?.length !== Block.bytesOf(dimensions))
      throw damaged(`block ${number} is missing or of a wrong length`);
    if (crc32(bytes) !== sum) throw damaged(`block ${number} is not what was saved`);
    const block = new Block(dimensions, bytes.byteOffset % 4 === 0 ? bytes : new Uint8Array(bytes));
    for (let place = 0; place < BLOCK_SLOTS; place++) held += block.held[place] as number;
    return block;
  });
  if (held !== size) throw damaged(`${held} vectors, not ${size}`);
  return { dimensions, size, blocks };
}

function readHeader(bytes: Uint8Array | undefined): Header {
  try {
    const outer = JSON.parse(Buffer.from(bytes ?? []).toString("utf8")) as { text: string; sum: number };
    if (crc32(Buffer.from(outer.text)) !== outer.sum) throw new Error("its checksum differs");
    const header = JSON.parse(outer.text) as Header;
    if (header.format !== FORMAT) throw new Error(`it has format ${header.format}, not ${FORMAT}`);
    return header;
  } catch (cause) {
    throw damaged("the header cannot be read", cause);
  }
}

function damaged(what: string, cause?: unknown): Error {
  return memoryError(
    "MEMORY_VECTOR_INVALID",
    `The saved parts of a vector index cannot be used: ${what}. Make the index anew from the vectors.`,
    { cause },
  );
}
