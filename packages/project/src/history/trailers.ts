/** A commit message without the lines for machines at its end: `Signed-off-by: …`, `Co-authored-by: …`. */
export function withoutTrailers(message: string): string {
  const lines = message.trimEnd().split("\n");
  while (lines.length > 1) {
    const last = lines.at(-1) ?? "";
    if (last.trim() !== "" && !/^[A-Z][\w-]*: \S/.test(last)) break;
    lines.pop();
  }
  return lines.join("\n");
}
