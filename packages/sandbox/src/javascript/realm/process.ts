import type { RealmHost, RealmSettings } from "./host.js";
import { decodeUtf8 } from "./utf8.js";

/** What the realm keeps of the program's `process`. */
export interface RealmProcess {
  readonly object: Record<string, unknown>;
  exitCode(): number;
  /** Calls the program's listeners of an event; whether there were any. */
  emit(event: string, ...args: unknown[]): boolean;
}

type Listener = (...args: unknown[]) => void;

/** The global `process`: arguments, an empty environment, exit, standard streams and the clock. Nothing of the host's. */
export function createProcess(host: RealmHost, settings: RealmSettings): RealmProcess {
  const listeners = new Map<string, Listener[]>();
  const started = host.now();
  const on = (event: string, listener: Listener): unknown => {
    listeners.set(event, [...(listeners.get(event) ?? []), listener]);
    return object;
  };
  const emit = (event: string, ...args: unknown[]): boolean => {
    const list = listeners.get(event) ?? [];
    for (const listener of list) listener.apply(object, args);
    return list.length > 0;
  };
  const codeOf = (value: unknown): number => {
    const code = Number(value ?? 0);
    return Number.isInteger(code) ? code & 255 : 1;
  };
  const hrtime = (before?: readonly [number, number]): [number, number] => {
    const nanoseconds = Math.round(host.now() * 1e6);
    const from = before ? before[0] * 1e9 + before[1] : 0;
    return [Math.floor((nanoseconds - from) / 1e9), (nanoseconds - from) % 1e9];
  };
  const stream = (descriptor: 1 | 2): Record<string, unknown> => ({
    fd: descriptor,
    isTTY: false,
    write: (text: unknown): boolean => {
      host.write(descriptor, text instanceof Uint8Array ? decodeUtf8(text) : String(text));
      return true;
    },
  });
  const object: Record<string, unknown> = {
    argv: ["node", `/${settings.entry}`, ...settings.args],
    execArgv: [],
    env: {},
    exitCode: undefined,
    pid: 1,
    platform: "linux",
    arch: "x64",
    version: "v20.19.0",
    versions: { node: "20.19.0" },
    release: { name: "node" },
    stdout: stream(1),
    stderr: stream(2),
    stdin: createStdin(host),
    cwd: () => "/",
    uptime: () => (host.now() - started) / 1000,
    hrtime: Object.assign(hrtime, { bigint: () => BigInt(Math.round(host.now() * 1e6)) }),
    memoryUsage: () => ({ rss: 0, heapTotal: 0, heapUsed: 0, external: 0, arrayBuffers: 0 }),
    nextTick: (run: Listener, ...args: unknown[]): void => {
      void Promise.resolve().then(() => run(...args));
    },
    emitWarning: (warning: unknown) => host.write(2, `(node) ${String(warning)}\n`),
    exit: (code?: unknown) => {
      object["exitCode"] = code ?? object["exitCode"];
      try {
        emit("exit", codeOf(object["exitCode"]));
      } finally {
        host.exit(codeOf(object["exitCode"]));
      }
    },
    abort: () => host.exit(134),
    on,
    once: on,
    addListener: on,
    off: () => object,
    removeListener: () => object,
    emit,
  };
  return { object, emit, exitCode: () => codeOf(object["exitCode"]) };
}

/**
 * Enough of a readable stream to read a text as it comes: `on("data" | "end")` and `for await`. While it waits for input,
 * nothing else runs.
 */
function createStdin(host: RealmHost): Record<PropertyKey, unknown> {
  const listeners: Record<string, Listener[]> = {};
  let flowing = false;
  const tell = (event: string, ...args: unknown[]): void => {
    for (const listener of listeners[event] ?? []) listener(...args);
  };
  const flow = async (): Promise<void> => {
    for (let text = host.readInput(); text !== ""; text = host.readInput()) {
      tell("data", text);
      await undefined;
    }
    tell("end");
    tell("close");
  };
  const resume = (): unknown => {
    if (!flowing) void Promise.resolve().then(flow);
    flowing = true;
    return stdin;
  };
  const on = (event: string, listener: Listener): unknown => {
    listeners[event] = [...(listeners[event] ?? []), listener];
    return event === "data" || event === "end" ? resume() : stdin;
  };
  const stdin: Record<PropertyKey, unknown> = {
    fd: 0,
    isTTY: false,
    on,
    once: on,
    setEncoding: () => stdin,
    resume,
    pause: () => stdin,
    async *[Symbol.asyncIterator]() {
      for (let text = host.readInput(); text !== ""; text = host.readInput()) yield text;
    },
  };
  return stdin;
}
