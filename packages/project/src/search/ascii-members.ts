import type { AST } from "@eslint-community/regexpp";
import { characterExpression } from "./content-expression.js";

/** A part of an expression that fits one character. */
export type CharacterElement =
  | AST.Character
  | AST.CharacterSet
  | AST.CharacterClass
  | AST.ExpressionCharacterClass;

const ASCII = Array.from({ length: 128 }, (_, value) => String.fromCharCode(value));
const PLAIN = { ascii: true, lossy: false };

/** Which characters of ASCII it fits, by their numbers. Which of them are the same but for case, only the expression itself knows. */
export function asciiMembers(element: CharacterElement, flags: string): readonly boolean[] {
  const expression = new RegExp(characterExpression(element, PLAIN), flags.replace("g", ""));
  return ASCII.map((character) => expression.test(character));
}
