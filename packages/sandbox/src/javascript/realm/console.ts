import type { RealmHost } from "./host.js";
import { format, inspect } from "./inspect.js";

/** The global `console`: log, info and debug to stdout, warn, error and trace to stderr. */
export function createConsole(host: RealmHost): Record<string, unknown> {
  let indent = "";
  const counts = new Map<string, number>();
  const started = new Map<string, number>();
  const print = (descriptor: 1 | 2, text: string): void => {
    host.write(descriptor, `${indent === "" ? text : indent + text.replace(/\n/g, `\n${indent}`)}\n`);
  };
  const out = (...args: unknown[]): void => print(1, format(args));
  const err = (...args: unknown[]): void => print(2, format(args));
  const group = (...args: unknown[]): void => {
    if (args.length > 0) out(...args);
    indent += "  ";
  };
  const elapsed = (label: string): string =>
    `${label}: ${(host.now() - (started.get(label) ?? host.now())).toFixed(3)}ms`;
  return {
    log: out,
    info: out,
    debug: out,
    warn: err,
    error: err,
    trace: (...args: unknown[]) => err(`Trace: ${format(args)}`),
    dir: (value: unknown, options?: { readonly depth?: number }) => out(inspect(value, options ?? {})),
    table: (value: unknown) => out(value),
    assert: (holds: unknown, ...args: unknown[]) => {
      if (!holds) err(args.length > 0 ? `Assertion failed: ${format(args)}` : "Assertion failed");
    },
    group,
    groupCollapsed: group,
    groupEnd: () => {
      indent = indent.slice(2);
    },
    count: (label: unknown = "default") => {
      const count = (counts.get(String(label)) ?? 0) + 1;
      counts.set(String(label), count);
      out(`${label}: ${count}`);
    },
    countReset: (label: unknown = "default") => counts.delete(String(label)),
    time: (label: unknown = "default") => started.set(String(label), host.now()),
    timeLog: (label: unknown = "default") => out(elapsed(String(label))),
    timeEnd: (label: unknown = "default") => {
      out(elapsed(String(label)));
      started.delete(String(label));
    },
  };
}
