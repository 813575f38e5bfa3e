import { isDeepEqual } from "./deep-equal.js";
import { inspect } from "./inspect.js";

type Message = string | Error | undefined;

interface Details {
  readonly message?: string | undefined;
  readonly actual?: unknown;
  readonly expected?: unknown;
  readonly operator?: string;
}

/** The error of a failed assertion, with the fields of Node's. */
class AssertionError extends Error {
  readonly code = "ERR_ASSERTION";
  readonly actual: unknown;
  readonly expected: unknown;
  readonly operator: string;
  readonly generatedMessage: boolean;

  constructor(details: Details) {
    super(details.message ?? generated(details));
    this.name = "AssertionError";
    this.actual = details.actual;
    this.expected = details.expected;
    this.operator = details.operator ?? "fail";
    this.generatedMessage = details.message === undefined;
  }
}

const PHRASES: Readonly<Record<string, string>> = {
  "==": "Expected values to be loosely equal:",
  "!=": 'Expected "actual" to be loosely unequal to:',
  strictEqual: "Expected values to be strictly equal:",
  notStrictEqual: 'Expected "actual" to be strictly unequal to:',
  deepEqual: "Expected values to be loosely deep-equal:",
  notDeepEqual: 'Expected "actual" not to be loosely deep-equal to:',
  deepStrictEqual: "Expected values to be strictly deep-equal:",
  notDeepStrictEqual: 'Expected "actual" not to be strictly deep-equal to:',
};

function generated({ actual, expected, operator = "fail" }: Details): string {
  const phrase = PHRASES[operator];
  if (!phrase) return "Failed";
  if (operator.startsWith("not") || operator === "!=")
    return `${phrase}\n\n${inspect(expected, { depth: 6 })}`;
  return `${phrase}\n\nactual:   ${inspect(actual, { depth: 6 })}\nexpected: ${inspect(expected, { depth: 6 })}`;
}

function check(holds: boolean, message: Message, details: Details): void {
  if (holds) return;
  if (message instanceof Error) throw message;
  throw new AssertionError({ ...details, message });
}

/** Whether an error is what the second argument of `throws` or `rejects` asked for; throws when it is not. */
function checkThrown(error: unknown, expected: unknown, message: Message, operator: string): void {
  if (expected === undefined || expected === null) return;
  const details = { actual: error, expected, operator };
  if (expected instanceof RegExp) {
    const text = String(error);
    const said = `The input did not match the regular expression ${expected}. Input:\n\n${inspect(text)}\n`;
    check(expected.test(text), message ?? said, details);
    return;
  }
  if (typeof expected === "function") {
    checkClass(error, expected as ExpectedFunction, message, details);
    return;
  }
  if (typeof expected !== "object")
    throw new TypeError('The "expected" argument must be a function, an error or a RegExp.');
  const keys = Object.keys(expected);
  if (expected instanceof Error) keys.push("name", "message");
  else if (keys.length === 0) throw new TypeError("The argument 'error' may not be an empty object.");
  for (const key of keys) {
    const actual: unknown = (error as Record<string, unknown> | undefined)?.[key];
    const wanted: unknown = (expected as Record<string, unknown>)[key];
    const fits =
      wanted instanceof RegExp && typeof actual === "string"
        ? wanted.test(actual)
        : isDeepEqual(actual, wanted, true);
    const said = `The error's ${key} is ${inspect(actual)}, expected ${inspect(wanted)}.`;
    check(fits, message ?? said, details);
  }
}

type ExpectedFunction = ((error: unknown) => unknown) & { readonly prototype?: unknown };

function checkClass(error: unknown, expected: ExpectedFunction, message: Message, details: Details): void {
  if (expected.prototype !== undefined && error instanceof (expected as unknown as new () => unknown)) return;
  if (Object.prototype.isPrototypeOf.call(Error, expected)) {
    const said = `The error is expected to be an instance of "${expected.name}". Received ${inspect(error)}`;
    check(false, message ?? said, details);
    return;
  }
  const result = expected.call({}, error);
  check(
    result === true,
    message ?? `The validation function returned ${inspect(result)} instead of true.`,
    details,
  );
}

function splitExpected(expected: unknown, message: Message): [unknown, Message] {
  return typeof expected === "string" ? [undefined, expected] : [expected, message];
}

function thrown(run: unknown): { readonly error: unknown } | undefined {
  if (typeof run !== "function") throw new TypeError('The "fn" argument must be of type function.');
  try {
    run();
  } catch (error) {
    return { error };
  }
  return undefined;
}

async function rejection(promise: unknown): Promise<{ readonly error: unknown } | undefined> {
  const waited: unknown = typeof promise === "function" ? promise() : promise;
  if (typeof (waited as { then?: unknown } | undefined)?.then !== "function") {
    throw new TypeError('The "promiseFn" argument must be a promise or a function that returns one.');
  }
  try {
    await waited;
  } catch (error) {
    return { error };
  }
  return undefined;
}

function missing(what: string, expected: unknown, message: Message): string {
  const name = typeof expected === "function" && expected.name !== "" ? ` (${expected.name})` : "";
  return `Missing expected ${what}${name}${typeof message === "string" ? `: ${message}` : "."}`;
}

function unwanted(what: string, caught: { readonly error: unknown }, message: Message): never {
  const said = `Got unwanted ${what}${typeof message === "string" ? `: ${message}` : "."}\nActual message: "${String((caught.error as Error | undefined)?.message)}"`;
  throw message instanceof Error
    ? message
    : new AssertionError({ message: said, actual: caught.error, operator: "doesNotThrow" });
}

function isTrue(value: unknown, message: Message): void {
  const said = message ?? `The expression evaluated to a falsy value: ${inspect(value)}`;
  check(Boolean(value), said, { actual: value, expected: true, operator: "==" });
}

/** The functions of `node:assert`; in the strict form the loose comparisons are the strict ones. */
export function createAssert(): Record<string, unknown> {
  // biome-ignore lint/suspicious/noDoubleEquals: loose equality is what this function means
  const loose = (a: unknown, b: unknown): boolean => a == b || (Number.isNaN(a) && Number.isNaN(b));
  const compare =
    (operator: string, holds: (actual: unknown, expected: unknown) => boolean) =>
    (...args: unknown[]): void => {
      if (args.length < 2) throw new TypeError('The "actual" and "expected" arguments must be specified');
      const [actual, expected, message] = args;
      check(holds(actual, expected), message as Message, { actual, expected, operator });
    };
  const shared: Record<string, unknown> = {
    AssertionError,
    ok: (...args: unknown[]): void => {
      if (args.length === 0) isTrue(undefined, "No value argument passed to `assert.ok()`");
      isTrue(args[0], args[1] as Message);
    },
    strictEqual: compare("strictEqual", Object.is),
    notStrictEqual: compare("notStrictEqual", (a, b) => !Object.is(a, b)),
    deepStrictEqual: compare("deepStrictEqual", (a, b) => isDeepEqual(a, b, true)),
    notDeepStrictEqual: compare("notDeepStrictEqual", (a, b) => !isDeepEqual(a, b, true)),
    fail: (message?: Message): never => {
      if (message instanceof Error) throw message;
      throw new AssertionError({ message: message ?? "Failed", operator: "fail" });
    },
    ifError: (value: unknown): void => {
      if (value === null || value === undefined) return;
      const said = `ifError got unwanted exception: ${value instanceof Error ? value.message : inspect(value)}`;
      throw new AssertionError({ message: said, actual: value, expected: null, operator: "ifError" });
    },
    match: (text: unknown, pattern: RegExp, message?: Message): void => {
      const holds = typeof text === "string" && pattern.test(text);
      const said = `The input did not match the regular expression ${pattern}. Input:\n\n${inspect(text)}\n`;
      check(holds, message ?? said, { actual: text, expected: pattern, operator: "match" });
    },
    doesNotMatch: (text: unknown, pattern: RegExp, message?: Message): void => {
      const holds = typeof text === "string" && !pattern.test(text);
      const said = `The input was expected to not match the regular expression ${pattern}. Input:\n\n${inspect(text)}\n`;
      check(holds, message ?? said, { actual: text, expected: pattern, operator: "doesNotMatch" });
    },
    throws: (run: unknown, expected?: unknown, message?: Message): void => {
      const caught = thrown(run);
      const [wanted, said] = splitExpected(expected, message);
      if (!caught)
        throw new AssertionError({
          message: missing("exception", wanted, said),
          expected: wanted,
          operator: "throws",
        });
      checkThrown(caught.error, wanted, said, "throws");
    },
    doesNotThrow: (run: unknown, expected?: unknown, message?: Message): void => {
      const caught = thrown(run);
      if (caught) unwanted("exception", caught, splitExpected(expected, message)[1]);
    },
    rejects: async (promise: unknown, expected?: unknown, message?: Message): Promise<void> => {
      const caught = await rejection(promise);
      const [wanted, said] = splitExpected(expected, message);
      if (!caught)
        throw new AssertionError({
          message: missing("rejection", wanted, said),
          expected: wanted,
          operator: "rejects",
        });
      checkThrown(caught.error, wanted, said, "rejects");
    },
    doesNotReject: async (promise: unknown, expected?: unknown, message?: Message): Promise<void> => {
      const caught = await rejection(promise);
      if (caught) unwanted("rejection", caught, splitExpected(expected, message)[1]);
    },
  };
  const make = (extra: Record<string, unknown>): Record<string, unknown> =>
    Object.assign(
      (...args: unknown[]): void => (shared["ok"] as (...values: unknown[]) => void)(...args),
      shared,
      extra,
    );
  const assert = make({
    equal: compare("==", loose),
    notEqual: compare("!=", (a, b) => !loose(a, b)),
    deepEqual: compare("deepEqual", (a, b) => isDeepEqual(a, b, false)),
    notDeepEqual: compare("notDeepEqual", (a, b) => !isDeepEqual(a, b, false)),
  });
  const strict = make({
    equal: shared["strictEqual"],
    notEqual: shared["notStrictEqual"],
    deepEqual: shared["deepStrictEqual"],
    notDeepEqual: shared["notDeepStrictEqual"],
  });
  strict["strict"] = strict;
  assert["strict"] = strict;
  return assert;
}
