// The slice of WebAssembly that is used here. Node has it; its types come with the DOM's only.

/** A compiled module. */
export type WasmModule = object & { readonly __module?: never };

/** Functions, tables and memories by name. */
export type WasmExports = Readonly<Record<string, unknown>>;

/** A table of functions. */
export interface WasmTable {
  grow(by: number): number;
  set(index: number, value: unknown): void;
}

/** Linear memory. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer;
}

interface WasmApi {
  readonly Module: new (bytes: Uint8Array) => WasmModule;
  readonly Instance: new (
    module: WasmModule,
    imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  ) => { readonly exports: WasmExports };
  readonly Memory: new (limits: { initial: number; maximum: number }) => WasmMemory;
  readonly RuntimeError: new (message: string) => Error;
}

/** The global `WebAssembly`. */
export const wasm: WasmApi = (globalThis as unknown as { WebAssembly: WasmApi }).WebAssembly;
