import { decodeUtf8, encodeUtf8 } from "./utf8.js";

/** Puts Node's globals into the context. They are as loosely bound as Node's: a program may replace them. */
export function defineGlobals(values: Readonly<Record<string, unknown>>): void {
  const all: Record<string, unknown> = {
    queueMicrotask: (run: () => void) => void Promise.resolve().then(run),
    structuredClone: (value: unknown) => clone(value, new Map()),
    TextEncoder: class {
      readonly encoding = "utf-8";
      encode(text = ""): Uint8Array {
        return encodeUtf8(text);
      }
    },
    TextDecoder: class {
      readonly encoding = "utf-8";
      decode(bytes: ArrayBuffer | ArrayBufferView = new Uint8Array()): string {
        const view = ArrayBuffer.isView(bytes)
          ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
          : bytes;
        return decodeUtf8(new Uint8Array(view));
      }
    },
    ...values,
  };
  for (const [name, value] of Object.entries(all)) {
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });
  }
}

/** The structured clone of what programs clone: plain data, dates, maps, sets, errors, buffers, cycles. */
function clone(value: unknown, known: Map<object, unknown>): unknown {
  if (typeof value === "function" || typeof value === "symbol") {
    throw Object.assign(new Error(`${String(value)} could not be cloned.`), {
      name: "DataCloneError",
      code: 25,
    });
  }
  if (typeof value !== "object" || value === null) return value;
  const before = known.get(value);
  if (before !== undefined) return before;
  const keep = <Copy extends object>(copy: Copy): Copy => {
    known.set(value, copy);
    return copy;
  };
  if (value instanceof Date) return keep(new Date(value.getTime()));
  if (value instanceof RegExp) return keep(new RegExp(value.source, value.flags));
  if (value instanceof ArrayBuffer) return keep(value.slice(0));
  if (ArrayBuffer.isView(value)) return keep(cloneView(value));
  if (value instanceof Map) {
    const copy = keep(new Map());
    for (const [key, item] of value) copy.set(clone(key, known), clone(item, known));
    return copy;
  }
  if (value instanceof Set) {
    const copy = keep(new Set());
    for (const item of value) copy.add(clone(item, known));
    return copy;
  }
  if (value instanceof Error) return keep(Object.assign(new Error(value.message), { name: value.name }));
  const copy = keep(Array.isArray(value) ? new Array<unknown>(value.length) : {});
  for (const key of Object.keys(value)) Reflect.set(copy, key, clone(Reflect.get(value, key), known));
  return copy;
}

function cloneView(view: ArrayBufferView): object {
  const bytes = view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength);
  const View = view.constructor as new (buffer: ArrayBufferLike) => object;
  return new View(bytes);
}
