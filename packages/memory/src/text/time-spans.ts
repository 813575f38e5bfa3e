/** A stretch of time, in milliseconds since 1970: from its first moment up to, not including, its last. */
export interface TimeSpan {
  readonly from: number;
  readonly to: number;
}

const DAY = 24 * 3_600_000;
const YEAR = 365 * DAY;
/** English names by their first three letters, German ones where those differ. */
const MONTHS: Readonly<Record<string, number>> = {
  jan: 0,
  feb: 1,
  mar: 2,
  apr: 3,
  may: 4,
  jun: 5,
  jul: 6,
  aug: 7,
  sep: 8,
  oct: 9,
  nov: 10,
  dec: 11,
  jän: 0,
  mär: 2,
  mai: 4,
  okt: 9,
  dez: 11,
};
const MONTH =
  "(jan(?:uary|uar)?|jänner|feb(?:ruary|ruar)?|mar(?:ch)?|märz|apr(?:il)?|may|mai|june?|juni|july?|juli|aug(?:ust)?|sept?(?:ember)?|o[ck]t(?:ober)?|nov(?:ember)?|de[cz](?:ember)?)";
const SEASONS: Readonly<Record<string, number>> = {
  spring: 2,
  summer: 5,
  autumn: 8,
  winter: 11,
  frühling: 2,
  frühjahr: 2,
  sommer: 5,
  herbst: 8,
};
const LENGTHS: Readonly<Record<string, number>> = {
  day: 1,
  week: 7,
  month: 30.5,
  year: 365,
  tag: 1,
  woche: 7,
  monat: 30.5,
  jahr: 365,
};

const DATE = new RegExp(
  [
    String.raw`\b(20\d\d)-(0[1-9]|1[0-2])(?:-(\d\d))?\b`,
    String.raw`\b(?:(\d{1,2})(?:st|nd|rd|th|\.)?\s+(?:of\s+)?)?${MONTH}\b\.?(?:\s+(\d{1,2})(?:st|nd|rd|th)?(?!\d))?(?:,?\s+(\d{4})\b)?`,
    String.raw`\bq([1-4])(?:\s+(\d{4}))?\b`,
    String.raw`\b(spring|summer|autumn|winter|frühling|frühjahr|sommer|herbst)(?:\s+(?:of\s+)?(\d{4}))?\b`,
    String.raw`\b(20\d\d)\b`,
    String.raw`\b(yesterday|gestern)\b`,
    String.raw`\b(?:last|past|previous|letzte[nrsm]?)\s+(day|week|month|year|woche|monat|jahr)\b`,
    String.raw`\b(\d+|an?|two|three|four|a few)\s+(day|week|month|year)s?\s+ago\b`,
    String.raw`\bvor\s+(\d+|einem|einer|zwei|drei|vier)\s+(tag|woche|monat|jahr)e?n?\b`,
  ].join("|"),
  "giu",
);
const NUMBERS: Readonly<Record<string, number>> = {
  a: 1,
  an: 1,
  einem: 1,
  einer: 1,
  two: 2,
  zwei: 2,
  three: 3,
  "a few": 3,
  drei: 3,
  four: 4,
  vier: 4,
};
/** Names of months that are words, too: they need a day, a year, or one of these before them. */
const ALSO_WORDS = /^(?:mar|march|may|mai|sept?|dec|jan|nov|oct)$/i;
const LEADS =
  /(?:^|\s)(?:in|since|during|before|until|till|after|by|from|of|last|early|late|mid|this|im|seit|vor|nach|bis|anfang|ende|mitte)\s+(?:the\s+)?$/i;
const SINCE = /(?:^|\s)(?:since|after|from|seit|ab|nach)\s+(?:the\s+)?$/i;
const BEFORE = /(?:^|\s)(?:before|until|till|by|prior to|bis|vor)\s+(?:the\s+)?$/i;

/**
 * The times that a question names, English or German: dates, months, quarters, seasons, years, "last week", "3 days ago". A month
 * or season without a year is the latest that has begun. With `since`, a span reaches up to now; with `before`, it has no
 * beginning. Days are those of UTC.
 * @param now in milliseconds since 1970
 */
export function timeSpans(question: string, now: number): readonly TimeSpan[] {
  const spans: TimeSpan[] = [];
  for (const found of question.matchAll(DATE)) {
    const lead = question.slice(0, found.index);
    const span = spanOf(found, lead, now);
    if (span === undefined) continue;
    // A month that has just begun: what is meant may be that of last year.
    const [, , , , , month, , , quarter, , season] = found;
    if ((month ?? quarter ?? season) && span.to > now && !/\d{4}/.test(found[0]))
      spans.push({ from: span.from - YEAR, to: span.to - YEAR });
    if (SINCE.test(lead)) spans.push({ from: span.from, to: Math.max(now, span.to) });
    else if (BEFORE.test(lead)) spans.push({ from: -Infinity, to: span.from });
    else spans.push(span);
  }
  return spans;
}

function spanOf(found: RegExpMatchArray, lead: string, now: number): TimeSpan | undefined {
  const [
    ,
    year,
    month,
    day,
    dayFirst,
    name,
    dayAfter,
    nameYear,
    quarter,
    quarterYear,
    season,
    seasonYear,
    onlyYear,
    yesterday,
    last,
    count,
    unit,
    vor,
    einheit,
  ] = found;
  if (year && month) return day ? days(Date.UTC(+year, +month - 1, +day), 1) : months(+year, +month - 1, 1);
  if (name) {
    const number = MONTHS[name.slice(0, 3).toLowerCase()];
    const date = dayFirst ?? dayAfter;
    if (number === undefined || (!date && !nameYear && ALSO_WORDS.test(name) && !LEADS.test(lead)))
      return undefined;
    const its = nameYear ? +nameYear : latest(number, now);
    return date ? days(Date.UTC(its, number, +date), 1) : months(its, number, 1);
  }
  if (quarter) {
    const first = (+quarter - 1) * 3;
    return months(quarterYear ? +quarterYear : latest(first, now), first, 3);
  }
  if (season && (seasonYear || LEADS.test(lead))) {
    const first = SEASONS[season.toLowerCase()] ?? 0;
    return months(seasonYear ? +seasonYear : latest(first, now), first, 3);
  }
  if (onlyYear && LEADS.test(lead)) return months(+onlyYear, 0, 12);
  if (yesterday) return days(startOfDay(now) - DAY, 1);
  // A little more than the named length: "last week" may mean any day of it.
  if (last) return { from: now - 2 * DAY * (LENGTHS[last.toLowerCase()] ?? 1), to: now };
  if (season || onlyYear) return undefined;
  const length = DAY * (LENGTHS[(unit ?? einheit ?? "").toLowerCase()] ?? 1);
  const amount = (count ?? vor ?? "").toLowerCase();
  const middle = now - length * (NUMBERS[amount] ?? Number(amount));
  return { from: middle - length, to: middle + length };
}

/** The year of the latest month of that number that has begun. */
function latest(month: number, now: number): number {
  const today = new Date(now);
  return month <= today.getUTCMonth() ? today.getUTCFullYear() : today.getUTCFullYear() - 1;
}

function months(year: number, month: number, count: number): TimeSpan {
  return { from: Date.UTC(year, month, 1), to: Date.UTC(year, month + count, 1) };
}

/** What is told of a day is often written down a few days later. */
function days(from: number, count: number): TimeSpan {
  return { from, to: from + (count + 3) * DAY };
}

function startOfDay(now: number): number {
  return now - (((now % DAY) + DAY) % DAY);
}
