import type { WaitOptions } from "@agentos/core";
import type { TreeSitterParser } from "../../tree-sitter-parser.js";
import type { ParserQuestion } from "./protocol.js";

/** What a parser has to say to a question. */
export function answerQuestion(
  parser: TreeSitterParser,
  question: ParserQuestion,
  options: WaitOptions = {},
): Promise<unknown> {
  const { text } = question;
  switch (question.method) {
    case "facts":
      return parser.facts(question.grammar, text, options);
    case "outline":
      return parser.outline(question.grammar, text, options);
    case "names":
      return parser.names(question.grammar, text, options);
    case "metrics":
      return parser.metrics(question.grammar, text, options);
    case "parseOnly":
      return parser.parseOnly(question.grammar, text, options);
  }
}
