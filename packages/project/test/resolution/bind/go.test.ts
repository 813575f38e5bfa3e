import { expect, test } from "vitest";
import { bindGo } from "../../../src/resolution/bind/go.js";
import type { NameFacts, Term } from "../../../src/resolution/name-facts.js";
import { treesOf } from "./trees.js";

const treeOf = treesOf("go");

async function bind(text: string): Promise<Bound> {
  const tree = await treeOf(text);
  return new Bound(text, bindGo(tree));
}

/** What a text says of names, in a form that people can read. */
class Bound {
  readonly #text: string;
  readonly facts: NameFacts;

  constructor(text: string, facts: NameFacts) {
    this.#text = text;
    this.facts = facts;
  }

  /** References to a name as `line role term`. */
  references(name: string): readonly string[] {
    return this.facts.references
      .filter((each) => each.name === name)
      .map(({ start, role, term }) => `${this.lineAt(start)} ${role} ${show(term)}`);
  }

  count(name: string): number {
    return this.facts.references.filter((each) => each.name === name).length;
  }

  /** Of the references to a plain name, each as its line and the lines of its definitions in the file. */
  targets(name: string): readonly string[] {
    return this.facts.references
      .filter((each) => each.name === name && each.term.is === "name")
      .map(({ start, term }) => `${this.lineAt(start)}->${this.#definitionLines(term).join(",")}`);
  }

  /** Definitions as `line kind value`. */
  definitions(name: string): readonly string[] {
    return this.facts.definitions
      .filter((each) => each.name === name)
      .map(({ start, kind, value, owner }) =>
        [
          this.lineAt(start),
          kind,
          ...(owner === undefined ? [] : [`of ${show(owner)}`]),
          ...(value === undefined ? [] : [show(value)]),
        ].join(" "),
      );
  }

  /** The names of the members of a struct or an interface. */
  members(owner: string): readonly string[] {
    const { value } = this.facts.definitions.find((each) => each.name === owner) ?? {};
    const scope = value?.is === "any" ? value.of[0] : value;
    if (scope?.is !== "class") return [];
    return this.facts.definitions.filter((each) => each.scope === scope.scope).map((each) => each.name);
  }

  supers(owner: string): readonly string[] {
    const { value } = this.facts.definitions.find((each) => each.name === owner) ?? {};
    const scope = value?.is === "any" ? value.of[0] : value;
    return scope?.is === "class" ? (this.facts.scopes[scope.scope]?.supers ?? []).map(show) : [];
  }

  lineAt(offset: number): number {
    return this.#text.slice(0, offset).split("\n").length;
  }

  #definitionLines(term: Term): readonly number[] {
    if (term.is !== "name") return [];
    for (let scope = term.scope; scope >= 0; scope = this.facts.scopes[scope]?.parent ?? -1) {
      if (this.facts.scopes[scope]?.visible !== "all") continue;
      const found = this.facts.definitions.filter(
        (each) => each.scope === scope && each.name === term.name && each.owner === undefined,
      );
      if (found.length > 0) return found.map((each) => this.lineAt(each.start));
    }
    return [];
  }
}

/** A term as text: `T` a name, `<T>` a value of a type, `x[]` an element, `[T]` a sequence, `?` what is not known. */
function show(term: Term): string {
  switch (term.is) {
    case "name":
      return term.name;
    case "member":
      return `${show(term.of)}.${term.name}`;
    case "call":
      return `${show(term.of)}${typesOf(term.types)}(${(term.arguments ?? []).map(show).join(", ")})`;
    case "element":
      return `${show(term.of)}[${term.at ?? ""}]`;
    case "type":
      return `<${show(term.of)}${typesOf(term.types)}>`;
    case "array":
      return `[${term.items?.map(show).join(", ") ?? (term.element ? show(term.element) : "")}]`;
    case "function":
      return `func(${term.parameters.length}) ${term.returns.map(show).join(" ")}`.trim();
    case "module":
      return `module ${term.specifier}`;
    case "any":
      return term.of.length === 0 ? "?" : term.of.map(show).join("|");
    default:
      return term.is;
  }
}

function typesOf(types: readonly Term[] | undefined): string {
  return types === undefined ? "" : `{${types.map(show).join(", ")}}`;
}

function depthOf(term: Term): number {
  let deepest = 0;
  const pending = [{ term, depth: 1 }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { depth } = next;
    deepest = Math.max(deepest, depth);
    for (const value of Object.values(next.term)) {
      for (const part of Array.isArray(value) ? value : [value]) {
        if (typeof part === "object" && part !== null) pending.push({ term: part as Term, depth: depth + 1 });
      }
    }
  }
  return deepest;
}

test("imports: by the last part of the path, by an alias, all of it, none", async () => {
  const bound = await bind(`package a
import "net/http"
import (
  "github.com/go-chi/chi/v5"
  "gopkg.in/yaml.v3"
  str "strings"
  . "math"
  _ "embed"
)
func f() { http.Get(chi.URL, yaml.X, str.Y) }
`);
  expect(bound.definitions("http")).toEqual(["2 import module net/http"]);
  expect(bound.definitions("chi")).toEqual(["4 import module github.com/go-chi/chi/v5"]);
  expect(bound.definitions("yaml")).toEqual(["5 import module gopkg.in/yaml.v3"]);
  expect(bound.definitions("str")).toEqual(["6 import module strings"]);
  expect(bound.definitions("*")).toEqual(["7 import module math"]);
  expect(bound.facts.definitions).toHaveLength(6);
  expect(bound.references("Get")).toEqual(["10 call http.Get"]);
  expect(bound.references("URL")).toEqual(["10 read chi.URL"]);
  const [first] = bound.facts.definitions;
  expect([first?.start, first?.end]).toEqual([22, 26]);
});

test("functions: parameters, results, rest; what they return", async () => {
  const bound = await bind(`package a
func one(a, b Item, rest ...Item) Item { return a }
func two() (Item, error) { return one(x, y), nil }
func named() (item Item, err error) { item = Item{}; return }
func none(Item, int) {}
`);
  expect(bound.definitions("one")).toEqual(["2 function func(3) <Item>"]);
  expect(bound.definitions("two")).toEqual(["3 function func(0) [<Item>, ?]"]);
  expect(bound.definitions("named")).toEqual(["4 function func(0) [<Item>, ?]"]);
  expect(bound.definitions("none")).toEqual(["5 function func(0)"]);
  expect(bound.definitions("rest")).toEqual(["2 parameter [<Item>]"]);
  expect(bound.definitions("item")).toEqual(["4 variable <Item>"]);
  expect(bound.references("item")).toEqual(["4 write item"]);
  expect(bound.targets("one")).toEqual(["3->2"]);
  expect(bound.references("error")).toEqual([]);
});

test("methods belong to what their receiver names", async () => {
  const bound = await bind(`package a
func (s *Server) Run(port int) error { return s.listen(port) }
func (Server) listen(port int) error { return nil }
type Server struct{}
`);
  expect(bound.definitions("Run")).toEqual(["2 method of Server func(1)"]);
  expect(bound.definitions("listen")).toEqual(["3 method of Server func(1)"]);
  expect(bound.definitions("s")).toEqual(["2 parameter <Server>"]);
  expect(bound.references("listen")).toEqual(["2 call s.listen"]);
  expect(bound.references("Server")).toEqual(["2 type Server", "3 type Server"]);
});

test("structs: fields, embedded ones as fields and supers", async () => {
  const bound = await bind(`package a
type Server struct {
  *Base
  pkg.Logger
  Gen[int]
  Host, Port string
  conn struct { id ID }
  _ int
}
`);
  expect(bound.definitions("Server")).toEqual(["2 class class"]);
  expect(bound.members("Server")).toEqual(["Base", "Logger", "Gen", "Host", "Port", "conn"]);
  expect(bound.supers("Server")).toEqual(["Base", "pkg.Logger", "<Gen{?}>"]);
  expect(bound.definitions("Logger")).toEqual(["4 property <pkg.Logger>"]);
  expect(bound.references("Base")).toEqual(["3 inherit Base"]);
  expect(bound.references("Logger")).toEqual(["4 inherit pkg.Logger"]);
  expect(bound.references("pkg")).toEqual(["4 read pkg"]);
  expect(bound.references("Gen")).toEqual(["5 inherit Gen"]);
  expect(bound.definitions("conn")).toEqual(["7 property instance"]);
  expect(bound.references("ID")).toEqual(["7 type ID"]);
});

test("interfaces: methods, embedded ones as supers, unions as neither", async () => {
  const bound = await bind(`package a
type Reader interface {
  Read(p []byte) (Count, error)
  Closer
  io.Seeker
}
type Number interface { ~int | Celsius }
`);
  expect(bound.definitions("Reader")).toEqual(["2 interface class"]);
  expect(bound.members("Reader")).toEqual(["Read"]);
  expect(bound.definitions("Read")).toEqual(["3 method func(1) [<Count>, ?]"]);
  expect(bound.supers("Reader")).toEqual(["Closer", "io.Seeker"]);
  expect(bound.references("Closer")).toEqual(["4 inherit Closer"]);
  expect(bound.supers("Number")).toEqual([]);
  expect(bound.references("Celsius")).toEqual(["7 type Celsius"]);
});

test("other types: an alias is what it names, a new type has members of its own", async () => {
  const bound = await bind(`package a
type Alias = Server
type Strings = []Text
type Copy Server
type Items []Item
type Handler func(r Request) Reply
type Celsius float64
`);
  expect(bound.definitions("Alias")).toEqual(["2 type Server"]);
  expect(bound.definitions("Strings")).toEqual(["3 type [<Text>]"]);
  expect(bound.definitions("Copy")).toEqual(["4 type class"]);
  expect(bound.supers("Copy")).toEqual(["Server"]);
  expect(bound.definitions("Items")).toEqual(["5 type class|[<Item>]"]);
  expect(bound.definitions("Handler")).toEqual(["6 type class|func(1) <Reply>"]);
  expect(bound.definitions("Celsius")).toEqual(["7 type class"]);
});

test("variables: of a declared type, of their value, of one of several results", async () => {
  const bound = await bind(`package a
var a, b Item = one(), two()
var c, d = one(), pkg.Two(a)
var e, f = three()
var ( g []Item; h = g[0]; i chan *Item; j = <-i; k map[string]Item )
func x() {
  l, ok := k["x"]
  m, n := l.(Other)
  o := append(g, l)
  p := new(Item)
  q := make(map[string][]Item, 3)
  r, s, t := 1, "", &p
}
`);
  expect(["a", "b"].flatMap((name) => bound.definitions(name))).toEqual([
    "2 variable <Item>",
    "2 variable <Item>",
  ]);
  expect(bound.definitions("c")).toEqual(["3 variable one()"]);
  expect(bound.definitions("d")).toEqual(["3 variable pkg.Two(a)"]);
  expect(bound.definitions("e")).toEqual(["4 variable three()[0]"]);
  expect(bound.definitions("f")).toEqual(["4 variable three()[1]"]);
  expect(bound.definitions("g")).toEqual(["5 variable [<Item>]"]);
  expect(bound.definitions("h")).toEqual(["5 variable g[]"]);
  expect(bound.definitions("j")).toEqual(["5 variable i[]"]);
  expect(bound.definitions("l")).toEqual(["7 variable k[]"]);
  expect(bound.definitions("ok")).toEqual(["7 variable"]);
  expect(bound.definitions("m")).toEqual(["8 variable <Other>"]);
  expect(bound.definitions("n")).toEqual(["8 variable"]);
  expect(bound.definitions("o")).toEqual(["9 variable g"]);
  expect(bound.definitions("p")).toEqual(["10 variable <Item>"]);
  expect(bound.definitions("q")).toEqual(["11 variable [[<Item>]]"]);
  expect(["r", "s", "t"].flatMap((name) => bound.definitions(name))).toEqual([
    "12 variable",
    "12 variable",
    "12 variable p",
  ]);
});

test("constants: those without a value repeat the one above", async () => {
  const bound = await bind(`package a
const ( Red Color = iota; Green; _; Blue )
const ( One = Size(1); Two )
const Plain = 3
`);
  for (const name of ["Red", "Green", "Blue"])
    expect(bound.definitions(name)).toEqual(["2 variable <Color>"]);
  for (const name of ["One", "Two"]) expect(bound.definitions(name)).toEqual(["3 variable Size()"]);
  expect(bound.definitions("Plain")).toEqual(["4 variable"]);
});

test(":= defines only what is new in that very scope", async () => {
  const bound = await bind(`package a
func f(err error) {
  x, err := one()
  if x, err := two(x); err != nil {
    x, y := x, err
    use(x, y)
  } else {
    use(x)
  }
  use(x)
}
`);
  expect(bound.definitions("err")).toEqual(["2 parameter", "4 variable two(x)[1]"]);
  expect(bound.definitions("x")).toEqual(["3 variable one()[0]", "4 variable two(x)[0]", "5 variable x"]);
  expect(bound.references("err")).toEqual(["3 write err", "4 read err", "5 read err"]);
  expect(bound.targets("x")).toEqual(["4->3", "5->4", "6->5", "8->4", "10->3"]);
});

test("a name is seen from behind its definition on; what is not in the function is of the package", async () => {
  const bound = await bind(`package a
func f() {
  use(count)
  { count := count + 1; use(count) }
  count := count
  use(count, later)
}
var count = 1
func g(url url.URL, other url.URL) { use(url) }
var later = 2
`);
  expect(bound.targets("count")).toEqual(["3->8", "4->8", "4->4", "5->8", "6->5"]);
  expect(bound.targets("later")).toEqual(["6->10"]);
  expect(bound.targets("url")).toEqual(["9->", "9->", "9->9"]);
  expect(bound.references("URL")).toEqual(["9 type url.URL", "9 type url.URL"]);
});

test("loops: the elements of what is ranged over; each loop and body is a scope", async () => {
  const bound = await bind(`package a
func f(items []Item) {
  for i, item := range items { use(i, item) }
  for message := range channel() { use(message) }
  for i := 0; i < 3; i++ { i := i; use(i) }
  for i, items[0] = range items {}
  for range items {}
  use(item)
}
`);
  expect(bound.definitions("item")).toEqual(["3 variable items[]"]);
  expect(bound.definitions("message")).toEqual(["4 variable channel()[]"]);
  expect(bound.definitions("i")).toEqual(["3 variable", "5 variable", "5 variable i"]);
  expect(bound.targets("i")).toEqual(["3->3", "5->5", "5->5", "5->5", "5->5", "6->"]);
  expect(bound.references("i").slice(2)).toEqual(["5 write i", "5 read i", "5 read i", "6 write i"]);
  expect(bound.targets("item")).toEqual(["3->3", "8->"]);
});

test("switches: each case is a scope; of a type switch with the type of the case", async () => {
  const bound = await bind(`package a
func f(x any) {
  switch y := x.(type) {
  case *One: y.Go()
  case Two, Three: y.Stop()
  case nil:
  default: { y := y; use(y) }
  }
  switch z := get(); z.Kind { case A: w := z; use(w); default: use(w) }
  select {
  case message, ok := <-inbox: use(message, ok)
  case outbox <- x: use(message)
  }
}
`);
  expect(bound.definitions("y")).toEqual([
    "3 variable <One>",
    "3 variable x",
    "3 variable",
    "3 variable x",
    "7 variable y",
  ]);
  expect(bound.references("Go")).toEqual(["4 call y.Go"]);
  expect(bound.targets("y")).toEqual(["4->3", "5->3", "7->3", "7->7"]);
  expect(bound.references("Stop")).toEqual(["5 call y.Stop"]);
  expect(bound.definitions("z")).toEqual(["9 variable get()"]);
  expect(bound.targets("w")).toEqual(["9->9", "9->"]);
  expect(bound.definitions("message")).toEqual(["11 variable inbox[]"]);
  expect(bound.targets("message")).toEqual(["11->11", "12->"]);
});

test("labels are of the function, whatever else has their name", async () => {
  const bound = await bind(`package a
func f() {
  goto end
loop:
  for { loop := 1; use(loop); continue loop }
end:
  func() { goto end; end: }()
}
`);
  expect(bound.definitions("loop")).toEqual(["4 label", "5 variable"]);
  expect(bound.targets("loop")).toEqual(["5->5"]);
  expect(bound.references("loop")).toEqual(["5 read loop", "5 read object.loop"]);
  const labels = bound.facts.definitions.filter((each) => each.name === "end").map((each) => each.scope);
  const jumps = bound.facts.references.filter((each) => each.name === "end").map((each) => each.term);
  expect(jumps).toEqual(labels.map((scope) => ({ is: "member", of: { is: "object", scope }, name: "end" })));
  expect(new Set(labels).size).toBe(2);
});

test("literals: keys of structs are members, those of maps are expressions, elements may leave out their type", async () => {
  const bound = await bind(`package a
type Point struct { X, Y int }
type Grid []Point
type Table map[string]Point
func f(name string) {
  a := &Point{X: 1, Y: name}
  b := []Point{{X: 1}, {2, name}}
  c := map[string]*Point{name: {Y: 2}}
  d := Grid{{X: 3}}
  e := Table{name: {Y: 3}}
  g := pkg.Thing{name: name}
  h := struct{ In Point }{In: Point{}}
}
`);
  expect(bound.references("Point")).toEqual([3, 4, 6, 7, 8, 12, 12].map((line) => `${line} type Point`));
  expect(bound.references("X")).toEqual(["6 write <Point>.X", "7 write <Point>.X", "9 write <Grid>[].X"]);
  expect(bound.references("Y")).toEqual(["6 write <Point>.Y", "8 write <Point>.Y", "10 write <Table>[].Y"]);
  expect(bound.references("name")).toEqual([
    "6 read name",
    "7 read name",
    "8 read name",
    "10 read name",
    "11 write <pkg.Thing>.name",
    "11 read name",
  ]);
  expect(bound.definitions("a")).toEqual(["6 variable <Point>"]);
  expect(bound.definitions("b")).toEqual(["7 variable [<Point>]"]);
  expect(bound.definitions("d")).toEqual(["9 variable <Grid>"]);
  expect(bound.references("In")).toEqual(["12 write instance.In"]);
});

test("selectors and calls, through pointers and parentheses", async () => {
  const bound = await bind(`package a
func f(s *Server) {
  (*s).conn.Close()
  s.conn.limit = (s.max)
  s.count++
  (s.run)(s)
  "".x()
}
`);
  expect(bound.references("conn")).toEqual(["3 read s.conn", "4 read s.conn"]);
  expect(bound.references("Close")).toEqual(["3 call s.conn.Close"]);
  expect(bound.references("limit")).toEqual(["4 write s.conn.limit"]);
  expect(bound.references("max")).toEqual(["4 read s.max"]);
  expect(bound.references("count")).toEqual(["5 write s.count"]);
  expect(bound.references("run")).toEqual(["6 call s.run"]);
  expect(bound.references("x")).toEqual(["7 call ?.x"]);
});

test("conversions and assertions give the type", async () => {
  const bound = await bind(`package a
type Mine []Item
func f(x any) {
  a := Mine(x)
  b := Theirs(x)
  c := (*Theirs)(x)
  d := []Item(x)
  e := x.(*Theirs).field
  g := string(x)
}
`);
  expect(bound.definitions("a")).toEqual(["4 variable <Mine>"]);
  expect(bound.definitions("b")).toEqual(["5 variable Theirs(x)"]);
  expect(bound.definitions("c")).toEqual(["6 variable Theirs(x)"]);
  expect(bound.definitions("d")).toEqual(["7 variable [<Item>]"]);
  expect(bound.references("field")).toEqual(["8 read <Theirs>.field"]);
  expect(bound.definitions("e")).toEqual(["8 variable <Theirs>.field"]);
  expect(bound.definitions("g")).toEqual(["9 variable"]);
  expect(bound.references("string")).toEqual([]);
});

test("type parameters of functions, types and receivers", async () => {
  const bound = await bind(`package a
func (s *Stack[E]) Push(value E) *Stack[E] { s.items = append(s.items, value); return s }
type Stack[T Item] struct { items []T }
func Map[K comparable, V Shape](of Stack[K], by func(K) V) []V { return nil }
func g() {
  a := Map[int, Circle](x, y)
  b := Map[int](x)
  c := Stack[Circle]{}
  d := Map[Circle](x, y)
}
`);
  expect(bound.definitions("T")).toEqual(["3 typeParameter <Item>"]);
  expect(bound.definitions("E")).toEqual(["2 typeParameter T"]);
  expect(bound.definitions("V")).toEqual(["4 typeParameter <Shape>"]);
  expect(bound.definitions("items")).toEqual(["3 property [<T>]"]);
  expect(bound.targets("T")).toEqual(["3->3"]);
  expect(bound.targets("E")).toEqual(["2->2", "2->2"]);
  expect(bound.targets("V")).toEqual(["4->4", "4->4"]);
  expect(bound.definitions("Push")).toEqual(["2 method of Stack func(1) <Stack{<E>}>"]);
  expect(bound.definitions("of")).toEqual(["4 parameter <Stack{<K>}>"]);
  expect(bound.definitions("a")).toEqual(["6 variable Map{?, <Circle>}(x, y)"]);
  expect(bound.definitions("b")).toEqual(["7 variable Map{?}(x)|Map[](x)"]);
  expect(bound.definitions("c")).toEqual(["8 variable <Stack{<Circle>}>"]);
  expect(bound.definitions("d")).toEqual(["9 variable Map{<Circle>}(x, y)|Map[](x, y)"]);
  expect(bound.references("Map").map((each) => each.split(" ").slice(0, 2).join(" "))).toEqual([
    "6 call",
    "7 call",
    "9 call",
  ]);
});

test("function literals see what is around them, and are what they return", async () => {
  const bound = await bind(`package a
func f(limit int) {
  check := func(value Item) Result { return judge(value, limit) }
  first := check(x)
  go func(value int) { use(value) }(limit)
  use(value)
}
`);
  expect(bound.definitions("check")).toEqual(["3 variable func(1) <Result>"]);
  expect(bound.definitions("first")).toEqual(["4 variable check(x)"]);
  expect(bound.targets("limit")).toEqual(["3->2", "5->2"]);
  expect(bound.targets("value")).toEqual(["3->3", "5->5", "6->"]);
});

test("types within functions, which may name themselves", async () => {
  const bound = await bind(`package a
type node struct { other int }
func f() {
  type node struct { next *node }
  var first node
  first.next.next = nil
}
var second node
`);
  expect(bound.targets("node")).toEqual(["4->4", "5->4", "8->2"]);
  expect(bound.references("next")).toEqual(["6 read first.next", "6 write first.next.next"]);
});

test("offsets count UTF-16 units; broken code gives what can be read", async () => {
  const bound = await bind(`package a
var s = "😀é"; func f() { use(s) }
func g( {
  h(s)
`);
  const [first] = bound.facts.references.filter((each) => each.name === "s");
  expect(first?.start).toBe("package a\n".length + 'var s = "😀é"; func f() { use('.length);
  expect(bound.references("h")).toEqual(["4 call h"]);
});

test("what nests deeply is walked over in time that grows with it, and terms stay small", async () => {
  const count = 10_000;
  const parentheses = await bind(`package a\nvar x = ${"(".repeat(count)}y${")".repeat(count)}\n`);
  expect(parentheses.definitions("x")).toEqual(["2 variable y"]);
  const chain = await bind(`package a\nvar x = y${".a()".repeat(count)}\n`);
  expect(chain.count("a")).toBe(count);
  expect(
    Math.max(...chain.facts.references.slice(0, 500).map(({ term }) => depthOf(term))),
  ).toBeLessThanOrEqual(200);
  const blocks = await bind(`package a\nfunc f(x int) ${"{ use(x); ".repeat(count)}${"}".repeat(count)}\n`);
  expect(blocks.count("x")).toBe(count);
  const calls = await bind(`package a\nvar x = ${"f(".repeat(count)}${")".repeat(count)}\n`);
  expect(calls.count("f")).toBe(count);
  const types = await bind(`package a\nvar x ${"[]".repeat(count)}Item\n`);
  expect(types.references("Item")).toEqual(["2 type Item"]);
  const sum = await bind(`package a\nvar x = y${" + 1".repeat(count)}\n`);
  expect(sum.definitions("x")).toEqual(["2 variable y"]);
});
