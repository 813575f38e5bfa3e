/**
 * Whether two texts are the same but for white space that means nothing: trailing blanks, runs of them within a line, empty
 * lines, and, in languages with braces or semicolons, line breaks. Indentation and strings are kept as they are.
 */
export function sameLayoutApart(one: string, other: string): boolean {
  if (lines(one) === lines(other)) return true;
  return isFree(one) && isFree(other) && squashed(one) === squashed(other);
}

function lines(text: string): string {
  return text
    .normalize("NFC")
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line !== "")
    .map((line) => parts(line, (code) => code.replace(/(?<=\S)[ \t]+/g, " ")))
    .join("\n")
    .trim();
}

/** Whether line breaks end nothing: there are braces or semicolons, and no comment that ends with its line. */
function isFree(text: string): boolean {
  return /[{;]/.test(text) && !/\/\/|^\s*#|--/m.test(text);
}

function squashed(text: string): string {
  return parts(text.normalize("NFC"), (code) =>
    code
      .replace(/\s+/g, " ")
      .replace(/ ?([^\p{L}\p{N}_$\s+-]) ?/gu, "$1")
      .replace(/;/g, ""),
  ).trim();
}

/** Changes what lies outside of strings. */
function parts(text: string, change: (code: string) => string): string {
  return text
    .split(/("[^"\n]*"|'[^'\n]*'|`[^`\n]*`)/)
    .map((part, index) => (index % 2 === 1 ? part : change(part)))
    .join("");
}
