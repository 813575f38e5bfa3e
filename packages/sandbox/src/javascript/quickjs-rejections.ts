import { Buffer } from "node:buffer";
import { type WasmExports, type WasmMemory, type WasmTable, wasm } from "./web-assembly.js";

// QuickJS can tell of promises that are rejected while nobody listens, but quickjs-emscripten does not pass that on, and
// without it a test like `(async () => { assert(false) })()` would pass. So the hook is set in the engine's memory: it is
// the field after the interrupt handler's two in JSRuntime (quickjs.h: JS_SetHostPromiseRejectionTracker), found by looking
// which word setting an interrupt handler changes. The child tries the hook before it says that it is ready.

/** `(ctx, promise, reason, isHandled, opaque)`; the values are NaN-boxed, 64 bits each. */
export type RejectionTracker = (context: number, promise: bigint, reason: bigint, isHandled: number) => void;

const TABLE_EXPORT = "agentos_table";

/** Adds an export of the function table to a module's bytes. */
export function withTableExport(bytes: Uint8Array): Uint8Array {
  for (let at = 8; at < bytes.length; ) {
    const [size, body] = readLeb(bytes, at + 1);
    if (bytes[at] === EXPORT_SECTION) {
      const [count, rest] = readLeb(bytes, body);
      const name = Buffer.from(TABLE_EXPORT);
      const entry = Buffer.from([name.length, ...name, TABLE_KIND, 0]);
      const content = Buffer.concat([writeLeb(count + 1), bytes.subarray(rest, body + size), entry]);
      const section = Buffer.concat([Buffer.from([EXPORT_SECTION]), writeLeb(content.length), content]);
      return Buffer.concat([bytes.subarray(0, at), section, bytes.subarray(body + size)]);
    }
    at = body + size;
  }
  throw new Error("The QuickJS module exports nothing.");
}

const EXPORT_SECTION = 7;
const TABLE_KIND = 1;

/** Reads an unsigned LEB128 number: its value, and where it ends. */
function readLeb(bytes: Uint8Array, start: number): [value: number, end: number] {
  let value = 0;
  let at = start;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++] ?? 0;
    value |= (byte & 127) << shift;
    if ((byte & 128) === 0) return [value >>> 0, at];
  }
}

function writeLeb(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; ) {
    const low = rest & 127;
    rest >>>= 7;
    bytes.push(rest === 0 ? low : low | 128);
    if (rest === 0) return Buffer.from(bytes);
  }
}

/** `(module (import "e" "f" (func (param i32 i64 i64 i32 i32))) (export "f" (func 0)))`: gives a function its type. */
const TYPED_FUNCTION = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 9, 1, 96, 5, 127, 126, 126, 127, 127, 0, 2, 7, 1, 1, 101, 1, 102, 0, 0, 7,
  5, 1, 1, 102, 0, 0,
]);

/**
 * Sets the hook on a runtime.
 *
 * @param runtime the address of the JSRuntime
 * @param setInterruptHandler sets the runtime's interrupt handler, which must not be set yet
 */
export function trackRejections(
  exports: WasmExports,
  memory: WasmMemory,
  runtime: number,
  setInterruptHandler: () => void,
  tracker: RejectionTracker,
): void {
  const words = (): Uint32Array => new Uint32Array(memory.buffer, runtime, RUNTIME_WORDS);
  const before = words().slice();
  setInterruptHandler();
  const handler = words().findIndex((word, index) => word !== before[index]);
  if (handler < 0) throw new Error("The interrupt handler of QuickJS was not found.");
  const table = exports[TABLE_EXPORT] as WasmTable;
  const typed = new wasm.Instance(new wasm.Module(TYPED_FUNCTION), { e: { f: tracker } });
  const index = table.grow(1);
  table.set(index, typed.exports["f"]);
  words()[handler + 2] = index;
}

const RUNTIME_WORDS = 128;
