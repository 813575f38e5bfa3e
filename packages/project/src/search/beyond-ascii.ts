import type { AST } from "@eslint-community/regexpp";
import { characterExpression } from "./content-expression.js";

const ASCII = Array.from({ length: 128 }, (_, value) => String.fromCharCode(value));
const PLAIN = { ascii: true, lossy: false };

/** Whether every match of an expression holds a character that is not ASCII: a text of ASCII alone then holds none. */
export function isBeyondAscii(pattern: AST.Pattern, flags: string): boolean {
  return pattern.alternatives.every((alternative) => isSequenceBeyond(alternative, flags));
}

function isSequenceBeyond({ elements }: AST.Alternative, flags: string): boolean {
  return elements.some((element) => isElementBeyond(element, flags));
}

function isElementBeyond(element: AST.Element, flags: string): boolean {
  switch (element.type) {
    case "Group":
      if (element.modifiers !== null) return false;
      return element.alternatives.every((alternative) => isSequenceBeyond(alternative, flags));
    case "CapturingGroup":
      return element.alternatives.every((alternative) => isSequenceBeyond(alternative, flags));
    case "Quantifier":
      return element.min > 0 && isElementBeyond(element.element, flags);
    case "Character":
    case "CharacterSet":
    case "CharacterClass":
    case "ExpressionCharacterClass": {
      // Some that are not ASCII are the same but for case as one that is: only the expression itself knows.
      const expression = new RegExp(characterExpression(element, PLAIN), flags.replace("g", ""));
      return !ASCII.some((character) => expression.test(character));
    }
    default:
      return false;
  }
}
