// What tests may change in their process and would want the candidate to see. Compared at each call.

interface Slot {
  readonly owner: object;
  readonly key: PropertyKey;
  readonly name: string;
  /** How it is read: `value` and `get` from its descriptor, so that no lazy global is made. */
  readonly field: "value" | "get" | undefined;
  readonly value: unknown;
}

const { getOwnPropertyDescriptor, ownKeys, get } = Reflect;

const WATCHED: readonly (readonly [path: string, keys: readonly string[]])[] = [
  ["Date", ["now"]],
  ["Math", ["random"]],
  ["performance", ["now"]],
  ["process", ["exit", "cwd", "hrtime", "nextTick", "argv", "platform"]],
  ["console", ["log", "error", "warn", "info", "debug"]],
];

function slot(owner: object, key: PropertyKey, name: string): Slot | undefined {
  const found = getOwnPropertyDescriptor(owner, key);
  if (!found) return { owner, key, name, field: undefined, value: get(owner, key) };
  const field = "value" in found ? "value" : "get";
  return { owner, key, name, field, value: found[field] };
}

/** Remembers the world as it is. The function that it returns names what has changed since. */
export function watchWorld(): () => string | undefined {
  const root = globalThis as unknown as Record<PropertyKey, unknown>;
  const names = ownKeys(root);
  const slots = names
    .filter((key) => key !== "globalThis")
    .map((key) => slot(root, key, String(key)))
    .filter((one) => one !== undefined);
  const add = (owner: unknown, name: string, keys: readonly string[]): void => {
    if (typeof owner !== "object" && typeof owner !== "function") return;
    for (const key of keys) {
      const found = owner && slot(owner, key, `${name}.${key}`);
      if (found) slots.push(found);
    }
  };
  for (const [name, keys] of WATCHED) add(root[name], name, keys);
  const process = root["process"] as { stdout?: unknown; env?: unknown } | undefined;
  add(process?.stdout, "process.stdout", ["write"]);
  const environment = JSON.stringify(process?.env);
  return () => {
    for (const { owner, key, name, field, value } of slots) {
      const now: unknown =
        field === undefined ? get(owner, key) : getOwnPropertyDescriptor(owner, key)?.[field];
      if (!Object.is(now, value)) return name;
    }
    if (ownKeys(root).length > names.length) return "the global object";
    return JSON.stringify(process?.env) === environment ? undefined : "process.env";
  };
}
