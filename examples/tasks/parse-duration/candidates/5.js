const FACTORS = { w: 604_800_000, d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000, ms: 1 };

export function parseDuration(text) {
  if (!/^-?(\s*\d+(\.\d+)?(ms|[wdhms]))+\s*$/.test(text)) {
    throw new RangeError(`Not a duration: ${text}`);
  }
  let sum = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|[wdhms])/g)) {
    sum += Number(amount) * FACTORS[unit];
  }
  return text.startsWith("-") ? -sum : sum;
}
