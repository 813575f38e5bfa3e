import type { DefinitionKind, Term } from "../name-facts.js";
import type { NameFactsBuilder, NamePlace } from "../name-facts-builder.js";

/** A scope of Python, with what decides where its names go. */
export interface PythonScope {
  readonly index: number;
  readonly kind: "file" | "function" | "class" | "comprehension" | "typeParameters";
  readonly outer: PythonScope | undefined;
  /** The names that `global` and `nonlocal` put elsewhere, and the scopes that have them. */
  readonly elsewhere: Map<string, number>;
  readonly function?: FunctionDetails;
}

/** What is known of the function that a scope belongs to. */
export interface FunctionDetails {
  /** The scope of the class that it is a method of. */
  readonly classScope?: number;
  /** The name of the parameter that stands for that class or an instance of it. */
  readonly receiver?: string;
  /** What it returns and yields, filled while its body is read. */
  readonly returns: Term[];
  readonly yields: Term[];
  yielding: boolean;
}

/** A call that names some of its arguments. */
export interface KeywordCall {
  readonly callee: Term;
  readonly scope: PythonScope;
  readonly positional: readonly Term[];
  readonly keywords: ReadonlyMap<string, Term>;
  /** What the term of the call holds. */
  readonly arguments: Term[];
}

/** Scopes that are looked through outwards; code that nests deeper was not written by people. */
const MOST_LEVELS = 200;

/** A scope and those around it. */
function* outwards(scope: PythonScope): Generator<PythonScope> {
  let around: PythonScope | undefined = scope;
  for (let level = 0; around !== undefined && level < MOST_LEVELS; level += 1) {
    yield around;
    around = around.outer;
  }
}

/** The scope around all comprehensions that a scope is of. */
export function outsideComprehensions(scope: PythonScope): PythonScope {
  for (const around of outwards(scope)) if (around.kind !== "comprehension") return around;
  return scope;
}

/** Python's rules of where a name is defined and where it is looked up. */
export class PythonNames {
  readonly #out: NameFactsBuilder;
  /** The names of the parameters of functions, by definition. */
  readonly #signatures = new Map<number, readonly string[]>();
  /** The scopes of classes, by definition. */
  readonly #classes = new Map<number, number>();
  /** Definitions of names that stand for types. */
  readonly #typeVariables = new Set<number>();

  constructor(out: NameFactsBuilder) {
    this.#out = out;
  }

  open(kind: PythonScope["kind"], outer?: PythonScope, details?: FunctionDetails): PythonScope {
    const index = this.#out.scope(outer?.index ?? -1, kind === "class" ? "own" : "all");
    return {
      index,
      kind,
      outer,
      elsewhere: new Map(),
      ...(details === undefined ? {} : { function: details }),
    };
  }

  /** Defines a name as code in that scope does, which may be to define it in another. */
  define(place: NamePlace, scope: PythonScope, kind: DefinitionKind, value?: Term): number {
    const home = scope.elsewhere.get(place.name) ?? scope.index;
    return this.#out.define(place, home, kind, value === undefined ? {} : { value });
  }

  /** Defines a name that is assigned to. */
  assign(place: NamePlace, scope: PythonScope, value: Term | undefined): number {
    const isMember = scope.kind === "class" && !scope.elsewhere.has(place.name);
    return this.define(place, scope, isMember ? "property" : "variable", value);
  }

  /** What a name stands for in a scope. */
  term(name: string, scope: PythonScope): Term {
    let from = scope;
    // The names of a class are visible in the header of a method, though its type parameters open a scope between.
    while (
      from.kind === "typeParameters" &&
      from.outer !== undefined &&
      this.#out.definitionsIn(from.index, name).length === 0
    )
      from = from.outer;
    return { is: "name", name, scope: from.elsewhere.get(name) ?? from.index };
  }

  /** Whether the file defines a name that is visible here, so far. */
  isDefined(name: string, scope: PythonScope): boolean {
    return this.#visibleDefinitions(name, scope).length > 0;
  }

  /** `global name`. */
  declareGlobal(name: string, scope: PythonScope): void {
    if (scope.outer !== undefined) scope.elsewhere.set(name, 0);
  }

  /** `nonlocal name`. The bodies of the functions around have been read already. */
  declareNonlocal(name: string, scope: PythonScope): void {
    let nearest: number | undefined;
    for (const around of outwards(scope)) {
      if (around === scope || around.kind !== "function") continue;
      nearest ??= around.index;
      const home = around.elsewhere.get(name);
      const isThere = home !== undefined || this.#out.definitionsIn(around.index, name).length > 0;
      if (!isThere) continue;
      scope.elsewhere.set(name, home ?? around.index);
      return;
    }
    if (nearest !== undefined) scope.elsewhere.set(name, nearest);
  }

  /** The scope of the class that a name stands for, or an instance of which: that of `self`. */
  receiverClass(name: string, scope: PythonScope): number | undefined {
    for (const around of outwards(scope)) {
      if (around.function?.receiver === name) return around.function.classScope;
      const isOther = around.kind !== "class" && this.#out.definitionsIn(around.index, name).length > 0;
      if (isOther) return undefined;
    }
    return undefined;
  }

  /** The scope of the nearest class whose method or body holds that scope. */
  classAround(scope: PythonScope): number | undefined {
    for (const around of outwards(scope)) {
      if (around.kind === "class") return around.index;
      if (around.function?.classScope !== undefined) return around.function.classScope;
    }
    return undefined;
  }

  setSignature(definition: number, parameters: readonly string[]): void {
    this.#signatures.set(definition, parameters);
  }

  setClass(definition: number, scope: number): void {
    this.#classes.set(definition, scope);
  }

  setTypeVariable(definition: number): void {
    this.#typeVariables.add(definition);
  }

  /** Whether a name is that of a class of this file. */
  isClass(name: string, scope: PythonScope): boolean {
    return this.#visibleDefinitions(name, scope).some((definition) => this.#classes.has(definition));
  }

  /** The definition of a type variable. */
  typeVariable(name: string, scope: PythonScope): number | undefined {
    return this.#visibleDefinitions(name, scope).find((definition) => this.#typeVariables.has(definition));
  }

  /** Brings named arguments into the order of the parameters, where the function stands in this file. */
  orderArguments(call: KeywordCall): void {
    const parameters = this.#parametersOf(call) ?? [];
    const ordered = [...call.positional];
    for (const [index, parameter] of parameters.entries()) {
      const argument = index < call.positional.length ? undefined : call.keywords.get(parameter);
      if (argument === undefined) continue;
      while (ordered.length < index) ordered.push({ is: "any", of: [] });
      ordered[index] = argument;
    }
    call.arguments.splice(0, call.arguments.length, ...ordered);
  }

  #parametersOf({ callee, scope }: KeywordCall): readonly string[] | undefined {
    if (callee.is !== "name") return undefined;
    for (const definition of this.#visibleDefinitions(callee.name, scope)) {
      const classScope = this.#classes.get(definition);
      const functions =
        classScope === undefined ? [definition] : this.#out.definitionsIn(classScope, "__init__");
      const found = functions.find((index) => this.#signatures.has(index));
      if (found !== undefined) return this.#signatures.get(found);
    }
    return undefined;
  }

  #visibleDefinitions(name: string, scope: PythonScope): readonly number[] {
    for (const around of outwards(scope)) {
      if (around.kind === "class" && around !== scope) continue;
      const found = this.#out.definitionsIn(around.elsewhere.get(name) ?? around.index, name);
      if (found.length > 0) return found;
    }
    return [];
  }
}
