import { describe, expect, test } from "vitest";
import { bindPython } from "../../../src/resolution/bind/python.js";
import type { NameDefinition, NameFacts, NameReference, Term } from "../../../src/resolution/name-facts.js";
import { treesOf } from "./trees.js";

const treeOf = treesOf("python");

async function factsOf(text: string): Promise<NameFacts> {
  return bindPython(await treeOf(text));
}

/** A term as short text: `a@0` is the name `a` looked up from scope 0, `(a@0).b` its member. */
function written(term: Term | undefined): string {
  const all = (terms: readonly Term[] | undefined): string => (terms ?? []).map(written).join(", ");
  if (term === undefined) return "?";
  switch (term.is) {
    case "name":
      return `${term.name}@${term.scope}`;
    case "member":
      return `(${written(term.of)}).${term.name}`;
    case "call":
      return `(${written(term.of)})(${all(term.arguments)})`;
    case "element":
      return `(${written(term.of)})[${term.at ?? ""}]`;
    case "await":
    case "promise":
      return `${term.is} ${written(term.of)}`;
    case "type":
      return `<${written(term.of)}${term.types === undefined ? "" : `: ${all(term.types)}`}>`;
    case "array":
      return `[${term.items === undefined ? `each ${written(term.element)}` : all(term.items)}]`;
    case "function": {
      const types = term.typeParameters === undefined ? "" : `<${term.typeParameters}>`;
      return `${term.async ? "async " : ""}${types}(${term.parameters}) => ${all(term.returns)}`;
    }
    case "argument":
      return `argument ${term.definition}`;
    case "module":
      return `module ${term.specifier}`;
    case "any":
      return `any(${all(term.of)})`;
    case "callback":
      return `callback ${written(term.of)}`;
    default:
      return `${term.is} ${term.scope}`;
  }
}

function writtenDefinition(definition: NameDefinition): string {
  const { name, scope, kind, value, owner } = definition;
  const put = owner === undefined ? "" : `(${written(owner)}).`;
  return `${put}${name} ${kind} in ${scope}: ${written(value)}`;
}

function writtenReference({ role, name, term }: NameReference): string {
  return `${role} ${name}: ${written(term)}`;
}

async function definitionsIn(text: string): Promise<string[]> {
  return (await factsOf(text)).definitions.map(writtenDefinition);
}

/** The definitions of one name. */
async function definitionsOf(name: string, text: string): Promise<string[]> {
  const { definitions } = await factsOf(text);
  return definitions.filter((one) => one.name === name).map(writtenDefinition);
}

async function referencesIn(text: string): Promise<string[]> {
  return (await factsOf(text)).references.map(writtenReference);
}

describe("a file as a whole", () => {
  test("an empty text has its scope and nothing else", async () => {
    expect(await factsOf("")).toEqual({
      scopes: [{ parent: -1, visible: "all" }],
      definitions: [],
      references: [],
      aliases: true,
      moduleStart: 0,
    });
  });

  test("places are those of the names, in UTF-16 units", async () => {
    const text = 's = "é😀"; größe = s';
    const { definitions, references } = await factsOf(text);
    expect(definitions.map(({ name, start, end }) => [name, text.slice(start, end)])).toEqual([
      ["s", "s"],
      ["größe", "größe"],
    ]);
    expect(references).toEqual([
      {
        name: "s",
        start: text.length - 1,
        end: text.length,
        role: "read",
        term: { is: "name", name: "s", scope: 0 },
      },
    ]);
  });

  test("references come in the order of the text, though bodies are read last", async () => {
    const { references } = await factsOf("def f():\n    return a(b)\nc.d\n");
    expect(references.map(({ name }) => name)).toEqual(["a", "b", "c", "d"]);
  });
});

describe("scopes", () => {
  test("functions, classes and comprehensions open one; blocks do not", async () => {
    const { scopes } = await factsOf(
      "if a:\n    x = 1\nclass C:\n    def m(self):\n        return [i for i in x]\nf = lambda y: y\n",
    );
    expect(scopes).toEqual([
      { parent: -1, visible: "all" },
      { parent: 0, visible: "own" },
      { parent: 1, visible: "all" },
      { parent: 0, visible: "all" },
      { parent: 2, visible: "all" },
    ]);
  });

  test("the first iterable of a comprehension is outside of it, all else within", async () => {
    expect(await referencesIn("[a for b in c if d for e in f]")).toEqual([
      "read a: a@1",
      "read c: c@0",
      "read d: d@1",
      "read f: f@1",
    ]);
    expect(await definitionsIn("x = [b for b in c]")).toEqual([
      "b variable in 1: (c@0)[]",
      "x variable in 0: [each b@1]",
    ]);
  });

  test("global and nonlocal put names elsewhere", async () => {
    const text =
      "def f():\n    n = 1\n    def g():\n        global x\n        nonlocal n\n        x = a\n        n = b\n        x\n        n += x\n";
    expect(await definitionsOf("x", text)).toEqual(["x variable in 0: a@2"]);
    expect(await definitionsOf("n", text)).toEqual(["n variable in 1: ?", "n variable in 1: b@2"]);
    expect((await referencesIn(text)).slice(-3)).toEqual(["read x: x@0", "write n: n@1", "read x: x@0"]);
  });

  test("a named expression leaves comprehensions", async () => {
    expect(await definitionsOf("last", "[(last := x) for x in y]")).toEqual(["last variable in 0: x@1"]);
  });
});

describe("functions", () => {
  test("parameters are their type, or their argument and default", async () => {
    expect(await definitionsIn("def f(a, b: B, c=d, *e, g: m.G = h, **k): return b, c")).toEqual([
      "a parameter in 1: argument 0",
      "b parameter in 1: <B@0>",
      "c parameter in 1: any(argument 2, d@0)",
      "e parameter in 1: [each argument 3]",
      "g parameter in 1: <(m@0).G>",
      "k parameter in 1: ?",
      "f function in 0: (0,1,2,3,4) => [b@1, c@1]",
    ]);
  });

  test("a declared type goes before what is returned", async () => {
    expect(await definitionsIn("def f() -> A: return b")).toEqual(["f function in 0: () => <A@0>"]);
    expect(await definitionsIn("async def f():\n    if a: return b\n    return c()")).toEqual([
      "f function in 0: async () => b@1, (c@1)()",
    ]);
  });

  test("what a function within returns is not returned by the one around", async () => {
    const text = "def f():\n    def g(): return a\n    h = lambda: b\n    return g";
    expect(await definitionsIn(text)).toEqual([
      "f function in 0: () => g@1",
      "g function in 1: () => a@2",
      "h variable in 1: () => b@3",
    ]);
  });

  test("generators give a sequence, context managers what they yield", async () => {
    expect(await definitionsIn("async def f():\n    yield a\n    yield from b\n    return c")).toEqual([
      "f function in 0: () => [each any(a@1, (b@1)[])]",
    ]);
    expect(await definitionsIn("@contextlib.contextmanager\ndef f(): yield a")).toEqual([
      "f function in 0: () => a@1",
    ]);
    expect(await definitionsIn("@contextmanager\ndef f() -> Iterator[A]: yield a")).toEqual([
      "f function in 0: () => <A@0>",
    ]);
  });

  test("defaults, annotations and decorators are looked up outside", async () => {
    expect(await referencesIn("@a.b(c)\n@d\ndef f(x: T = y) -> R: pass")).toEqual([
      "read a: a@0",
      "call b: (a@0).b",
      "read c: c@0",
      "read d: d@0",
      "type T: T@0",
      "read y: y@0",
      "type R: R@0",
    ]);
  });

  test("type parameters have a scope around the function and its parameters", async () => {
    expect(await definitionsIn("def f[T: B](x: T, y: int) -> T: pass")).toEqual([
      "T typeParameter in 1: <B@0>",
      "x parameter in 2: <T@1>",
      "y parameter in 2: <int@0>",
      "f function in 0: <0>(1,2) => <T@1>",
    ]);
  });
});

describe("classes", () => {
  const text = `class A(B, m.C, metaclass=M):
    x = y
    def m(actually_self, a):
        actually_self.z = a
        return actually_self.z
    @classmethod
    def c(cls): cls.made = cls()
    @staticmethod
    def s(q): q.r = 1
    @property
    def p(self): return self.z
    @p.setter
    def p(self, v): self._p = v
    def n(self):
        def inner(): self.late = 1
        return super().n
`;

  test("hold their members, also those that methods assign", async () => {
    const { scopes, definitions } = await factsOf(text);
    expect(scopes[1]).toEqual({
      parent: 0,
      visible: "own",
      supers: [
        { is: "name", name: "B", scope: 0 },
        { is: "member", of: { is: "name", name: "m", scope: 0 }, name: "C" },
      ],
    });
    const members = definitions.filter((one) => one.scope === 1 && one.owner === undefined);
    expect(members.map(writtenDefinition)).toEqual([
      "x property in 1: y@1",
      "m method in 1: (3) => (actually_self@2).z",
      "c method in 1: () => ",
      "s method in 1: (7) => ",
      "p property in 1: (() => (self@5).z)()",
      "p property in 1: ?",
      "n method in 1: () => (super 1).n",
      "z property in 1: a@2",
      "made property in 1: (cls@3)()",
      "_p property in 1: v@6",
      "late property in 1: ?",
    ]);
  });

  test("know what methods are called on", async () => {
    const { definitions } = await factsOf(text);
    expect(definitions.filter((one) => one.kind === "parameter").map(writtenDefinition)).toEqual([
      "actually_self parameter in 2: instance 1",
      "a parameter in 2: argument 3",
      "cls parameter in 3: class 1",
      "q parameter in 4: argument 7",
      "self parameter in 5: instance 1",
      "self parameter in 6: instance 1",
      "v parameter in 6: argument 12",
      "self parameter in 7: instance 1",
    ]);
  });

  test("refer to what they inherit from", async () => {
    expect((await referencesIn(text)).slice(0, 5)).toEqual([
      "inherit B: B@0",
      "read m: m@0",
      "inherit C: (m@0).C",
      "read M: M@0",
      "read y: y@1",
    ]);
  });

  test("type variables are their type parameters", async () => {
    const { scopes, definitions } = await factsOf(
      'T = TypeVar("T", bound=B)\nclass S(Generic[T]): pass\nclass R[V](S[V]): pass\n',
    );
    expect(definitions.map(writtenDefinition)).toEqual([
      "T typeParameter in 0: <B@0>",
      "S class in 0: class 1",
      "V typeParameter in 2: ?",
      "R class in 0: class 3",
    ]);
    expect(scopes[1]?.typeParameters).toEqual([0]);
    expect(scopes[3]?.typeParameters).toEqual([2]);
    expect(scopes[3]?.supers?.map(written)).toEqual(["<S@0: <V@2>>"]);
  });

  test("the header of a method sees the names of the class, its body does not", async () => {
    const references = await referencesIn("class A:\n    x = 1\n    def m[T](self, a: x = x, b: T = 1): x\n");
    expect(references).toEqual(["type x: x@1", "read x: x@1", "type T: T@2", "read x: x@3"]);
  });
});

describe("assignments", () => {
  test("parts of a target get the parts of the value", async () => {
    expect(await definitionsIn("a, (b, *c, d) = f, g\n(h) = i\n[j] = k\n")).toEqual([
      "a variable in 0: f@0",
      "b variable in 0: (g@0)[0]",
      "c variable in 0: [each (g@0)[]]",
      "d variable in 0: (g@0)[]",
      "h variable in 0: i@0",
      "j variable in 0: (k@0)[0]",
    ]);
  });

  test("chains share a value, and a declared type goes before it", async () => {
    expect(await definitionsIn("a = b = c\nd: D = e\nf: F\ng: Final = h\ni = 1\n")).toEqual([
      "b variable in 0: c@0",
      "a variable in 0: c@0",
      "d variable in 0: <D@0>",
      "f variable in 0: <F@0>",
      "g variable in 0: h@0",
      "i variable in 0: ?",
    ]);
  });

  test("attributes are put on their owner", async () => {
    const text = "a.b = 2\na.c.d = e\nf().g = 1\n[][0].h = 1\n";
    expect(await definitionsIn(text)).toEqual([
      "(a@0).b property in 0: ?",
      "((a@0).c).d property in 0: e@0",
      "((f@0)()).g property in 0: ?",
    ]);
    expect((await referencesIn(text)).slice(0, 5)).toEqual([
      "read a: a@0",
      "write b: (a@0).b",
      "read a: a@0",
      "read c: (a@0).c",
      "write d: ((a@0).c).d",
    ]);
  });

  test("an augmented one defines only what nothing else does", async () => {
    expect(await definitionsIn("x = a\nx += 1\ny += 1\nz.w += 1\ndef f(): x += 1\n")).toEqual([
      "x variable in 0: a@0",
      "y variable in 0: ?",
      "f function in 0: () => ",
    ]);
    expect(await referencesIn("x += y")).toEqual(["write x: x@0", "read y: y@0"]);
  });

  test("loops, with and except bind names", async () => {
    const text = `for i, j in xs: pass
for k, v in enumerate(ys): pass
with o() as (p, r), s as t: pass
try: pass
except E as e: pass
except (F, m.G) as g: pass
`;
    expect(await definitionsIn(text)).toEqual([
      "i variable in 0: ((xs@0)[])[0]",
      "j variable in 0: ((xs@0)[])[1]",
      "k variable in 0: ?",
      "v variable in 0: (ys@0)[]",
      "p variable in 0: ((o@0)())[0]",
      "r variable in 0: ((o@0)())[1]",
      "t variable in 0: s@0",
      "e variable in 0: (E@0)()",
      "g variable in 0: any((F@0)(), ((m@0).G)())",
    ]);
  });

  test("patterns of match capture", async () => {
    const text =
      "match s:\n    case Point(x=px, y=0) as q: pass\n    case [a, *b] | {K.k: v, **r}: pass\n    case z: pass\n";
    expect(await definitionsIn(text)).toEqual([
      "px variable in 0: (<Point@0>).x",
      "q variable in 0: <Point@0>",
      "a variable in 0: (s@0)[0]",
      "b variable in 0: [each ?]",
      "v variable in 0: ?",
      "r variable in 0: ?",
      "z variable in 0: s@0",
    ]);
    expect(await referencesIn(text)).toEqual([
      "read s: s@0",
      "read Point: Point@0",
      "read x: (<Point@0>).x",
      "read y: (<Point@0>).y",
      "read K: K@0",
      "read k: (K@0).k",
    ]);
  });

  test("deleting defines nothing", async () => {
    expect(await definitionsIn("del a, b.c, d[0]")).toEqual([]);
  });
});

describe("imports", () => {
  test("a dotted module is its first part, with the others below", async () => {
    const text = "import a.b.c";
    expect(await definitionsIn(text)).toEqual([
      "c import in 1: module a.b.c",
      "b import in 2: any(module a.b, object 1)",
      "a import in 0: any(module a, object 2)",
    ]);
    expect(await referencesIn(text)).toEqual([
      "import a: module a",
      "import b: module a.b",
      "import c: module a.b.c",
    ]);
  });

  test("an alias is the definition", async () => {
    const text = "import a.b as q\nfrom m import x as y, z\n";
    expect(await definitionsIn(text)).toEqual([
      "q import in 0: module a.b",
      "y import in 0: (module m).x",
      "z import in 0: (module m).z",
    ]);
    expect(await referencesIn(text)).toEqual([
      "import a: module a",
      "import b: module a.b",
      "import m: module m",
      "import x: (module m).x",
      "import z: (module m).z",
    ]);
  });

  test("relative modules keep their dots", async () => {
    const text = "from . import a\nfrom ..b.c import d\nfrom __future__ import annotations\n";
    expect(await definitionsIn(text)).toEqual([
      "a import in 0: (module .).a",
      "d import in 0: (module ..b.c).d",
      "annotations import in 0: (module __future__).annotations",
    ]);
    expect(await referencesIn(text)).toEqual([
      "import a: (module .).a",
      "import b: module ..b",
      "import c: module ..b.c",
      "import d: (module ..b.c).d",
      "import annotations: (module __future__).annotations",
    ]);
  });

  test("a star is a definition for others to look through, where it stands", async () => {
    expect(await definitionsIn("def f():\n    from m import *\n")).toEqual([
      "f function in 0: () => ",
      "* import in 1: module m",
    ]);
  });

  test("a dotted name after import is a member of a member", async () => {
    const text = "from one.two import d, e.c";
    expect(await definitionsIn(text)).toEqual([
      "d import in 0: (module one.two).d",
      "c import in 1: ((module one.two).e).c",
      "e import in 0: any((module one.two).e, object 1)",
    ]);
    expect((await referencesIn(text)).slice(-2)).toEqual([
      "import e: (module one.two).e",
      "import c: ((module one.two).e).c",
    ]);
  });
});

describe("types", () => {
  test.each([
    ["A", "<A@0>"],
    ["m.A", "<(m@0).A>"],
    ["'m.A'", "<(m@0).A>"],
    ["Optional[A]", "any(<A@0>)"],
    ["A | None", "any(<A@0>)"],
    ["Union[A, 'B']", "any(<A@0>, <B@0>)"],
    ["List[A]", "[each <A@0>]"],
    ["list[list[A]]", "[each [each <A@0>]]"],
    ["typing.Iterable[A]", "[each <A@0>]"],
    ["Tuple[A, B]", "[<A@0>, <B@0>]"],
    ["tuple[A, ...]", "[each <A@0>]"],
    ["Dict[A, B]", "<Dict@0: <A@0>, <B@0>>"],
    ["Callable[[A], B]", "() => <B@0>"],
    ["Awaitable[A]", "promise <A@0>"],
    ["Type[A]", "A@0"],
    ["ClassVar[A]", "<A@0>"],
    ["Annotated[A, b]", "<A@0>"],
    ["Literal['A']", "?"],
    ["None", "?"],
    ["'not a name'", "?"],
  ])("%s", async (type, value) => {
    expect(await definitionsIn(`x: ${type}`)).toEqual([`x variable in 0: ${value}`]);
  });

  test("a class of the file goes before one of typing, Self before any name", async () => {
    const text = "class List: pass\nclass A:\n    def m(self, x: List[A]) -> Self: pass\n";
    expect(await definitionsOf("x", text)).toEqual(["x parameter in 3: <List@2: <A@2>>"]);
    expect(await definitionsOf("m", text)).toEqual(["m method in 2: (3) => instance 2"]);
  });

  test("aliases, in both ways", async () => {
    expect(await definitionsIn("type X[T] = list[T]\nY = Optional[A]\n")).toEqual([
      "T typeParameter in 1: ?",
      "X type in 0: [each <T@1>]",
      "Y variable in 0: any(<A@0>)",
    ]);
  });
});

describe("expressions", () => {
  test.each([
    ["a.b()", "call b: (a@0).b"],
    ["f(a, 1, b).c", "read c: ((f@0)(a@0, any(), b@0)).c"],
    ["a[0].b", "read b: ((a@0)[0]).b"],
    ["a[i].b", "read b: ((a@0)[]).b"],
    ["a[1:].b", "read b: ([each (a@0)[]]).b"],
    ["(await a).b", "read b: (await a@0).b"],
    ["(a if b else c).d", "read d: (any(a@0, c@0)).d"],
    ["(a or b).c", "read c: (any(a@0, b@0)).c"],
    ["[a, *b].c", "read c: ([each any(a@0, (b@0)[])]).c"],
    ["{'k': v}.items", "read items: (any()).items"],
    ["'text'.join", "read join: (any()).join"],
    ["print a.b", "read b: (a@0).b"],
    ["f'{a.b!r:{c}}'", "read c: c@0"],
    ["Stack[int]().push", "read push: ((any((Stack@0)[], Stack@0))()).push"],
    ["next(a).b", "read b: ((a@0)[]).b"],
  ])("%s", async (text, last) => {
    expect((await referencesIn(text)).at(-1)).toBe(last);
  });

  test("named arguments come in the order of the parameters, where those are known", async () => {
    const text = `def f(x, y): pass
class A:
    def __init__(self, x, y): pass
f(other=a, y=b).c
A(y=b).c
unknown(d, y=b).c
`;
    const references = await referencesIn(text);
    expect(references.filter((one) => one.startsWith("read c"))).toEqual([
      "read c: ((f@0)(any(), b@0)).c",
      "read c: ((A@0)(any(), b@0)).c",
      "read c: ((unknown@0)(d@0)).c",
    ]);
    expect(references.some((one) => one.includes("other"))).toBe(false);
  });
});

describe("texts that nobody wrote with care", () => {
  test("sound parts of a broken text count", async () => {
    const { definitions, references } = await factsOf("def f(a:\n    b.c(\nx = y.z\nclass :\n");
    expect(references.some(({ name }) => name === "z")).toBe(true);
    expect(definitions.every(({ start, end }) => start < end)).toBe(true);
  });

  const depth = 10_000;
  test.each([
    ["parentheses", `x = ${"(".repeat(depth)}a${")".repeat(depth)}`, 1],
    ["attributes", `x = a${".b".repeat(depth)}`, depth + 1],
    ["calls", `x = ${"a(".repeat(depth)}${")".repeat(depth)}`, depth],
    ["named arguments", `x = ${"a(k=".repeat(depth)}a${")".repeat(depth)}`, depth + 1],
    ["sums", `x = a${" + a".repeat(depth)}`, depth + 1],
    ["alternatives", `x = a${" or a".repeat(depth)}`, depth + 1],
    ["types", `x: ${"List[".repeat(depth)}a${"]".repeat(depth)}`, depth + 1],
    ["lambdas", `x = ${"lambda: ".repeat(depth)}a`, 1],
    ["targets", `${"[".repeat(depth)}a${"]".repeat(depth)} = x`, 1],
    ["a dotted import", `import a${".b".repeat(depth)}`, 64],
  ])("%s nest deep", { timeout: 30_000 }, async (_, text, count) => {
    const facts = await factsOf(text);
    expect(facts.references.length).toBe(count);
    // Whoever keeps the facts writes them as text, which goes down one call for each level.
    expect(JSON.stringify(facts).length).toBeLessThan(text.length * 200);
  });

  test("the facts of a long text are no more than those of its parts", { timeout: 30_000 }, async () => {
    const part = (name: string): string =>
      `def ${name}(a, b=1):\n    c = a.b.c(b, k=a)[0]\n    self.d = [e for e in c]\n    return c.d\n`;
    const one = await factsOf(part("f"));
    const many = await factsOf(Array.from({ length: 1_000 }, (_, index) => part(`f${index}`)).join(""));
    expect(many.references.length).toBe(one.references.length * 1_000);
    expect(many.definitions.length).toBe(one.definitions.length * 1_000);
    expect(JSON.stringify(many).length).toBeLessThan(JSON.stringify(one).length * 1_500);
  });
});
