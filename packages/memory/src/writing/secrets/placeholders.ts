const WORDS =
  "change-?_?me|placeholder|redacted|removed|hidden|masked|passwort|contraseña|passphrase|api-?_?key|key|string|str|text|value|" +
  "foo|bar|baz|qux|none|null|nil|undefined|empty|true|false|todo|tbd|required|optional|test|testing|input|" +
  "postgres|root|admin|user|username|guest|bearer|basic|any|unknown|never|number|boolean|bytes|int|self|this";
const PARTS =
  "super|very|api|access|client|secret|db|database|password|passwd|token|key|app|auth|jwt|session|user|admin|root";

/** What stands for a value, in any case. */
const STANDS_FOR = anyOf(
  [
    `(?:${WORDS})\\d{0,3}`,
    // <token>, [token], {{ token }}, ${TOKEN}, $(cmd), %TOKEN%, ***, xxxx, …
    "<.*",
    "\\[.*",
    "\\{.*",
    "\\$[({].*",
    "\\$[a-z_]+",
    "%[a-z_]+%",
    "[*x.•_\\-#?0]+",
    "…",
    "(?:your|insert|enter|replace|put)[-_ ].*",
    `(?:my|the|some|an?|our|use|get|add)(?:[-_ ]?(?:${PARTS}))+\\d{0,3}`,
    "(?:example|dummy|fake|sample|mock|stub|invalid|wrong|test|todo|changeme|placeholder)[-_.].*",
    ".*[-_.](?:here|example|placeholder|goes-here)",
    // Where the value is: the environment, a vault, a file, a page.
    "(?:process\\.env|import\\.meta|os\\.environ|os\\.getenv|env|secrets|vars|config|settings|options|props|args)[.[(].*",
    "(?:vault|op|file|ref|env|ssm|arn|https?|kms)[:+].*",
    "(?:\\.{0,2}|~)/[a-z][a-z0-9._-]*(?:/[a-z0-9_.@-]*)*",
    "[a-z]:\\\\.*",
    "sha\\d{1,3}[-:].*",
  ],
  "is",
);

/** Code that gives a value without quotes: a call, an index, a path of names, a constant in capitals. */
const EXPRESSION = anyOf(
  [
    "[A-Za-z_$][\\w$]*(?:\\.[A-Za-z_$][\\w$]*)*[([].*",
    "[A-Za-z_$]+(?:\\??\\.[A-Za-z_$]+)+",
    "\\$?[A-Z]+(?:_[A-Z0-9]+)+",
    "[*&]{0,2}[A-Za-z_]+(?:::[A-Za-z_]+)+.*",
  ],
  "s",
);

/** Longer values are looked at up to here: what stands for one is never as long. */
const LOOKED_AT = 64;

/** Whether a value only stands in for a secret, or says where the secret is. */
export function isPlaceholder(value: string): boolean {
  const start = value.slice(0, LOOKED_AT);
  return start === "" || isFiller(start) || isItsName(start) || STANDS_FOR.test(start);
}

/** `password: "Password"`, `token: "access_token"`: what it is called, and not what it is. */
function isItsName(value: string): boolean {
  return /^[a-z_. -]*\d{0,3}$/i.test(value) && /password|passwd|secret|token/i.test(value);
}

/** Whether a value without quotes is code rather than the secret itself. */
export function isExpression(value: string): boolean {
  return EXPRESSION.test(value.slice(0, LOOKED_AT));
}

/** What documents write in place of a token's characters. */
export function isFiller(value: string): boolean {
  const start = value.slice(0, LOOKED_AT);
  if (!hasDifferent(start, Math.min(4, start.length))) return true;
  return /EXAMPLE|x{6}|X{6}|\*{3}|\.{3}|your[-_]/.test(start);
}

/** A name in camel case, with at most one short number in it: a type or a variable. */
export function isName(value: string): boolean {
  return /^[A-Z]?[a-z]+(?:[A-Z][a-z]*){0,8}\d{0,2}(?:[A-Z][a-z]*){0,8}$/.test(value);
}

/**
 * Whether it looks drawn rather than written: letters and digits, or letters that change their case all the time, and many
 * different ones. Eight characters that are equally frequent carry three bits each.
 */
export function looksRandom(value: string, length: number): boolean {
  if (value.length < length) return false;
  const start = value.slice(0, LOOKED_AT);
  if (/\d/.test(start) && /[A-Za-z]/.test(start)) return hasDifferent(start, 8);
  return (
    value.length >= 24 &&
    /^[A-Za-z+/=]+$/.test(start) &&
    /(?:[a-z]+[A-Z]+){4}/.test(start) &&
    hasDifferent(start, 14)
  );
}

function hasDifferent(text: string, count: number): boolean {
  const seen = new Set<string>();
  for (const character of text) if (seen.add(character).size >= count) return true;
  return count === 0;
}

function anyOf(parts: readonly string[], flags: string): RegExp {
  return new RegExp(`^(?:${parts.map((part) => `(?:${part})`).join("|")})$`, flags);
}
