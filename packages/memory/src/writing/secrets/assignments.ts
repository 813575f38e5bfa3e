import { isExpression, isName, isPlaceholder, looksRandom } from "./placeholders.js";
import type { FoundSecret } from "./redact.js";

/** Names whose value is chosen by a person, and may be short. */
const CHOSEN =
  "password|passwd|pwd|passphrase|[_-]pass|passwort|kennwort|mot de passe|contraseña|senha|пароль|密码|密碼|パスワード|비밀번호";
/** Names whose value is drawn. */
const DRAWN =
  "(?:api|access|secret|private|signing|encryption|account|shared|master|auth|license|deploy|webhook|service|subscription)[ _-]?key|" +
  "secret|token|credentials?|authorization";

/** What stands between name and value, in code, JSON, YAML, shell, connection strings and logs. */
const ASSIGNED = "\\d{0,2}[\"'`\\]]{0,2}[ \\t]{0,8}(?:=>|:=|===?|[:=：＝])[ \\t]{0,8}";
const SAID =
  "(?:[ \\t](?:of|for|to|in|on|für|von|de|pour|para)(?:[ \\t][\\p{L}\\p{N}_'’-]{1,20}){1,5}?)?" +
  "[ \\t]{1,4}(?:is|was|ist|lautet|set to|est|es|é)[ \\t]{0,4}:?[ \\t]{1,4}";
const SAID_UNSPACED = "[ \\t]?(?:是|为|は)[ \\t]?";

/** Names that end as telling ones do, and tell where one is in a list, or are to be known. */
const NO_SECRET = /(?:page|next|continuation|sync|public|publishable|cancel|csrf)[_-]?$|\[redacted:[a-z-]*$/i;

/** A value is looked at up to here; what goes on behind it without a gap belongs to it. */
const LOOKED_AT = 96;

/** How values are read; made anew for each text, since they remember where they are. */
interface Readers {
  readonly quote: RegExp;
  readonly scheme: RegExp;
  /** Without quotes: up to a separator, or in a file of variables up to the end of the word. */
  readonly chosen: RegExp;
  readonly drawn: RegExp;
  readonly variable: RegExp;
  readonly said: RegExp;
}

interface Value {
  readonly start: number;
  readonly text: string;
  readonly quoted: boolean;
  /** Whether it is longer than {@link LOOKED_AT}, and only its beginning is here. */
  readonly cut: boolean;
}

/**
 * Values beside a telling name: `password = "…"`, `api_key: …`, `--token …`, "the password is …". In quotes a chosen one
 * counts unless it is a placeholder; without quotes it must not be a word, since code assigns names and types that way.
 */
export function assignedSecrets(text: string): readonly FoundSecret[] {
  const found: FoundSecret[] = [];
  const names = new RegExp(
    `(?:(?<chosen>${CHOSEN})|(?:${DRAWN}))(?:(?:${ASSIGNED})|(?<said>${SAID}|${SAID_UNSPACED})|(?<flag>[ \\t]))`,
    "giu",
  );
  const readers: Readers = {
    quote: /[bruf]{0,2}("""|'''|["'`])/y,
    scheme: /(?:bearer|basic|token|digest|bot)[ \t]{1,4}/iy,
    chosen: new RegExp(`[^\\s"'\`,;]{1,${LOOKED_AT}}`, "y"),
    drawn: new RegExp(`[^\\s"'\`,;&]{1,${LOOKED_AT}}`, "y"),
    variable: new RegExp(`[^\\s"'\`]{1,${LOOKED_AT}}`, "y"),
    // In prose of another script, the password alone is of ASCII.
    said: new RegExp(`[!#-&(-+\\--:<-_a-~]{1,${LOOKED_AT}}`, "y"),
  };
  for (let match = names.exec(text); match !== null; match = names.exec(text)) {
    const { chosen, said, flag } = match.groups ?? {};
    const before = text.slice(Math.max(0, match.index - 40), match.index);
    if (flag !== undefined && !/(?:^|\s)--?[\w-]*$/.test(before)) continue;
    const isVariable = /=$/.test(match[0]) && /(?:^|\n)(?:export )?[A-Z0-9_]*$/.test(before);
    const kind =
      said !== undefined ? "said" : chosen === undefined ? "drawn" : isVariable ? "variable" : "chosen";
    const value = valueAt(text, names.lastIndex, readers, kind);
    if (value === undefined || !counts(value, chosen !== undefined, said !== undefined)) continue;
    if (NO_SECRET.test(before)) continue;
    const end = value.cut ? endOfWord(text, value.start) : value.start + value.text.length;
    found.push({ kind: chosen === undefined ? "secret" : "password", start: value.start, end });
    names.lastIndex = end;
  }
  return found;
}

function valueAt(
  text: string,
  from: number,
  readers: Readers,
  kind: "drawn" | "variable" | "chosen" | "said",
): Value | undefined {
  const { quote, scheme } = readers;
  quote.lastIndex = from;
  const mark = quote.exec(text)?.[1];
  let start = mark === undefined ? from : quote.lastIndex;
  scheme.lastIndex = start;
  // "Authorization: Bearer …": the scheme is no part of the secret.
  if (kind === "drawn" && scheme.test(text)) start = scheme.lastIndex;
  if (mark !== undefined) return quotedValue(text, start, mark);
  const reader = readers[kind];
  reader.lastIndex = start;
  const [read = ""] = reader.exec(text) ?? [];
  const cut = read.length === LOOKED_AT;
  // The end of a sentence, or of the brackets around it, is no part of it.
  const whole = cut || kind === "variable" || !/[.)\]}>:n]$/.test(read);
  const bare = whole ? read : read.replace(/(?:[.)\]}>:]|\\n){1,8}$/, "");
  return { start, text: bare, quoted: false, cut };
}

/** Up to the next such mark, in the same line but for triple ones. */
function quotedValue(text: string, start: number, mark: string): Value | undefined {
  const near = text.slice(start, start + LOOKED_AT);
  const end = near.indexOf(mark);
  const line = mark.length === 1 ? near.indexOf("\n") : -1;
  if (end >= 0 && (line < 0 || end < line)) {
    return { start, text: near.slice(0, end), quoted: true, cut: false };
  }
  if (end >= 0 || near.length < LOOKED_AT || /\s/.test(near)) return undefined;
  return { start, text: near, quoted: true, cut: true };
}

/** Where a very long value ends: at the next white space or quote. */
function endOfWord(text: string, start: number): number {
  const end = /[\s"'`]/g;
  end.lastIndex = start;
  return end.exec(text)?.index ?? text.length;
}

function counts({ text, quoted }: Value, chosen: boolean, said: boolean): boolean {
  if (!chosen) {
    if (/\s/.test(text) || !looksRandom(text, quoted ? 10 : 12) || isPlaceholder(text)) return false;
    return quoted || !(isExpression(text) || isName(text));
  }
  const like = quoted && !said ? text.length >= 4 && !/\s/.test(text.trim()) : isPassword(text, said);
  return like && !isPlaceholder(text) && (quoted || !isExpression(text));
}

/** Whether a value without quotes is a password rather than a word or a number of something. */
function isPassword(value: string, said: boolean): boolean {
  if (/^\d+$/.test(value)) return !said && value.length >= 4;
  if (value.length < 6 || /^\d+(?:\.\d+)?[a-z]{1,3}$/i.test(value)) return false;
  return (/\d/.test(value) && /[^\d\s.:]/.test(value)) || /\w[!@#$%^&*+=~?]/.test(value);
}
