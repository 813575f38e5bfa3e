import { termsOf } from "../../text/terms.js";
import {
  isCompound,
  MEANINGS,
  meaningOf,
  NEGATING,
  NUMBER_OF,
  plain,
  UNIT_OF,
  WEAK_STEMS,
  WEAK_WORDS,
} from "./vocabulary.js";

/** A word, value or sign of a text. */
export interface Token {
  /** `value`: numbers with their units, versions, identifiers, paths, quoted code. `sign`: an operator that stands alone. */
  readonly kind: "word" | "value" | "sign" | "break";
  /** What it is compared by: equal for equal meanings. */
  readonly key: string;
  /** As it is written, in lower case and without accents. */
  readonly plain: string;
  readonly weak: boolean;
}

const BREAK: Token = { kind: "break", key: "", plain: "", weak: true };
const OPENING = /^["'“‘«»„(]+/;
const CLOSING = /["'”’«»)\],.;:!?。、，；：！？]+$/;
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;
const NUMBER = /^([-+~≈$€]?)(\d[\d.,:]*)(\p{L}+|%)?$/u;
const CONTRACTIONS: readonly (readonly [RegExp, string])[] = [
  [/\b(?:can['’]t|cannot)\b/gi, "can not"],
  [/\bwon['’]t\b/gi, "will not"],
  [/(?<=\p{L})n['’]t\b/giu, " not"],
  [/(?<=\p{L})['’](?:re|ll|ve|d|s|m)\b/giu, ""],
  [/(?<=\p{L}s)['’](?=\s)/giu, ""],
  [/(?<![\p{L}\p{N}])(n)['’](?=\p{L})/giu, "$1 "],
  [/(?<![\p{L}\p{N}])(?:l|d|qu|s|c|j)['’](?=\p{L})/giu, ""],
];

/** Of verbs that developers use, by their endings and the irregular ones. */
export const PARTICIPLE: RegExp =
  /(?:ed|en)$|^(?:built|run|kept|read|made|sent|set|found|split|told|held|put|done|cut|led|used)$/;

/**
 * The tokens of a text, with breaks where clauses end. Words that are written apart or with a hyphen are taken together
 * when `joined`, the words of the other text, has them so.
 */
export function tokensOf(text: string, joined: ReadonlySet<string>): readonly Token[] {
  const tokens: Token[] = [];
  for (const [index, part] of text.split(/`([^`\n]+)`/).entries()) {
    if (index % 2 === 1) tokens.push(quoted(part));
    else addProse(tokens, part, joined);
  }
  return withUnits(tokens).map((token, index, all) => {
    const next = all[index + 1];
    if (token.plain === "on" && (next?.kind ?? "break") === "break") return { ...token, weak: false };
    if (/^(?:get|gets|got)$/.test(token.plain) && PARTICIPLE.test(next?.plain ?? "")) {
      return { ...token, weak: true };
    }
    return token.key === "requir" && next?.plain === "to" ? { ...token, weak: true } : token;
  });
}

/** The words of a text that have no hyphen, in lower case. */
export function plainWords(text: string): ReadonlySet<string> {
  return new Set(
    text
      .split(/\s+/)
      .map((chunk) => plain(chunk).replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, ""))
      .filter((word) => /^\p{L}+$/u.test(word)),
  );
}

function addProse(tokens: Token[], text: string, joined: ReadonlySet<string>): void {
  const expanded = CONTRACTIONS.reduce((said, [from, to]) => said.replace(from, to), text);
  const chunks = expanded.split(/\s+/).filter((chunk) => chunk !== "");
  for (let index = 0; index < chunks.length; index++) {
    const chunk = chunks[index] as string;
    if (/^\(/.test(chunk) || /^[-–—*]+$/.test(chunk)) tokens.push(BREAK);
    const next = plain(chunks[index + 1] ?? "").replace(CLOSING, "");
    const both = plain(chunk) + next;
    if (next !== "" && (joined.has(both) || isCompound(both))) {
      tokens.push(word(both));
      index += 1;
    } else {
      addChunk(tokens, chunk, joined);
    }
    if (/[,.;:!?)。、，；：！？]["'”’)]*$/.test(chunks[index] as string)) tokens.push(BREAK);
  }
}

function addChunk(tokens: Token[], chunk: string, joined: ReadonlySet<string>): void {
  const bare = chunk.replace(OPENING, "").replace(/\(\)(?=\W*$)/, "");
  const core =
    bare.replace(/(?<!\()\)+$/, "").replace(CLOSING, "") || (/[\p{L}\p{N}]/u.test(bare) ? bare : "");
  if (core === "") {
    const sign = chunk.replace(/[`"'“”‘’«»„().,;:!?。、，；：！？\-–—*]/g, "");
    if (sign !== "") tokens.push({ kind: "sign", key: sign, plain: sign, weak: false });
    return;
  }
  const lower = plain(core);
  const rate = rateOf(lower);
  const number = NUMBER_OF.get(lower);
  if (number !== undefined) tokens.push(value(number));
  else if (NUMBER.test(core)) addNumber(tokens, core);
  else if (!/[\p{L}\p{N}]/u.test(core)) tokens.push({ kind: "sign", key: core, plain: core, weak: false });
  else if (UNSPACED.test(core)) for (const term of termsOf(core)) tokens.push(word(term));
  else if (/^\p{L}\p{M}*$/u.test(core) && /\p{Lu}/u.test(core) && !isArticle(core, tokens))
    tokens.push(value(core));
  else if (/^[\p{L}\p{M}]+$/u.test(core)) tokens.push(wordAsWritten(core, lower));
  else if (/^[\p{L}\p{M}]+(?:-[\p{L}\p{M}]+)+$/u.test(core) && !/\p{Ll}\p{Lu}/u.test(core)) {
    const together = lower.replaceAll("-", "");
    if (joined.has(together) || /^\p{L}-/u.test(lower)) tokens.push(word(together));
    else tokens.push(...lower.split("-").map(word));
  } else if (rate !== undefined) tokens.push(word(rate.of), value(`per ${rate.unit}`));
  else tokens.push(value(core.length > 1 ? core.replace(/\/$/, "") : core));
}

/** "requests/min" is "requests per minute". */
function rateOf(lower: string): { readonly of: string; readonly unit: string } | undefined {
  const [, of, per = ""] = /^(\p{L}+)\/(\p{L}+)$/u.exec(lower) ?? [];
  const unit = UNIT_OF.get(per);
  return of === undefined || unit === undefined ? undefined : { of, unit };
}

/** "A" and "I" at the beginning of a clause; elsewhere a capital that stands alone is a name. */
function isArticle(core: string, tokens: readonly Token[]): boolean {
  return core === "I" || (core === "A" && (tokens.at(-1)?.kind ?? "break") === "break");
}

function addNumber(tokens: Token[], text: string): void {
  const [, sign = "", digits = "", unit = ""] = NUMBER.exec(text) ?? [];
  const plainDigits = /^\d{1,3}(?:,\d{3})+$/.test(digits) ? digits.replaceAll(",", "") : digits;
  const known = UNIT_OF.get(plain(unit));
  const money = UNIT_OF.get(sign);
  if (unit !== "" && known === undefined) tokens.push(value(text));
  else tokens.push(value(`${sign === "-" ? "-" : ""}${plainDigits}${suffix(known ?? money)}`));
}

/** Joins a unit to the number before it, and to "per". */
function withUnits(tokens: readonly Token[]): readonly Token[] {
  const joined: Token[] = [];
  for (const token of tokens) {
    const last = joined.at(-1);
    const unit = UNIT_OF.get(token.plain);
    if (unit !== undefined && last?.kind === "value" && /^-?\d[\d.:]*$/.test(last.key)) {
      joined[joined.length - 1] = value(last.key + suffix(unit));
    } else if (unit !== undefined && last?.plain === "per") {
      joined[joined.length - 1] = value(`per ${unit}`);
    } else joined.push(token);
  }
  return joined;
}

function suffix(unit: string | undefined): string {
  return unit === undefined ? "" : ` ${unit}`;
}

/** Quoted code: a plain word of some length is the word, everything else a value. */
function quoted(text: string): Token {
  const code = text.trim().replace(/\s+/g, " ").replace(/\(\)$/, "");
  if (/^[a-z]{4,}$/.test(code) && !word(code).weak) return word(code);
  return /^\p{L}+$/u.test(code) && /\p{Ll}\p{Lu}/u.test(code) ? name(plain(code)) : value(code);
}

function value(key: string): Token {
  return { kind: "value", key, plain: plain(key), weak: false };
}

/** A name in camel case: it is a value, and compared without case. */
function name(lower: string): Token {
  return { kind: "value", key: MEANINGS.get(lower) ?? lower, plain: lower, weak: false };
}

/** A word in camel case is a name; one in capitals is never weak: GET and PUT, IT and US. */
function wordAsWritten(core: string, lower: string): Token {
  if (/\p{Ll}\p{Lu}/u.test(core)) return name(lower);
  return /^\p{Lu}{2,}$/u.test(core) && !NEGATING.has(lower) ? { ...word(lower), weak: false } : word(lower);
}

function word(lower: string): Token {
  const key = meaningOf(lower);
  return {
    kind: "word",
    key,
    plain: lower,
    weak: WEAK_STEMS.has(key) || WEAK_WORDS.has(lower) || NEGATING.has(lower),
  };
}
