import type { Term } from "./name-facts.js";

/** What is bound while a call or a generic type is looked into: terms by the definition that they are bound to. */
export interface Bindings {
  readonly bound: ReadonlyMap<string, BoundTerm>;
  readonly outer: Bindings | undefined;
}

/** A term with the file that it is of, and what is bound in it. */
export interface BoundTerm {
  readonly file: string;
  readonly term: Term;
  readonly bindings: Bindings | undefined;
}

/** What an expression may be. */
export type Value =
  | {
      readonly is: "module";
      readonly from: string;
      readonly specifier: string;
      readonly files: readonly string[];
    }
  /** A class, one of its instances, or an object: members of a scope. */
  | {
      readonly is: "class" | "instance" | "object";
      readonly file: string;
      readonly scope: number;
      readonly bindings: Bindings | undefined;
    }
  | {
      readonly is: "function";
      readonly file: string;
      readonly term: Extract<Term, { is: "function" }>;
      readonly bindings: Bindings | undefined;
    }
  | {
      readonly is: "array";
      readonly file: string;
      readonly term: Extract<Term, { is: "array" }>;
      readonly bindings: Bindings | undefined;
    }
  | { readonly is: "promise"; readonly of: readonly Value[] }
  /** A method of the language's own sequences. */
  | { readonly is: "sequenceMethod"; readonly name: string; readonly of: ArrayValue };

/** What has members in a scope. */
export type Members = Extract<Value, { is: "class" | "instance" | "object" }>;

export type ArrayValue = Extract<Value, { is: "array" }>;

/** Names a definition among those of all files. */
export function definitionKey(file: string, definition: number): string {
  return `${definition}:${file}`;
}

export function boundTo(key: string, bindings: Bindings | undefined): BoundTerm | undefined {
  for (let at = bindings; at !== undefined; at = at.outer) {
    const found = at.bound.get(key);
    if (found !== undefined) return found;
  }
  return undefined;
}
