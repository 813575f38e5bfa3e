const SECONDS = { w: 604800, d: 86400, h: 3600, m: 60, s: 1, ms: 0.001 };

export function parseDuration(text) {
  if (!/^-?(\s*\d+(\.\d+)?(ms|[wdhms]))+\s*$/.test(text)) {
    throw new RangeError("invalid duration");
  }
  let total = 0;
  for (const [, number, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|[wdhms])/g)) {
    total += Number(number) * SECONDS[unit];
  }
  return text.startsWith("-") ? -total : total;
}
