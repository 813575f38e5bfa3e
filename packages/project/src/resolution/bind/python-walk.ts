import { partsOf, type SourceNode, type SourceTree } from "../../drivers/tree-sitter/tree.js";
import type { ReferenceRole, Term } from "../name-facts.js";
import { NameFactsBuilder, type NamePlace } from "../name-facts-builder.js";
import { type KeywordCall, PythonNames, type PythonScope } from "./python-scope.js";
import { TermMeasure } from "./python-terms.js";

/** A step of the walk. */
export type Task = () => void;

/** What to do at a node of some type. It adds steps, and never calls into its children itself. */
export type NodeHandler = (
  walk: PythonWalk,
  node: SourceNode,
  scope: PythonScope,
  role: ReferenceRole,
) => void;

/**
 * A walk through a tree. Steps lie on a stack of its own, so that nesting costs no calls. What an expression stands for is
 * kept once its parts have been seen, so each node is described once.
 */
export class PythonWalk {
  readonly tree: SourceTree;
  readonly out: NameFactsBuilder = new NameFactsBuilder();
  readonly names: PythonNames = new PythonNames(this.out);
  readonly keywordCalls: KeywordCall[] = [];
  readonly #handlers: ReadonlyMap<string, NodeHandler>;
  readonly #tasks: Task[] = [];
  readonly #bodies: Task[] = [];
  readonly #terms = new Map<SourceNode, Term>();
  readonly #types = new Map<SourceNode, Term>();
  readonly #measure = new TermMeasure();

  constructor(tree: SourceTree, handlers: ReadonlyMap<string, NodeHandler>) {
    this.tree = tree;
    this.#handlers = handlers;
  }

  /** Takes these steps next, in this order. */
  do(tasks: readonly Task[]): void {
    for (let index = tasks.length - 1; index >= 0; index -= 1) {
      const task = tasks[index];
      if (task !== undefined) this.#tasks.push(task);
    }
  }

  /** Takes a step when all that stands outside the bodies of functions has been seen: these run later, too. */
  later(task: Task): void {
    this.#bodies.push(task);
  }

  run(): void {
    this.#runTasks();
    // Bodies within bodies are added while this goes on.
    for (const body of this.#bodies) {
      body();
      this.#runTasks();
    }
  }

  /** Visits a node next. */
  visit(node: SourceNode | undefined, scope: PythonScope, role: ReferenceRole = "read"): void {
    if (node === undefined) return;
    this.#tasks.push(() => this.#enter(node, scope, role));
  }

  /** The step that visits a node. */
  visiting(node: SourceNode | undefined, scope: PythonScope, role: ReferenceRole = "read"): Task {
    return () => {
      if (node !== undefined) this.#enter(node, scope, role);
    };
  }

  /** Visits all that a node holds, then takes one more step. */
  visitParts(node: SourceNode, scope: PythonScope, then?: Task): void {
    const tasks = partsOf(node).map((part) => this.visiting(part, scope));
    this.do(then === undefined ? tasks : [...tasks, then]);
  }

  /** Keeps what an expression stands for. */
  keep(node: SourceNode, term: Term | undefined): void {
    const bounded = this.bounded(term);
    if (bounded !== undefined) this.#terms.set(node, bounded);
  }

  /** What an expression that has been visited stands for. */
  termOf(node: SourceNode | undefined): Term | undefined {
    return node === undefined ? undefined : this.#terms.get(node);
  }

  /** Keeps what a value is whose type a node names. */
  keepType(node: SourceNode, term: Term | undefined): void {
    const bounded = this.bounded(term);
    if (bounded !== undefined) this.#types.set(node, bounded);
  }

  /** What a value is whose type a node names that has been visited as a type. */
  typeOf(node: SourceNode | undefined): Term | undefined {
    return node === undefined ? undefined : this.#types.get(node);
  }

  /** A term unless it is too deep or too large. */
  bounded(term: Term | undefined): Term | undefined {
    return this.#measure.bounded(term);
  }

  textOf(node: SourceNode | undefined): string {
    return node === undefined ? "" : this.tree.textOf(node);
  }

  /** The name that an identifier gives, undefined where the parser only supposed that one is missing. */
  placeOf(node: SourceNode | undefined): NamePlace | undefined {
    if (node === undefined || node.start === node.end) return undefined;
    return { name: this.tree.textOf(node), start: node.start, end: node.end };
  }

  #enter(node: SourceNode, scope: PythonScope, role: ReferenceRole): void {
    const handler = this.#handlers.get(node.type);
    if (handler === undefined) this.visitParts(node, scope);
    else handler(this, node, scope, role);
  }

  #runTasks(): void {
    for (let task = this.#tasks.pop(); task !== undefined; task = this.#tasks.pop()) task();
  }
}
