import type { SourceNode, SourceTree } from "../drivers/tree-sitter/tree.js";
import type { HalsteadMetrics } from "./function-metrics.js";

/*
 * Operands are names (also of types and of what is called) and literals: numbers, whole strings, characters, `true`, `null`, `this` and
 * their like. Operators are all other tokens: keywords, types of the language itself, signs, `,`, `;` and `.` among them; what
 * closes a bracket or a block belongs to what opened it. Two tokens are the same if they are spelled the same.
 */

/** Nothing that a program is made of. */
const IGNORED =
  /comment|^(?:hash_bang_line|shebang|shebang_directive|php_tag|php_end_tag|text|line_continuation|uninterpreted)$/;

/** Literals that are one operand, whatever they are made of. */
const WHOLE =
  /^(?:boolean_literal|null|null_literal|char_literal|character_literal|user_defined_literal|variable_name|label|lifetime|interpreted_string_literal)$/;

/** Literals that are one operand, but for the code within them. */
const STRING =
  /^(?:string|template_string|string_literal|raw_string_literal|raw_string|encapsed_string|interpolated_string_expression|heredoc_body|nowdoc_body|shell_command_expression|regex|delimited_symbol|bare_string|bare_symbol)$/;

/** What belongs to the text of a string. */
const TEXT =
  /^(?:string_(?:content|fragment|start|end|literal_content|literal_encoding)|multiline_string_fragment|escape_(?:sequence|interpolation)|raw_string_\w+|regex_\w+|interpolation_(?:start|quote)|heredoc_\w+|nowdoc_string)$/;

/** Leaves with names that are signs or keywords. */
const OPERATOR =
  /^(?:primitive_type|predefined_type|void_type|boolean_type|bottom_type|auto|optional_chain|mutable_specifier|test_operator|asterisk|dot|type_conversion|interpolation_brace|heredoc_beginning|preproc_directive)$/;

const CLOSING = new Set(
  ") ] } )) ]] end fi done esac endif endwhile endfor endforeach endswitch #endif".split(" "),
);

/** The words around a text that belong to it. */
const BOUND = /^heredoc_(?:start|end)$/;

/** Tokens without names of their own that stand for a value. */
const VALUES = new Set("this base self parent super true false null nullptr _".split(" "));

/** A token of a program. `descend`: it has code within, whose tokens are counted too. */
export interface Token {
  readonly kind: "operator" | "operand" | "none";
  readonly text: string;
  readonly descend: readonly SourceNode[];
  /** Where its own text stands, start and end by turns. */
  readonly ranges: readonly number[];
}

/** Whether a node and all within it is no part of the program. */
export function isIgnored(node: SourceNode): boolean {
  return node.named && IGNORED.test(node.type);
}

/** The token that a node is; undefined for a node that is made of others. */
export function tokenOf(tree: SourceTree, node: SourceNode): Token | undefined {
  const { start, end, children, type, named } = node;
  if (named && children.length > 0 && STRING.test(type)) return stringOf(tree, node);
  if (children.length > 0 && !(named && WHOLE.test(type))) return undefined;
  const text = tree.textOf(node);
  if (text.trim() === "") return { kind: "none", text: "", descend: [], ranges: [] };
  const ranges = [start, end];
  const isClosing = named ? BOUND.test(type) || text === "}" : CLOSING.has(text);
  if (isClosing) return { kind: "none", text, descend: [], ranges };
  const isOperator = named ? OPERATOR.test(type) : !VALUES.has(text);
  return { kind: isOperator ? "operator" : "operand", text, descend: [], ranges };
}

/** Its text is spelled without the code within, so that each character is read once however deep strings are nested. */
function stringOf(tree: SourceTree, node: SourceNode): Token {
  const descend = node.children.filter((child) => child.named && !TEXT.test(child.type));
  const ranges: number[] = [node.start];
  for (const child of descend) ranges.push(child.start, child.end);
  ranges.push(node.end);
  const pieces: string[] = [];
  for (let at = 0; at < ranges.length; at += 2) pieces.push(tree.text.slice(ranges[at], ranges[at + 1]));
  return { kind: "operand", text: pieces.join("\0"), descend, ranges };
}

/** Counts the tokens of one function. */
export class TokenCount {
  readonly #operators = new Map<string, number>();
  readonly #operands = new Map<string, number>();

  add({ kind, text }: Token): void {
    if (kind === "none") return;
    const counts = kind === "operator" ? this.#operators : this.#operands;
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }

  addAll(other: TokenCount): void {
    for (const [text, count] of other.#operators)
      this.#operators.set(text, (this.#operators.get(text) ?? 0) + count);
    for (const [text, count] of other.#operands)
      this.#operands.set(text, (this.#operands.get(text) ?? 0) + count);
  }

  measures(): HalsteadMetrics {
    const distinctOperators = this.#operators.size;
    const distinctOperands = this.#operands.size;
    const operators = sum(this.#operators);
    const operands = sum(this.#operands);
    const vocabulary = distinctOperators + distinctOperands;
    const length = operators + operands;
    const volume = vocabulary === 0 ? 0 : length * Math.log2(vocabulary);
    const difficulty = distinctOperands === 0 ? 0 : (distinctOperators / 2) * (operands / distinctOperands);
    return {
      distinctOperators,
      distinctOperands,
      operators,
      operands,
      vocabulary,
      length,
      volume,
      difficulty,
      effort: difficulty * volume,
    };
  }
}

function sum(counts: ReadonlyMap<string, number>): number {
  let total = 0;
  for (const count of counts.values()) total += count;
  return total;
}
