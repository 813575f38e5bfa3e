const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;
const LINE_LENGTH = 72;
const MAX_ITEMS = 100;

/** Shows a value as text, in the way of Node's `util.inspect` at its defaults. */
export function inspect(value: unknown, options: { readonly depth?: number } = {}): string {
  return show(value, options.depth ?? 2, []);
}

/** Text of what was thrown: an error's stack, or the value. */
export function describeThrown(error: unknown): string {
  try {
    return error instanceof Error ? ownFrames(showError(error)) : `Uncaught ${inspect(error)}`;
  } catch {
    return "An error that cannot be shown";
  }
}

/** Without the frames of the realm itself, whose module is called so. */
function ownFrames(stack: string): string {
  return stack.replace(/\n\s+at [^\n]*(?:\(realm:|realm:\d)[^\n]*/g, "");
}

/** Text of `console.log` arguments: `%s`, `%d`, `%i`, `%f`, `%j`, `%o`, `%O`, `%c` and `%%` in the first. */
export function format(args: readonly unknown[]): string {
  const [first, ...rest] = args;
  let index = 0;
  const parts: string[] = [];
  if (typeof first === "string" && rest.length > 0) {
    parts.push(
      first.replace(/%[sdifjoOc%]/g, (token) => {
        if (token === "%%") return "%";
        if (index >= rest.length) return token;
        return formatToken(token, rest[index++]);
      }),
    );
  } else if (args.length > 0) {
    parts.push(typeof first === "string" ? first : inspect(first));
  }
  for (const value of rest.slice(index)) parts.push(typeof value === "string" ? value : inspect(value));
  return parts.join(" ");
}

function formatToken(token: string, value: unknown): string {
  if (token === "%s")
    return typeof value === "object" || typeof value === "symbol" ? inspect(value) : String(value);
  if (token === "%c") return "";
  if (token === "%j") return JSON.stringify(value) ?? "undefined";
  if (token === "%o" || token === "%O") return inspect(value, { depth: 4 });
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "symbol") return "NaN";
  if (token === "%i") return String(Number.parseInt(String(value), 10));
  return String(token === "%f" ? Number.parseFloat(String(value)) : Number(value));
}

function quote(text: string): string {
  const mark = !text.includes("'") ? "'" : !text.includes('"') ? '"' : !text.includes("`") ? "`" : "'";
  const escaped = JSON.stringify(text).slice(1, -1).replace(/\\"/g, '"');
  return mark + (mark === "'" ? escaped.replace(/'/g, "\\'") : escaped) + mark;
}

function showError(error: Error): string {
  const stack = typeof error.stack === "string" ? error.stack : "";
  const head = String(error);
  const text =
    stack === "" ? `[${head}]` : stack.startsWith(head) || stack.includes(head) ? stack : `${head}\n${stack}`;
  return error.cause === undefined
    ? text.trimEnd()
    : `${text.trimEnd()}\n  [cause]: ${describeThrown(error.cause)}`;
}

function show(value: unknown, depth: number, seen: readonly object[]): string {
  if (typeof value === "string") return quote(value);
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "symbol") return value.toString();
  if (Object.is(value, -0)) return "-0";
  if (typeof value === "function") return showFunction(value);
  if (typeof value !== "object" || value === null) return String(value);
  if (seen.includes(value)) return "[Circular *1]";
  if (value instanceof Error) return showError(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString();
  if (value instanceof RegExp) return String(value);
  return showObject(value, depth, [...seen, value]);
}

function showFunction(value: { readonly name: string }): string {
  const source = Function.prototype.toString.call(value);
  const kind = source.startsWith("class")
    ? "class"
    : source.startsWith("async")
      ? "AsyncFunction"
      : "Function";
  const name = value.name === "" ? "(anonymous)" : value.name;
  if (kind === "class") return `[class ${name}]`;
  return value.name === "" ? `[${kind} (anonymous)]` : `[${kind}: ${name}]`;
}

function constructorName(value: object): string | undefined {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === null) return undefined;
  const name: unknown = (prototype as { constructor?: { name?: unknown } }).constructor?.name;
  return typeof name === "string" && name !== "" ? name : "Object";
}

function showObject(value: object, depth: number, seen: readonly object[]): string {
  const name = constructorName(value);
  const isList = Array.isArray(value) || ArrayBuffer.isView(value);
  const size = isList
    ? ((value as { length?: number }).length ?? 0)
    : value instanceof Map || value instanceof Set
      ? value.size
      : -1;
  const plain = isList ? "Array" : "Object";
  const shown = name ?? `[${plain}: null prototype]`;
  const label = size >= 0 && plain !== shown ? `${shown}(${size}) ` : shown === plain ? "" : `${shown} `;
  if (value instanceof Promise) return "Promise { <state unknown> }";
  const boxed = showBoxed(value);
  if (boxed !== undefined) return boxed;
  const [open, close] = isList ? ["[", "]"] : ["{", "}"];
  if (depth < 0) return isList ? "[Array]" : `[${name ?? "Object: null prototype"}]`;
  const parts = entries(value, isList, depth, seen);
  return wrap(label, open, close, parts);
}

function showBoxed(value: object): string | undefined {
  if (value instanceof String || value instanceof Number || value instanceof Boolean) {
    return `[${constructorName(value)}: ${show(value.valueOf(), 0, [])}]`;
  }
  return undefined;
}

function entries(value: object, isList: boolean, depth: number, seen: readonly object[]): string[] {
  const parts: string[] = [];
  const inner = (child: unknown): string => show(child, depth - 1, seen);
  if (isList) {
    const list = value as ArrayLike<unknown>;
    for (let index = 0; index < Math.min(list.length, MAX_ITEMS); index++) {
      parts.push(index in list ? inner(list[index]) : "<1 empty item>");
    }
    if (list.length > MAX_ITEMS) parts.push(`... ${list.length - MAX_ITEMS} more items`);
  } else if (value instanceof Map) {
    for (const [key, item] of value) parts.push(`${inner(key)} => ${inner(item)}`);
  } else if (value instanceof Set) {
    for (const item of value) parts.push(inner(item));
  }
  for (const key of Reflect.ownKeys(value)) {
    const property = Object.getOwnPropertyDescriptor(value, key);
    if (!property?.enumerable || (isList && typeof key === "string" && /^\d+$/.test(key))) continue;
    const name = typeof key === "symbol" ? `[${key.toString()}]` : IDENTIFIER.test(key) ? key : quote(key);
    const text = property.get
      ? property.set
        ? "[Getter/Setter]"
        : "[Getter]"
      : property.set
        ? "[Setter]"
        : inner(property.value);
    parts.push(`${name}: ${text}`);
  }
  return parts;
}

function wrap(label: string, open: string, close: string, parts: readonly string[]): string {
  if (parts.length === 0) return `${label}${open}${close}`;
  const line = `${label}${open} ${parts.join(", ")} ${close}`;
  if (line.length <= LINE_LENGTH && !line.includes("\n")) return line;
  return `${label}${open}\n  ${parts.map((part) => part.replace(/\n/g, "\n  ")).join(",\n  ")}\n${close}`;
}
