/**
 * Renders text from outside as data: each line behind `> `, so that nothing in it can end the quotation.
 * Control characters but tab and line feed are dropped, since they can hide text from a person.
 */
export function quoteOutside(text: string): string {
  return (
    text
      .replace(/\r\n?/g, "\n")
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is dropped
      .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, "")
      .split("\n")
      .map((line) => `> ${line}`)
      .join("\n")
  );
}
