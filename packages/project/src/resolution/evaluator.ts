import { type CallContext, called, calledBack, instanceOf } from "./calls.js";
import {
  boundIn,
  definitionsOf,
  type Found,
  foundExport,
  isNaming,
  itselfExported,
  type NameTable,
  uniqueFound,
} from "./found.js";
import type { NameDefinition, NameSpace, Term } from "./name-facts.js";
import type { NameSource } from "./name-source.js";
import { definedInNamespace, pathInModule } from "./namespaces.js";
import { type OwnerContext, putMembers } from "./owners.js";
import { sequenceResult } from "./sequence-methods.js";
import { type Bindings, type BoundTerm, boundTo, definitionKey, type Members, type Value } from "./values.js";

/** How deep one question may lead, and how many steps it may take: more is no answer that anybody would follow. */
const MOST_DEPTH = 48;
const MOST_STEPS = 50_000;
/** Values of one term; more say as little as none. */
const MOST_VALUES = 24;
/** Places of one name; a name with more is defined by a machine. */
const MOST_FOUND = 64;

type Named = Extract<Term, { is: "name" }>;
type Member = Extract<Term, { is: "member" }>;
type ModuleValue = Extract<Value, { is: "module" }>;

/** Finds what terms name and what they may be, by the facts of the files that they lead to. Bounds hold for each question. */
export class Evaluator implements CallContext, OwnerContext {
  readonly source: NameSource;
  readonly #known = new Map<Term, readonly Value[]>();
  /** What is being looked into: what leads to itself says nothing more. */
  readonly #resolving = new Set<unknown>();
  readonly #evaluating = new Set<unknown>();
  readonly #inheriting = new Set<unknown>();
  readonly #exporting = new Set<unknown>();
  /** How often something was left out, by a bound or because it led to itself. */
  #cuts = 0;
  #depth = 0;
  #steps = 0;

  constructor(source: NameSource) {
    this.source = source;
  }

  /** The places that give a term its meaning, the nearest first, each followed by what it is another name of. */
  resolve(file: string, term: Term, bindings?: Bindings): readonly Found[] {
    return this.#guarded(this.#resolving, term, () => {
      switch (term.is) {
        case "name":
          return this.#followed(this.lookup(file, term), bindings);
        case "member":
          return this.#followed(this.#membersOf(file, term, bindings), bindings);
        case "element":
          return this.#elements(file, term, bindings).flatMap((item) => this.#resolveBound(item));
        case "module":
          return this.#modules(file, term.specifier);
        case "any":
          return term.of.flatMap((each) => this.resolve(file, each, bindings));
        case "argument": {
          const bound = boundTo(definitionKey(file, term.definition), bindings);
          return bound === undefined ? [] : this.#resolveBound(bound);
        }
        case "await":
          return this.resolve(file, term.of, bindings);
        default:
          return [];
      }
    });
  }

  /** What a term may be. */
  values(file: string, term: Term, bindings?: Bindings): readonly Value[] {
    if (bindings === undefined) {
      const known = this.#known.get(term);
      if (known !== undefined) return known;
    }
    const before = this.#cuts;
    const values = this.#guarded(this.#evaluating, term, () =>
      this.#evaluate(file, term, bindings).slice(0, MOST_VALUES),
    );
    // What was cut short is known no further than here.
    if (bindings === undefined && this.#cuts === before) this.#known.set(term, values);
    return values;
  }

  #guarded<Result>(active: Set<unknown>, what: unknown, work: () => readonly Result[]): readonly Result[] {
    if (this.#depth === 0) this.#steps = 0;
    // What is cut short counts, too: many cuts are work.
    this.#steps++;
    if (active.has(what) || this.#depth >= MOST_DEPTH || this.#steps >= MOST_STEPS) {
      this.#cuts++;
      return [];
    }
    active.add(what);
    this.#depth++;
    try {
      return work();
    } finally {
      this.#depth--;
      active.delete(what);
    }
  }

  /** What is found, each with what it stands for: always of an import, else where names are given away by assignment. */
  #followed(found: readonly Found[], bindings: Bindings | undefined): readonly Found[] {
    if (found.length > MOST_FOUND) this.#cuts++;
    return uniqueFound(
      found.slice(0, MOST_FOUND).flatMap((one) => {
        const { value } = one;
        if (value === undefined) return [one];
        const aliases = this.source.table(one.file)?.facts.aliases ?? false;
        const follows = one.kind === "import" || (aliases && isNaming(value));
        return follows ? [one, ...this.resolve(one.file, value, bindings)] : [one];
      }),
    ).slice(0, MOST_FOUND);
  }

  #resolveBound({ file, term, bindings }: BoundTerm): readonly Found[] {
    return this.resolve(file, term, bindings);
  }

  /** What a name may mean where it stands. */
  lookup(file: string, { name, scope, space }: Named): readonly Found[] {
    const table = this.source.table(file);
    if (table === undefined) return [];
    const { scopes } = table.facts;
    for (let at = scope; at >= 0; at = scopes[at]?.parent ?? -1) {
      const visible = scopes[at]?.visible;
      if (visible === "none" || (visible === "own" && at !== scope)) continue;
      const found = definitionsOf(file, table, table.in(at, name, space));
      if (found.length > 0) return found;
      if (visible === "all" && (scopes[at]?.supers?.length ?? 0) > 0) {
        const self = { is: "instance", file, scope: at, bindings: undefined } as const;
        const inherited = this.#inherited(self, name, space);
        if (inherited.length > 0) return inherited;
      }
      const stars = name === "*" ? [] : table.in(at, "*", space);
      const through = stars.flatMap((index) => this.#through(file, table, index, name, space));
      if (through.length > 0) return through;
    }
    return this.source.siblings(file).flatMap((sibling) => {
      const other = this.source.table(sibling);
      return other === undefined ? [] : this.#own(sibling, other, name, space);
    });
  }

  /** What a definition of all of a module (`from m import *`) shows of a name. */
  #through(file: string, table: NameTable, index: number, name: string, space?: NameSpace): readonly Found[] {
    const value = table.facts.definitions[index]?.value;
    return value === undefined ? [] : this.#memberOfValues(this.values(file, value), name, space);
  }

  /** Definitions of a file's first scope, without what it imports for itself. */
  #own(file: string, table: NameTable, name: string, space?: NameDefinition["space"]): readonly Found[] {
    return definitionsOf(file, table, table.in(0, name, space)).filter(({ kind }) => kind !== "import");
  }

  #membersOf(file: string, term: Member, bindings: Bindings | undefined): readonly Found[] {
    const values = this.values(file, term.of, bindings);
    const found = this.#memberOfValues(values, term.name, term.space);
    return uniqueFound([...found, ...putMembers(this, file, term, values, bindings, found)]);
  }

  #memberOfValues(values: readonly Value[], name: string, space?: NameSpace): readonly Found[] {
    return values.flatMap((value) => {
      if (value.is === "module") return this.#memberOfModule(value, name, space);
      return "scope" in value ? this.#memberOfScope(value, name, space) : [];
    });
  }

  #memberOfModule(module: ModuleValue, name: string, space?: NameSpace): readonly Found[] {
    const { from, specifier, files } = module;
    if (this.#hasNamespaces(from))
      return this.source
        .moduleFiles(from, specifier, name)
        .flatMap((home) => definedInNamespace(home, this.source.table(home), specifier, name, space));
    const found = files.flatMap((file) => this.#exported(file, name, space));
    if (found.length > 0) return found;
    // A module below, as a package's own parts are in Python.
    const separator = specifier.endsWith(".") ? "" : ".";
    return this.#isPython(from) ? this.#modules(from, `${specifier}${separator}${name}`) : [];
  }

  #isPython(file: string): boolean {
    return this.source.table(file)?.facts.moduleStart !== undefined;
  }

  #hasNamespaces(file: string): boolean {
    return this.source.table(file)?.facts.namespaces !== undefined;
  }

  /** The files of a module. Those of a namespace are asked for one name at a time, so that no question reads them all. */
  #filesOf(from: string, specifier: string): readonly string[] {
    return this.#hasNamespaces(from) ? [] : this.source.moduleFiles(from, specifier);
  }

  /** What a file shows by a name. */
  #exported(file: string, name: string, space?: NameSpace): readonly Found[] {
    // Modules that show all of one another end here.
    return this.#guarded(this.#exporting, `${name}:${file}`, () => this.#shown(file, name, space));
  }

  #shown(file: string, name: string, space?: NameSpace): readonly Found[] {
    const table = this.source.table(file);
    if (table === undefined) return [];
    const { exports } = table.facts;
    if (exports === undefined) {
      // A module of Python shows what it imports, too.
      if (!this.#isPython(file)) return this.#own(file, table, name);
      const own = definitionsOf(file, table, table.in(0, name));
      return own.length > 0
        ? own
        : table.in(0, "*").flatMap((index) => this.#through(file, table, index, name));
    }
    const own = table
      .exported(name)
      .flatMap((one) => foundExport(file, one) ?? this.#plain(this.resolve(file, inSpace(one.term, space))));
    if (own.length > 0) return own;
    if (name === "default") return itselfExported(file, table);
    return [...table.exported("="), ...table.exported("*")].flatMap((one) =>
      this.#memberOfValues(this.values(file, one.term), name),
    );
  }

  /** Without what follows the first: the caller follows it. */
  #plain(found: readonly Found[]): readonly Found[] {
    const [first] = found;
    return first === undefined
      ? []
      : found.filter((one) => one.file === first.file && one.name === first.name);
  }

  #memberOfScope(value: Members, name: string, space?: NameSpace): readonly Found[] {
    const table = this.source.table(value.file);
    if (table === undefined) return [];
    const seen = table
      .in(value.scope, name, space)
      .filter((index) => isShown(table.facts.definitions[index], value));
    const own = definitionsOf(value.file, table, seen).map((one) => boundIn(one, value));
    return own.length > 0 ? own : this.#inherited(value, name, space);
  }

  #inherited(value: Members, name: string, space?: NameSpace): readonly Found[] {
    const supers = this.source.table(value.file)?.facts.scopes[value.scope]?.supers ?? [];
    return supers.flatMap((term) =>
      this.#guarded(this.#inheriting, pathInModule(term) ?? term, () =>
        this.#memberOfValues(
          this.values(value.file, term, value.bindings).flatMap((above) =>
            above.is === "class" || above.is === "instance" ? [{ ...above, is: asIn(value) }] : [above],
          ),
          name,
          space,
        ),
      ),
    );
  }

  #modules(file: string, specifier: string): readonly Found[] {
    return this.#filesOf(file, specifier).flatMap((target): readonly Found[] => {
      const table = this.source.table(target);
      const start = table?.facts.moduleStart;
      if (start === undefined) return this.#followed(itselfExported(target, table), undefined);
      const value: Term = { is: "module", specifier };
      return [{ file: target, name: specifier, start, end: start, kind: "module", value }];
    });
  }

  #evaluate(file: string, term: Term, bindings: Bindings | undefined): readonly Value[] {
    switch (term.is) {
      case "name":
        return this.lookup(file, term).flatMap((one) => this.valuesOf(one, bindings));
      case "member":
        return [
          ...this.#membersOf(file, term, bindings).flatMap((one) => this.valuesOf(one, bindings)),
          ...this.#sequenceMethods(file, term, bindings),
        ];
      case "call":
        return this.values(file, term.of, bindings).flatMap((callee) =>
          called(this, callee, file, term, bindings),
        );
      case "element":
        return this.#elements(file, term, bindings).flatMap((one) =>
          this.values(one.file, one.term, one.bindings),
        );
      case "await":
        return this.values(file, term.of, bindings).flatMap((value) =>
          value.is === "promise" ? value.of : [value],
        );
      case "type":
        return this.values(file, term.of, bindings).map((value) =>
          value.is === "class" ? instanceOf(this, value, file, term.types, bindings) : value,
        );
      case "object":
      case "class":
      case "instance":
        return [{ is: term.is, file, scope: term.scope, bindings }];
      case "super":
        return this.above(file, term.scope, bindings);
      case "array":
        return [{ is: "array", file, term, bindings }];
      case "promise":
        return [{ is: "promise", of: this.values(file, term.of, bindings) }];
      case "function":
        return [{ is: "function", file, term, bindings }];
      case "argument": {
        const bound = boundTo(definitionKey(file, term.definition), bindings);
        return bound === undefined ? [] : this.values(bound.file, bound.term, bound.bindings);
      }
      case "callback":
        return this.values(file, term.of, bindings).flatMap((callee) => calledBack(this, callee, term));
      case "module":
        return this.#moduleValues(file, term.specifier);
      case "any":
        return term.of.flatMap((each) => this.values(file, each, bindings));
    }
  }

  /** A module, and what it is itself where it says so (`module.exports = …`). */
  #moduleValues(from: string, specifier: string): readonly Value[] {
    const files = this.#filesOf(from, specifier);
    const itself = files.flatMap(
      (target) =>
        this.source
          .table(target)
          ?.exported("=")
          .flatMap((one) => this.values(target, one.term)) ?? [],
    );
    return [{ is: "module", from, specifier, files }, ...itself];
  }

  /** What a class inherits from. */
  above(file: string, scope: number, bindings: Bindings | undefined): readonly Value[] {
    const supers = this.source.table(file)?.facts.scopes[scope]?.supers ?? [];
    return supers.flatMap((term) =>
      this.values(file, term, bindings).map((value) =>
        value.is === "class" ? { ...value, is: "instance" as const } : value,
      ),
    );
  }

  /** What a definition stands for. */
  valuesOf(found: Found, bindings: Bindings | undefined): readonly Value[] {
    const inner = found.bindings ?? bindings;
    const bound = this.#boundValues(found, inner);
    const { value } = found;
    if (value === undefined || (bound.length > 0 && found.kind === "typeParameter")) return bound;
    if (found.kind === "module" && value.is === "module") {
      return [{ is: "module", from: found.file, specifier: value.specifier, files: [found.file] }];
    }
    const values = [...bound, ...this.values(found.file, value, inner)];
    // A default import of a module that has no default is the module.
    if (values.length > 0 || value.is !== "member" || value.name !== "default") return values;
    return this.values(found.file, value.of, inner);
  }

  #boundValues({ file, definition }: Found, bindings: Bindings | undefined): readonly Value[] {
    const bound = definition === undefined ? undefined : boundTo(definitionKey(file, definition), bindings);
    return bound === undefined ? [] : this.values(bound.file, bound.term, bound.bindings);
  }

  #sequenceMethods(file: string, term: Member, bindings: Bindings | undefined): readonly Value[] {
    if (sequenceResult(term.name) === undefined) return [];
    return this.values(file, term.of, bindings).flatMap((of) =>
      of.is === "array" ? [{ is: "sequenceMethod", name: term.name, of }] : [],
    );
  }

  #elements(
    file: string,
    term: Extract<Term, { is: "element" }>,
    bindings: Bindings | undefined,
  ): readonly BoundTerm[] {
    return this.values(file, term.of, bindings).flatMap((value) => {
      if (value.is !== "array") return [];
      const { items = [], element } = value.term;
      const at = term.at === undefined ? undefined : items[term.at];
      const terms =
        at !== undefined ? [at] : element !== undefined ? [element] : term.at === undefined ? items : [];
      return terms.map((each) => ({ file: value.file, term: each, bindings: value.bindings }));
    });
  }
}

/** A plain name among those of one space alone. */
function inSpace(term: Term, space: NameSpace | undefined): Term {
  return term.is !== "name" || term.space !== undefined || space === undefined ? term : { ...term, space };
}

function isShown(definition: NameDefinition | undefined, { is }: Members): boolean {
  return definition !== undefined && !(is === "class" && definition.static === false);
}

function asIn({ is }: Members): "class" | "instance" {
  return is === "class" ? "class" : "instance";
}
