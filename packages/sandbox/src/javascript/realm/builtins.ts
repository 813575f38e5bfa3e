import { createAssert } from "./assert.js";
import { isDeepEqual } from "./deep-equal.js";
import { EventEmitter } from "./event-emitter.js";
import { format, inspect } from "./inspect.js";

type Callback = (...args: unknown[]) => unknown;

/** What a realm has made, by the names that programs import it under. */
export interface BuiltinParts {
  readonly test: Record<string, unknown>;
  readonly process: Record<string, unknown>;
  readonly console: Record<string, unknown>;
  readonly timers: Record<string, unknown>;
  readonly timersPromises: Record<string, unknown>;
  readonly performance: Record<string, unknown>;
  readonly fileSystem: Record<string, unknown>;
}

/** The built-in modules that a program may import, by name without `node:`. Nothing here reaches outside the realm. */
export function createBuiltins(parts: BuiltinParts): ReadonlyMap<string, unknown> {
  const assert = createAssert();
  return new Map<string, unknown>([
    ["test", parts.test],
    ["assert", assert],
    ["assert/strict", assert["strict"]],
    ["process", parts.process],
    ["console", parts.console],
    ["timers", parts.timers],
    ["timers/promises", parts.timersPromises],
    ["perf_hooks", { performance: parts.performance }],
    ["fs", parts.fileSystem],
    ["util", createUtil()],
    ["events", Object.assign(EventEmitter, { EventEmitter })],
  ]);
}

function createUtil(): Record<string, unknown> {
  return {
    inspect,
    format: (...args: unknown[]) => format(args),
    isDeepStrictEqual: (a: unknown, b: unknown) => isDeepEqual(a, b, true),
    promisify:
      (run: Callback) =>
      (...args: unknown[]) =>
        new Promise((resolve, reject) => {
          run(...args, (error: unknown, value: unknown) => (error ? reject(error) : resolve(value)));
        }),
    inherits: (child: { prototype: object }, parent: { prototype: object }) => {
      Object.setPrototypeOf(child.prototype, parent.prototype);
    },
    deprecate: (run: Callback) => run,
    types: {
      isPromise: (value: unknown) => value instanceof Promise,
      isDate: (value: unknown) => value instanceof Date,
      isRegExp: (value: unknown) => value instanceof RegExp,
      isMap: (value: unknown) => value instanceof Map,
      isSet: (value: unknown) => value instanceof Set,
      isNativeError: (value: unknown) => value instanceof Error,
    },
  };
}
