const UNITS = { h: 3600000, m: 60000, s: 1000 };

export function parseDuration(text) {
  let total = 0;
  let found = false;
  for (const match of text.matchAll(/(\d+)([hms])/g)) {
    total += Number(match[1]) * UNITS[match[2]];
    found = true;
  }
  if (!found) throw new RangeError(`Not a duration: ${text}`);
  return total;
}
