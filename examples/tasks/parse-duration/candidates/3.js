const FACTOR = { h: 3600000, m: 60000, s: 1000 };

export function parseDuration(input) {
  const pattern = /(\d+)([hms])/g;
  let sum = 0;
  let any = false;
  let part = pattern.exec(input);
  while (part !== null) {
    sum += Number(part[1]) * FACTOR[part[2]];
    any = true;
    part = pattern.exec(input);
  }
  if (!any) throw new RangeError(`Invalid duration: ${input}`);
  return sum;
}
