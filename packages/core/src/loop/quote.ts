/**
 * Characters that a person does not see, so that they can hide text from one or show it in another order: controls but tab and line feed,
 * separators of lines and paragraphs, all of Unicode's formats (`Cf`: directions, zero width, tags, marks of annotation), and what else
 * has no shape of its own (variation selectors, fillers), in which bytes can be smuggled as well as in tags.
 *
 * None is spared. Joiners are needed to write some emoji and words of Persian or Hindi just so, yet these can be read without, and
 * no rule of which may stay would be one that nobody can use.
 */
const UNSEEN = /(?![\t\n])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/**
 * Renders text from outside as data: each line behind `> `, so that nothing in it can end the quotation.
 * Characters that can hide text from a person are dropped.
 */
export function quoteOutside(text: string): string {
  return withoutUnseen(text)
    .split("\n")
    .map((line) => `> ${line}`)
    .join("\n");
}

/** A text without the characters that can hide text from a person; its lines end in line feeds. */
export function withoutUnseen(text: string): string {
  return text.replace(/\r\n?/g, "\n").replace(UNSEEN, "");
}
