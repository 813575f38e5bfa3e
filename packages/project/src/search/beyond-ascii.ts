import type { AST } from "@eslint-community/regexpp";
import { asciiMembers } from "./ascii-members.js";

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
    case "ExpressionCharacterClass":
      return !asciiMembers(element, flags).includes(true);
    default:
      return false;
  }
}
