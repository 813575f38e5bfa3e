import { assignedSecrets } from "./assignments.js";
import { AZURE_CLIENT_SECRET, SECRET_FORMATS, type SecretFormat } from "./formats.js";
import { isFiller, isPlaceholder, looksRandom } from "./placeholders.js";

/** A secret in a text. The secret itself is nowhere in it. */
export interface FoundSecret {
  /** What it is: `github-token`, `jwt`, `private-key`, `password` and so on. */
  readonly kind: string;
  /** Where it lay in the text as it was given, in UTF-16 code units: from the first, up to the second. */
  readonly start: number;
  readonly end: number;
}

/** A text without its secrets. */
export interface Redacted {
  /** The text, with `[redacted:<kind>]` in place of each secret. */
  readonly text: string;
  /** In the order of the text; none overlap. Empty when nothing was found. */
  readonly found: readonly FoundSecret[];
}

/**
 * Takes secrets out of a text before it is stored: keys and tokens that are known by their form, private keys, passwords in
 * connection strings, authorization headers, and values beside a telling name. Hashes, UUIDs, checksums, encoded data and
 * placeholders stay. What has no known form and no telling name beside it is not found. Time is linear in the length.
 */
export function redactSecrets(text: string): Redacted {
  const found = withoutOverlap([
    ...privateKeys(text),
    ...tokens(text),
    ...azureSecrets(text),
    ...connectionPasswords(text),
    ...headers(text),
    ...assignedSecrets(text),
  ]);
  if (found.length === 0) return { text, found };
  const parts: string[] = [];
  let from = 0;
  for (const { kind, start, end } of found) {
    parts.push(text.slice(from, start), `[redacted:${kind}]`);
    from = end;
  }
  parts.push(text.slice(from));
  return { text: parts.join(""), found };
}

/** In the order of the text; of two that overlap, the one that was found first, by the more certain rule, stays. */
function withoutOverlap(candidates: readonly FoundSecret[]): readonly FoundSecret[] {
  const ranked = candidates.map((secret, rank) => ({ secret, rank }));
  ranked.sort((one, other) => one.secret.start - other.secret.start || one.rank - other.rank);
  const kept: { readonly secret: FoundSecret; readonly rank: number }[] = [];
  for (const next of ranked) {
    const last = kept.at(-1);
    if (last === undefined || last.secret.end <= next.secret.start) kept.push(next);
    else {
      // Both go, as what the more certain rule says.
      const { kind } = last.rank <= next.rank ? last.secret : next.secret;
      const end = Math.max(last.secret.end, next.secret.end);
      kept[kept.length - 1] = {
        secret: { kind, start: last.secret.start, end },
        rank: Math.min(last.rank, next.rank),
      };
    }
  }
  return kept.map(({ secret }) => secret);
}

const BEGIN = "-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----";
const KEY_MARK = "-----END";
/** A key is at least so long: less is a mention or a placeholder. */
const KEY_CHARACTERS = 60;
const KEY_LONGEST = 32_768;

function privateKeys(text: string): readonly FoundSecret[] {
  const found: FoundSecret[] = [];
  const begin = new RegExp(BEGIN, "g");
  const end = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/y;
  let mark = 0;
  for (let match = begin.exec(text); match !== null; match = begin.exec(text)) {
    const start = match.index;
    // Looked for once for all that begin before it.
    if (mark >= 0 && mark < begin.lastIndex) mark = text.indexOf(KEY_MARK, begin.lastIndex);
    const near = mark >= 0 && mark - begin.lastIndex <= KEY_LONGEST;
    end.lastIndex = mark;
    let stop: number;
    if (near && end.test(text)) stop = end.lastIndex;
    else {
      // Cut off: as far as it looks like a key.
      const cut = text.slice(begin.lastIndex, begin.lastIndex + KEY_LONGEST);
      stop = begin.lastIndex + (/^(?:(?:\s|\\[nr])*[A-Za-z0-9+/=]{16,})*/.exec(cut)?.[0].length ?? 0);
    }
    const characters = text.slice(begin.lastIndex, stop).replace(/[^A-Za-z0-9+/=]/g, "");
    if (characters.length >= KEY_CHARACTERS && !/x{6}/i.test(characters))
      found.push({ kind: "private-key", start, end: stop });
    begin.lastIndex = Math.max(begin.lastIndex, stop);
  }
  return found;
}

/** One pass over the text for the beginnings of all forms; what follows is tried only there. */
function tokens(text: string): readonly FoundSecret[] {
  const found: FoundSecret[] = [];
  const byBeginning = new Map<
    string,
    { readonly kind: string; readonly follows: RegExp; readonly notBehind: string }[]
  >();
  for (const { kind, begins, follows, notBehind = "" } of SECRET_FORMATS as readonly SecretFormat[]) {
    for (const beginning of begins) {
      const rules = byBeginning.get(beginning) ?? [];
      byBeginning.set(beginning, [...rules, { kind, follows: new RegExp(follows, "y"), notBehind }]);
    }
  }
  // The longest first: "sk-ant-" is no "sk-".
  const beginnings = [...byBeginning.keys()].sort((one, other) => other.length - one.length);
  const scan = new RegExp(beginnings.map((text) => text.replace(/[.+]/g, "\\$&")).join("|"), "g");
  for (let match = scan.exec(text); match !== null; match = scan.exec(text)) {
    const { index } = match;
    const [beginning] = match;
    const behind = text[index - 1] ?? " ";
    if (/[A-Za-z0-9_]/.test(behind)) continue;
    for (const { kind, follows, notBehind } of byBeginning.get(beginning) ?? []) {
      follows.lastIndex = scan.lastIndex;
      if (notBehind.includes(behind) || !follows.test(text)) continue;
      const start = beginning.endsWith("=") ? scan.lastIndex : index;
      const value = text.slice(scan.lastIndex, follows.lastIndex);
      scan.lastIndex = follows.lastIndex;
      if (!isFiller(value)) found.push({ kind, start, end: follows.lastIndex });
      break;
    }
  }
  return found;
}

function azureSecrets(text: string): readonly FoundSecret[] {
  const { kind, mark, before, after } = AZURE_CLIENT_SECRET;
  const found: FoundSecret[] = [];
  const follows = new RegExp(after, "y");
  for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + mark.length)) {
    const start = at - 4;
    if (start < 0 || !before.test(text.slice(start, at)) || /[A-Za-z0-9_~.-]/.test(text[start - 1] ?? " "))
      continue;
    follows.lastIndex = at + mark.length;
    if (follows.test(text)) found.push({ kind, start, end: follows.lastIndex });
  }
  return found;
}

const LOOPBACK = /^(?:localhost|127\.0\.0\.1|\[::1\]|host\.docker\.internal)(?![\w.-])/;

/** The password of `scheme://user:password@host`. A password that is the user's name, on this machine, is no secret. */
function connectionPasswords(text: string): readonly FoundSecret[] {
  const found: FoundSecret[] = [];
  const url = /(?<=[A-Za-z0-9+.-]):\/\/([^\s:@/"'`<>]{0,128}):([^\s@/"'`]{3,256})@(?=[^\s])/g;
  for (const match of text.matchAll(url)) {
    const [whole, user = "", password = ""] = match;
    const end = match.index + whole.length - 1;
    const host = text.slice(end + 1, end + 40);
    if (isPlaceholder(password) || (password === user && LOOPBACK.test(host))) continue;
    found.push({ kind: "password", start: end - password.length, end });
  }
  return found;
}

/** `Bearer …` with what looks drawn, and `Basic …` with a name and a password inside. */
function headers(text: string): readonly FoundSecret[] {
  const found: FoundSecret[] = [];
  for (const match of text.matchAll(/(?<![A-Za-z])(bearer|basic)[ \t]{1,4}([A-Za-z0-9._~+/=-]{8,4096})/gi)) {
    const [whole, scheme = "", value = ""] = match;
    const kind = scheme.toLowerCase() === "basic" ? "basic-credentials" : "bearer-token";
    const secret = kind === "basic-credentials" ? isBasic(value) : looksRandom(value, 16) && !isFiller(value);
    if (!secret) continue;
    const end = match.index + whole.length;
    found.push({ kind, start: end - value.length, end });
  }
  return found;
}

function isBasic(value: string): boolean {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(value)) return false;
  const [, password] =
    /^[\x20-\x7e]+?:([\x20-\x7e]+)$/.exec(Buffer.from(value, "base64").toString("latin1")) ?? [];
  return password !== undefined && !isPlaceholder(password);
}
