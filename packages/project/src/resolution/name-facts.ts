// What one file says of names, as plain data: its scopes, what is defined in them, and what is referred to. Nothing in it
// depends on another file, so it holds until its own file changes; what spans files is found when it is asked for.
// Offsets count UTF-16 units. Indexes are into the arrays of the same file.

/** What one file says of names. */
export interface NameFacts {
  /** The first is that of the whole file. */
  readonly scopes: readonly NameScope[];
  readonly definitions: readonly NameDefinition[];
  /** In the order of the text. */
  readonly references: readonly NameReference[];
  /** What the file shows of itself to those who import it; absent: all that is defined in its first scope. */
  readonly exports?: readonly NameExport[];
  /** Whether an assignment of a name makes another name of the same thing (languages without types). */
  readonly aliases: boolean;
  /** Where a module's names may stand for the module itself (Python): where its text begins. */
  readonly moduleStart?: number;
  /** Java's package, as it is declared; empty for the one without a name. */
  readonly package?: string;
  /**
   * Namespaces that many files add to (C#, PHP), each with a scope that holds what this file adds; empty for the one without a name.
   * Then a `module` term names a namespace, and its members are asked of the files that define them.
   */
  readonly namespaces?: readonly (readonly [name: string, scope: number])[];
}

/** A region in which names are defined. */
export interface NameScope {
  /** Index of the scope around it; -1 for the first. */
  readonly parent: number;
  /**
   * Who finds its names without naming an owner. `all`: whoever is within it. `own`: only what stands in it directly (the body of a
   * class in Python). `none`: nobody, they are members (of a class in JavaScript, of an object).
   */
  readonly visible: "all" | "own" | "none";
  /** For the members of a class: what it inherits from. */
  readonly supers?: readonly Term[];
  /** For the members of a class: indexes of the definitions of its type parameters, in their order. */
  readonly typeParameters?: readonly number[];
}

/** A place where a name gets a meaning. */
export interface NameDefinition {
  readonly name: string;
  /** Of the name itself. */
  readonly start: number;
  readonly end: number;
  readonly scope: number;
  readonly kind: DefinitionKind;
  /** What the name stands for; absent where nothing is known. */
  readonly value?: Term;
  /** Where names of types and of values are apart (in PHP also of what is called), which it is; absent: all. */
  readonly space?: NameSpace;
  /** For members of a class: whether the class itself has it (true) or its instances (false); absent: both. */
  readonly static?: boolean;
  /**
   * For `a.b = …`: what the member is put on, here `a`. Then `scope` is where the assignment stands, and the name is found through
   * its owner alone.
   */
  readonly owner?: Term;
}

/** `field`: of fields, where methods may have the same names (Rust). */
export type NameSpace = "type" | "value" | "call" | "field";

export type DefinitionKind =
  | "function"
  | "method"
  | "class"
  | "interface"
  | "type"
  | "enum"
  | "variable"
  | "parameter"
  | "property"
  | "module"
  | "import"
  | "typeParameter"
  | "label";

/** A place where a name is used. */
export interface NameReference {
  readonly name: string;
  /** Of the name itself. */
  readonly start: number;
  readonly end: number;
  readonly role: ReferenceRole;
  /** What it names. */
  readonly term: Term;
}

export type ReferenceRole = "call" | "type" | "read" | "write" | "inherit" | "import";

/** A name that a file shows to those who import it. */
export interface NameExport {
  /** `default` for the default export, `*` for all of another module, `=` for what the module itself is (`module.exports = …`). */
  readonly name: string;
  readonly term: Term;
  /** Where the export stands as a definition of its own (`export { a as b }`, `exports.b = …`), start and end of its name. */
  readonly at?: readonly [start: number, end: number];
}

/** How to come by what an expression or a type stands for. Evaluated when it is asked for. */
export type Term =
  /** A name, looked up from a scope outwards. `space`: only definitions of that space. */
  | {
      readonly is: "name";
      readonly name: string;
      readonly scope: number;
      readonly space?: NameSpace;
    }
  /** `of.name`, and `of["name"]`. `space`: only definitions of that space. */
  | { readonly is: "member"; readonly of: Term; readonly name: string; readonly space?: NameSpace }
  /** What calling gives; of a class an instance. `new`: so does a function then. `types`: its type arguments. */
  | {
      readonly is: "call";
      readonly of: Term;
      readonly new?: true;
      readonly arguments?: readonly Term[];
      readonly types?: readonly Term[];
    }
  /** `of[n]` for a number, or an element of it when `at` is absent: `for … of`, an index that is not known. */
  | { readonly is: "element"; readonly of: Term; readonly at?: number }
  /** `await of`. */
  | { readonly is: "await"; readonly of: Term }
  /** A value of the type that `of` names. `types`: its type arguments. */
  | { readonly is: "type"; readonly of: Term; readonly types?: readonly Term[] }
  /** An object or a namespace, an enum: its members are the definitions of that scope. */
  | { readonly is: "object"; readonly scope: number }
  /** A class or an interface: its members are the definitions of that scope, which may have `supers`. */
  | { readonly is: "class"; readonly scope: number }
  /** An instance of the class with that scope: `this`, `self`. */
  | { readonly is: "instance"; readonly scope: number }
  /** What the class with that scope inherits from, as an instance: `super`. */
  | { readonly is: "super"; readonly scope: number }
  /** A sequence: `items` one by one, or `element` for all. */
  | { readonly is: "array"; readonly items?: readonly Term[]; readonly element?: Term }
  /** A promise of a value. */
  | { readonly is: "promise"; readonly of: Term }
  /**
   * A function. `parameters`: indexes of definitions. `returns`: each value that it may give, or the declared one. `typeParameters`: as
   * in {@link NameScope}. `instance`: the scope of the members of what `new` makes of it (JavaScript).
   */
  | {
      readonly is: "function";
      readonly parameters: readonly number[];
      readonly returns: readonly Term[];
      readonly typeParameters?: readonly number[];
      readonly async?: boolean;
      readonly instance?: number;
    }
  /** An argument of the function around: of the parameter with that definition (index), where a call says what it is. */
  | { readonly is: "argument"; readonly definition: number }
  /** What `of` calls a function with that is its argument at `position`: the value of that function's parameter. */
  | {
      readonly is: "callback";
      readonly of: Term;
      readonly position: number;
      readonly parameter: number;
    }
  /** The module of that specifier, as an import writes it. */
  | { readonly is: "module"; readonly specifier: string }
  /** What one of these is. */
  | { readonly is: "any"; readonly of: readonly Term[] };
