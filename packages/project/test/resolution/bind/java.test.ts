import { describe, expect, test } from "vitest";
import { bindJava } from "../../../src/resolution/bind/java.js";
import type { NameDefinition, NameFacts, Term } from "../../../src/resolution/name-facts.js";
import { treesOf } from "./trees.js";

const treeOf = treesOf("java");

async function bind(text: string): Promise<NameFacts> {
  const tree = await treeOf(text);
  return bindJava(tree);
}

/** What is in the body of a method. */
async function bindBody(body: string): Promise<NameFacts> {
  return bind(`class Test { void test() { ${body} } }`);
}

/** A term in short: names as they are, `:T` for one of types, `T!` for a value of a type, `[x]` for arrays, `#A` for the scope of A. */
function short(facts: NameFacts, term: Term): string {
  const all = (terms: readonly Term[] = []): string => terms.map((each) => short(facts, each)).join(", ");
  const types = (terms: readonly Term[] | undefined): string =>
    terms === undefined ? "" : `<${all(terms)}>`;
  switch (term.is) {
    case "name":
      return term.space === "type" ? `:${term.name}` : term.name;
    case "member":
      return `${short(facts, term.of)}.${term.name}`;
    case "call":
      return `${short(facts, term.of)}${types(term.types)}(${all(term.arguments)})`;
    case "element":
      return `${short(facts, term.of)}[]`;
    case "type":
      return `${short(facts, term.of)}${types(term.types)}!`;
    case "array":
      return `[${term.element === undefined ? "" : short(facts, term.element)}]`;
    case "module":
      return `"${term.specifier}"`;
    case "any":
      return `(${term.of.map((each) => short(facts, each)).join(" | ")})`;
    case "function":
      return `(${term.parameters.map((index) => facts.definitions[index]?.name).join(", ")}) -> ${all(term.returns)}`;
    case "class":
    case "instance":
    case "super":
      return `${term.is} ${classOf(facts, term.scope)}`;
    default:
      return term.is;
  }
}

/** The name of the class with a scope of members. */
function classOf(facts: NameFacts, scope: number): string {
  const owner = facts.definitions.find(({ value }) => value?.is === "class" && value.scope === scope);
  return owner === undefined ? "?" : `#${owner.name}`;
}

/** `role name = term` of each reference, or of those with a name. */
function references(facts: NameFacts, name?: string): string[] {
  return facts.references
    .filter((reference) => name === undefined || reference.name === name)
    .map((reference) => `${reference.role} ${reference.name} = ${short(facts, reference.term)}`);
}

/** `kind name = value` of each definition without the class and the method around. */
function definitions(facts: NameFacts, name?: string): string[] {
  return facts.definitions
    .filter((definition) =>
      name === undefined ? !/^[Tt]est$/.test(definition.name) : definition.name === name,
    )
    .map(
      ({ kind, name, value }) => `${kind} ${name}${value === undefined ? "" : ` = ${short(facts, value)}`}`,
    );
}

/** The definitions that a use of a plain name leads to by the scopes of its file. */
function found(text: string, facts: NameFacts, use: string): NameDefinition[] {
  const start = text.indexOf(use);
  const term = facts.references.find((reference) => reference.start === start)?.term;
  if (term?.is !== "name") throw new Error(`${use} is no plain name`);
  for (let scope = term.scope; scope >= 0; scope = facts.scopes[scope]?.parent ?? -1) {
    if (facts.scopes[scope]?.visible === "own" && scope !== term.scope) continue;
    const here = facts.definitions.filter(
      (one) => one.scope === scope && one.name === term.name && (one.space ?? term.space) === term.space,
    );
    if (here.length > 0) return here;
  }
  return [];
}

/** The text from where a use leads to, up to the end of the line. */
function leadsTo(text: string, facts: NameFacts, use: string): string[] {
  return found(text, facts, use).map(({ start }) => text.slice(start).split("\n", 1)[0]?.trim() ?? "");
}

/** The word before what a use leads to: its type. */
function typeOf(text: string, facts: NameFacts, use: string): string[] {
  return found(text, facts, use).map(({ start }) => /(\w+) $/.exec(text.slice(0, start))?.[1] ?? "");
}

describe("what is around the classes", () => {
  test("the package", async () => {
    expect((await bind("package a . b.c;\nclass A {}")).package).toBe("a.b.c");
    expect((await bind("class A {}")).package).toBe("");
    expect(await bind("@Mark package a;")).toMatchObject({ package: "a", aliases: false });
    expect(await bind("class A {}")).not.toHaveProperty("exports");
  });

  test.each([
    ["import foo.bar.Baz;", ['import Baz = "foo.bar".Baz'], ['import Baz = "foo.bar".Baz']],
    [
      "import foo.Outer.Inner;",
      ['import Inner = ("foo".Outer.Inner | "foo.Outer".Inner)'],
      ['import Outer = "foo".Outer', 'import Inner = ("foo".Outer.Inner | "foo.Outer".Inner)'],
    ],
    ["import static a.B.c;", ['import c = "a".B.c'], ['import B = "a".B', 'import c = "a".B.c']],
    ["import foo.bar.*;", ['import * = "foo.bar"'], []],
    ["import static a.B.*;", ['import * = "a".B'], ['import B = "a".B']],
    ["import Bare;", ['import Bare = "".Bare'], ['import Bare = "".Bare']],
  ])("%s", async (text, defined, referred) => {
    const facts = await bind(text);
    expect(definitions(facts)).toEqual(defined);
    expect(references(facts)).toEqual(referred);
    expect(facts.definitions.every(({ scope }) => scope === 0)).toBe(true);
  });

  test("a module refers to the types that it uses and provides", async () => {
    const facts = await bind("module m { requires a.b; exports c; uses d.E; provides d.E with f.G, H; }");
    expect(references(facts)).toEqual(['type E = "d".E', 'type E = "d".E', 'type G = "f".G', "type H = :H"]);
  });
});

describe("classes", () => {
  test("inherit by name, in the scope of their type parameters, which are no members", async () => {
    const facts = await bind(
      "class A<T extends C> extends B<T> implements p.I, J {}\ninterface K extends J {}",
    );
    expect(definitions(facts)).toEqual([
      "class A = class #A",
      "typeParameter T = :C!",
      "interface K = class #K",
    ]);
    expect(references(facts)).toEqual([
      "type C = :C",
      "inherit B = :B",
      "type T = :T",
      'inherit I = "p".I',
      "inherit J = :J",
      "inherit J = :J",
    ]);
    const members = facts.scopes.filter(({ supers }) => supers !== undefined);
    expect(members.map(({ supers }) => supers?.map((term) => short(facts, term)))).toEqual([
      [":B<:T!>!", '"p".I', ":J"],
      [":J"],
    ]);
    expect(members[0]).toMatchObject({ visible: "all", typeParameters: [1] });
    expect(facts.definitions[1]?.scope).not.toBe(facts.scopes.indexOf(members[0] as never));
  });

  test("have fields and methods, of themselves or of instances", async () => {
    const facts = await bind(
      "class A { static B b; C[] c, d[]; static A of(int x, B... rest) {} <T> T get(T t) {} void set() {} A(B b) {} class In {} }",
    );
    const members = facts.definitions.filter(({ scope }) => scope === facts.definitions[1]?.scope);
    expect(members.map((one) => `${one.static} ${one.kind} ${one.name}`)).toEqual([
      "true property b",
      "false property c",
      "false property d",
      "true method of",
      "false method get",
      "false method set",
      "undefined class In",
    ]);
    expect(definitions(facts)).toEqual([
      "class A = class #A",
      "property b = :B!",
      "property c = [:C!]",
      "property d = [[:C!]]",
      "method of = (x, rest) -> :A!",
      "parameter x",
      "parameter rest = [:B!]",
      "method get = (t) -> :T!",
      "typeParameter T",
      "parameter t = :T!",
      "method set = () -> ",
      // The constructor has no name of its own.
      "parameter b = :B!",
      "class In = class #In",
    ]);
    expect(facts.definitions.find(({ name }) => name === "of")?.value).toHaveProperty("rest", true);
    expect(facts.definitions.find(({ name }) => name === "get")?.value).toHaveProperty("typeParameters", [8]);
  });

  test("interfaces have constants, and annotation types elements", async () => {
    const facts = await bind("interface I { A X = a(); B b(); }\n@interface M { C[] value() default {}; }");
    expect(facts.definitions.map((one) => `${one.kind} ${one.name} ${one.static}`)).toEqual([
      "interface I undefined",
      "property X true",
      "method b false",
      "interface M undefined",
      "method value false",
    ]);
    expect(definitions(facts, "value")).toEqual(["method value = () -> [:C!]"]);
  });

  test("constants of an enum are instances of it, or of their bodies", async () => {
    const facts = await bind("enum E implements I { A, B(x) { int f() {} }; E other; }");
    expect(definitions(facts)).toEqual([
      "enum E = class #E",
      "property A = instance #E",
      "property B = instance ?",
      "method f = () -> ",
      "property other = :E!",
    ]);
    const body = facts.scopes.find(({ supers }) => supers?.[0]?.is === "class");
    expect(body?.supers?.map((term) => short(facts, term))).toEqual(["class #E"]);
  });

  test("components of a record are fields and methods that give them", async () => {
    const facts = await bind("record R<T>(int x, T... rest) { R { x = 1; } }");
    expect(definitions(facts)).toEqual([
      "class R = class #R",
      "typeParameter T",
      "property x = () -> ",
      "property rest = ([:T!] | () -> [:T!])",
    ]);
    expect(references(facts)).toEqual(["type T = :T", "write x = x"]);
  });

  test("without a name inherit from what they are made of", async () => {
    const facts = await bindBody("var a = new B<C>(d) { int e; void f() { this.e = super.g(); } };");
    expect(definitions(facts, "a")).toEqual(["variable a = instance ?"]);
    expect(references(facts)).toEqual([
      "call B = :B",
      "type C = :C",
      "read d = d",
      "write e = instance ?.e",
      "call g = super ?.g",
    ]);
    expect(facts.scopes.some(({ supers }) => supers?.some((term) => short(facts, term) === ":B<:C!>!"))).toBe(
      true,
    );
  });
});

describe("types", () => {
  test.each([
    ["Foo a;", ":Foo!"],
    ["foo.bar.Baz a;", '"foo.bar".Baz!'],
    ["Outer.Inner<A>.Most a;", ":Outer.Inner.Most!"],
    ["foo.Bar<A, ? extends B[]> a;", '"foo".Bar<:A!, [:B!]>!'],
    ["List<Foo> a;", "(:List<:Foo!>! | [:Foo!])"],
    ["java.util.Map<A, B>[] a;", '[("java.util".Map<:A!, :B!>! | [:B!])]'],
    ["@Mark Foo a[];", "[:Foo!]"],
    ["int a;", undefined],
    ["var a = new Foo[2][];", "[[:Foo!]]"],
    ["var a = (Foo & Bar) b;", "(:Foo! | :Bar!)"],
    ["var a = new Outer.Inner<Foo>();", ":Outer.Inner<:Foo!>!"],
    ["var a = b[0].c;", "b[].c"],
    ["var a = b ? c : this;", "(c | instance #Test)"],
    ["var a = b.<Foo>c(d, 1);", "b.c<:Foo!>(d, ())"],
    ["var a = switch (b) { case 1 -> c; default -> d; };", "(c | d)"],
  ])("%s", async (body, value) => {
    const facts = await bindBody(body);
    expect(definitions(facts, "a")).toEqual([value === undefined ? "variable a" : `variable a = ${value}`]);
  });

  test("their names are referred to by what is made of them", async () => {
    const facts = await bind(
      "@a.Mark(x = Foo.class, y = {Bar.C}) class Test { <T extends A> List<? super B> f(Foo[]... foo) throws E { new @N Foo<D>(); b.new Inner<D>(); } }",
    );
    expect(references(facts)).toEqual([
      'type Mark = "a".Mark',
      'read x = "a".Mark!.x',
      "type Foo = :Foo",
      'read y = "a".Mark!.y',
      "read Bar = Bar",
      "read C = Bar.C",
      "type A = :A",
      "type List = :List",
      "type B = :B",
      "type Foo = :Foo",
      "type E = :E",
      "type N = :N",
      "call Foo = :Foo",
      "type D = :D",
      "read b = b",
      "call Inner = b.Inner",
      "type D = :D",
    ]);
  });
});

describe("expressions", () => {
  test.each([
    ["a.b.c = d.e;", ["write c = a.b.c", "read e = d.e"]],
    ["a.b++;", ["write b = a.b"]],
    ["a.b().c(d);", ["call b = a.b", "call c = a.b().c"]],
    ["a.b.C.d();", ['read C = (a.b.C | "a.b".C)', 'call d = (a.b.C | "a.b".C).d']],
    ["this.a.b();", ["read a = instance #Test.a", "call b = instance #Test.a.b"]],
    [
      "Test.this.a(); Test.super.b(); Other.super.c();",
      ["call a = Test!.a", "call b = super #Test.b", "call c = Other!.c"],
    ],
    ['("a" + b).c();', ["call c = ().c"]],
    [
      "Foo::bar; Foo::new; this::baz;",
      ["call Foo = Foo", "call bar = (Foo | Foo!).bar", "call baz = (instance #Test | instance #Test!).baz"],
    ],
    ["switch (a) { case B: c(); case d.E: }", ["read B = (B | a.B)", "call c = c", 'read E = (d.E | "d".E)']],
  ])("%s", async (body, expected) => {
    expect(references(await bindBody(body))).toEqual(expect.arrayContaining(expected));
  });

  test("sequences of the JDK give their elements", async () => {
    const facts = await bindBody(
      `for (var each : all) {} all.forEach(item -> item.a());
       var first = all.stream().filter(one -> one.b()).map(it -> it.c()).findFirst().get();
       var got = all.get(0);`,
    );
    expect(definitions(facts)).toEqual([
      "variable each = all[]",
      "parameter item = all[]",
      "variable first = [it.c()][]",
      "parameter one = (all.stream() | [all[]])[]",
      "parameter it = (all.stream() | [all[]])[]",
      "variable got = (all.get() | all[])",
    ]);
  });
});

describe("scopes", () => {
  test("of statements hold what they declare", async () => {
    const text = `class A {
      B x; // field
      int m() { return 1; }
      void f(C p) {
        for (D x : all) { use1(x.a); }
        for (E x = p; x.b(); x++) x.c();
        try (F x = open(); G y = x) { x.d(); } catch (H | I x) { x.e(); } finally { x.g(); }
        Runnable r = () -> { J x = null; x.h(); };
        Job j = x -> x.i();
        switch (p) { case 1: K x = null; default: x.j(); }
        int m = m();
        x.k();
      }
    }`;
    const facts = await bind(text);
    const expected: Readonly<Record<string, string>> = {
      "x.a": "x : all) { use1(x.a); }",
      "x.b": "x = p; x.b(); x++) x.c();",
      "x.c": "x = p; x.b(); x++) x.c();",
      "x.d": "x = open(); G y = x) { x.d(); } catch (H | I x) { x.e(); } finally { x.g(); }",
      "x.e": "x) { x.e(); } finally { x.g(); }",
      "x.g": "x; // field",
      "x.h": "x = null; x.h(); };",
      "x.i": "x -> x.i();",
      "x.j": "x = null; default: x.j(); }",
      "x.k": "x; // field",
      "m();": "m() { return 1; }",
    };
    for (const [use, line] of Object.entries(expected))
      expect(leadsTo(text, facts, use), use).toEqual([line]);
    expect(definitions(facts, "x").at(4)).toBe("parameter x = (:H! | :I!)");
  });

  test("names of patterns hold for their statement, or for what follows it", async () => {
    const text = `class A { void f(Object o) {
      if (o instanceof B x && x.a()) x.b();
      if (o instanceof C x) { x.c(); } else { x.d(); }
      if (!(o instanceof D y)) return;
      y.e();
      boolean z = o instanceof E x && x.f() || o instanceof F x && x.g();
      switch (o) { case G x when x.h() -> x.i(); case R(H x, R(var v, _)) -> x.j(v.k()); default -> x.l(); }
      x.m();
    } }`;
    const facts = await bind(text);
    for (const [use, expected] of [
      ["x.a", "B"],
      ["x.b", "B"],
      ["x.c", "C"],
      ["y.e", "D"],
      ["x.f", "E"],
      ["x.g", "F"],
      ["x.h", "G"],
      ["x.i", "G"],
      ["x.j", "H"],
      ["v.k", "var"],
    ] as const) {
      expect(typeOf(text, facts, use), use).toEqual([expected]);
    }
    expect(leadsTo(text, facts, "x.l")).toEqual([]);
    expect(leadsTo(text, facts, "x.m")).toEqual([]);
    expect(references(facts, "R")).toEqual(["type R = :R", "type R = :R"]);
  });

  test("labels are found by those who jump to them alone", async () => {
    const text =
      "class A { void f(B a) { a: for (;;) { a.g(); b: while (true) { continue a; break b; } } break c; } }";
    const facts = await bind(text);
    expect(typeOf(text, facts, "a.g")).toEqual(["B"]);
    expect(leadsTo(text, facts, "a; break")[0]).toMatch(/^a: for/);
    expect(leadsTo(text, facts, "b; }")[0]).toMatch(/^b: while/);
    expect(references(facts, "c")).toEqual([]);
  });
});

describe("texts that nobody wrote by hand", () => {
  const count = 10_000;
  test.each([
    ["parentheses", `x = ${"(".repeat(count)}1${")".repeat(count)};`],
    ["calls", `a${".a()".repeat(count)};`],
    ["fields", `x = a${".B".repeat(count)};`],
    ["sums", `x = ${"a + ".repeat(count)}1;`],
    ["calls that give elements", `a${".get(0)".repeat(count)};`],
    ["streams", `a.stream()${".map(b -> b.c())".repeat(count)};`],
    ["lambdas", `x = ${"a -> ".repeat(count)}1;`],
    ["patterns", `x = ${"a instanceof B b && ".repeat(count)}1;`],
    ["types", `${"List<".repeat(count)}A${">".repeat(count)} x;`],
    ["names of types", `${"a.".repeat(count)}B x;`],
    ["blocks", `${"{".repeat(count)}${"}".repeat(count)}`],
    ["conditions", `${"if (a) b(); else ".repeat(count)};`],
  ])("%s in great depth", async (_name, body) => {
    const facts = await bindBody(body);
    const depths = new Map<Term, number>();
    expect(Math.max(0, ...facts.references.map(({ term }) => depthOf(term, depths)))).toBeLessThanOrEqual(
      201,
    );
  });

  test("what does not parse is read as far as it does", async () => {
    const facts = await bind("class A { void f() { a.b(; } int g( }\nclass B extends A { A a; ");
    expect(references(facts)).toEqual(expect.arrayContaining(["read b = a.b", "inherit A = :A"]));
    for (const text of [
      "class",
      "import ;",
      "import static a",
      "new",
      "@",
      "enum E { A(",
      "x instanceof",
      "a::",
    ])
      await bind(text);
  });
});

/** How deeply terms are nested in a term, those known already taken from `known`. */
function depthOf(term: Term, known: Map<Term, number>): number {
  const before = known.get(term);
  if (before !== undefined) return before;
  let depth = 0;
  for (const part of Object.values(term).flat()) {
    if (typeof part === "object") depth = Math.max(depth, depthOf(part as Term, known));
  }
  known.set(term, depth + 1);
  return depth + 1;
}
