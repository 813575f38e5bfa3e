import type { SourceNode, SourceTree } from "../drivers/tree-sitter/tree.js";
import type { CodeLines } from "./code-lines.js";
import type { FunctionMetrics } from "./function-metrics.js";
import { TokenCount } from "./halstead.js";

/** What an entry starts with. */
export interface EntryStart {
  readonly tree: SourceTree;
  readonly node: SourceNode;
  readonly name: string;
  readonly parent: string | undefined;
  /** Structures and functions around its body, in the whole file. */
  readonly depth: number;
  /** The function or file around it; absent for a file. */
  readonly outer: Entry | undefined;
  readonly parameters: number;
  readonly selfCalls: ReadonlySet<string>;
}

/**
 * The running counts of one function or file. Depths are those in the whole file, so that what is found in a nested function can be
 * added to those around it at the end: a point at depth d is d - D of a function whose body is at depth D.
 */
export class Entry {
  readonly tokens: TokenCount = new TokenCount();
  /** Characters of the longest way in which it is called by itself. */
  readonly longestCall: number;
  decisions = 0;
  readonly #start: EntryStart;
  /** Cognitive points as if its body were at depth 0, and how many of them grow with the depth. */
  #points = 0;
  #nested = 0;
  #deepest: number;
  #functions = 1;
  #isRecursive = false;

  constructor(start: EntryStart) {
    this.#start = start;
    this.#deepest = start.depth;
    this.longestCall = Math.max(0, ...[...start.selfCalls].map((call) => call.length)) + TYPE_ARGUMENTS;
  }

  static ofFile(tree: SourceTree): Entry {
    const nothing = { name: "", parent: undefined, depth: 0, outer: undefined, parameters: 0 };
    return new Entry({ tree, node: tree.root, ...nothing, selfCalls: new Set() });
  }

  addFlat(): void {
    this.#points += 1;
  }

  addNested(depth: number): void {
    this.#points += 1 + depth;
    this.#nested += 1;
  }

  /** Something stands that deep. */
  reach(depth: number): void {
    this.#deepest = Math.max(this.#deepest, depth);
  }

  /** Recursion counts once, however often it calls itself. */
  call(called: string): void {
    if (this.#isRecursive || !this.#start.selfCalls.has(called)) return;
    this.#isRecursive = true;
    this.addFlat();
  }

  /** Adds its sums to what is around it; after those within it have been added. */
  addToOuter(file: Entry): void {
    const { outer } = this.#start;
    if (outer === undefined) return;
    outer.#points += this.#points;
    outer.#nested += this.#nested;
    outer.#deepest = Math.max(outer.#deepest, this.#deepest);
    file.#functions += 1;
    file.decisions += this.decisions;
    file.tokens.addAll(this.tokens);
  }

  measures(codeLines: CodeLines): FunctionMetrics {
    const { tree, name, parent, depth, outer, parameters } = this.#start;
    const { line, endLine } = linesOf(this.#start, outer === undefined);
    return {
      kind: outer === undefined ? "file" : "function",
      name,
      ...(parent === undefined ? {} : { parent }),
      line,
      endLine,
      cyclomatic: this.decisions + this.#functions,
      cognitive: this.#points - this.#nested * depth,
      halstead: this.tokens.measures(),
      lines: tree.text === "" ? 0 : endLine - line + 1,
      codeLines: codeLines.count(line, endLine),
      nesting: this.#deepest - depth,
      parameters,
    };
  }
}

/** Type arguments of a call stand between its name and its arguments. */
const TYPE_ARGUMENTS = 100;

function linesOf({ tree, node }: EntryStart, isFile: boolean): { line: number; endLine: number } {
  if (isFile) return { line: 1, endLine: tree.lineAt(Math.max(0, tree.text.length - 1)) };
  const line = tree.lineAt(firstOffset(node));
  return { line, endLine: Math.max(line, tree.lineAt(Math.max(node.start, node.end - 1))) };
}

/** Annotations and attributes may take up lines of their own. */
function firstOffset(node: SourceNode): number {
  const [first, second] = node.children;
  if (first === undefined) return node.start;
  if (first.type !== "modifiers") {
    return (node.children.find(({ type }) => !ANNOTATION.test(type)) ?? node).start;
  }
  return (first.children.find(({ type }) => !ANNOTATION.test(type)) ?? second ?? node).start;
}

const ANNOTATION = /annotation|comment|^attribute_list$|^decorator$/;
