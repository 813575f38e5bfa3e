import type { Language } from "@agentos/core";
import { LEXICONS } from "./lexicon.js";
import type { Token } from "./tokens.js";

/** Which tokens are uses of a name that the text binds for itself; members and keys of the same name are not. */
export function ownPlaces(
  language: Language,
  tokens: readonly Token[],
  own: ReadonlySet<string>,
): readonly boolean[] {
  const brackets: string[] = [];
  return tokens.map((token, at) => {
    if (token.kind === "mark" && ["(", "[", "{"].includes(token.text)) brackets.push(token.text);
    if (token.kind === "mark" && [")", "]", "}"].includes(token.text)) brackets.pop();
    if (token.kind !== "word" || !own.has(token.text)) return false;
    const before = tokens[at - 1]?.text;
    if (before === "." || before === "?.") return false;
    if (LEXICONS[language].indented || tokens[at + 1]?.text !== ":") return true;
    return brackets.at(-1) !== "{" || (before !== "{" && before !== ",");
  });
}
