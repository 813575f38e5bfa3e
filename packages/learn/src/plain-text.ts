/** Text from outside as one quoted line: no line breaks or control characters, at most `length` characters of it. */
export function plainText(text: string, length = 200): string {
  const line = text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, " ")
    .replaceAll('"', "'")
    .trim();
  return `"${line.length > length ? `${line.slice(0, length - 1).trimEnd()}…` : line}"`;
}
