const MILLIS = { w: 604_800_000, d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000, ms: 1 };

export function parseDuration(text) {
  if (!/^-?(\s*\d+(\.\d+)?(ms|[wdhms]))+\s*$/.test(text)) {
    throw new RangeError("invalid duration");
  }
  let total = 0;
  for (const [, number, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|[wdhms])/g)) {
    total += Number(number) * MILLIS[unit];
  }
  return text.startsWith("-") ? -total : total;
}
