/**
 * One line that says what a message of several lines is about: its first line; with what follows when that only announces
 * it ("Expected values to be strictly equal:"); and of a Python traceback, or the place of a syntax error, the last line.
 * @param limit longest line, in characters, default 300
 */
export function summaryLine(text: string, limit = 300): string {
  // Go heads what its compiler says with the name of the package.
  const lines = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("# "));
  const [first = "", ...rest] = lines;
  let line = first;
  if (/^(?:Traceback \(most recent call last\)|File "[^"]*", line \d+$)/.test(first))
    line = lines.at(-1) ?? first;
  else if (first.endsWith(":")) {
    const stack = rest.findIndex((later) => /^at\s.*[:(]/.test(later));
    line = [first, ...rest.slice(0, stack < 0 ? undefined : stack)].join(" ");
  }
  return line.length > limit ? `${line.slice(0, limit - 1)}…` : line;
}
