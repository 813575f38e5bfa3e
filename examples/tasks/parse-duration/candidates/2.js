const FACTORS = [604_800_000, 86_400_000, 3_600_000, 60_000, 1000, 1];
const PART = "(\\d+(?:\\.\\d+)?)";
const SHAPE = new RegExp(
  `^(-)?${["w", "d", "h", "m(?!s)", "s", "ms"].map((unit) => `(?:\\s*${PART}${unit})?`).join("")}\\s*$`,
);

export function parseDuration(text) {
  const match = SHAPE.exec(text);
  if (!match) throw new RangeError(`Not a duration: "${text}"`);
  const parts = match.slice(2);
  if (parts.every((part) => part === undefined)) throw new RangeError(`Not a duration: "${text}"`);
  const total = parts.reduce((sum, part, index) => sum + Number(part ?? 0) * FACTORS[index], 0);
  return match[1] ? -total : total;
}
