import { describe, expect, test } from "vitest";
import { type Files, indexOf, positionOf } from "../resolution/places.js";
import { checkUses, leadsTo, outline, parseHard, type Use } from "./grammar.js";

const LIBRARY = `//! Shapes and what is done with them.
use std::collections::HashMap;
use std::fmt::{self, Display};

mod area;
pub mod draw {
    use super::Shape;

    pub fn all(shapes: &[Shape]) -> usize {
        shapes.iter().map(|shape| shape.corners()).sum()
    }
}
pub use area::{measure, Unit};

/// Greatest number of shapes.
pub const MOST: usize = 8;
static mut COUNT: u32 = 0;

/** A shape.
 * It has corners. */
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Shape<T = f64> {
    pub name: String,
    points: Vec<Point<T>>,
}

#[derive(Clone, Copy)]
pub struct Point<T>(pub T, pub T);

pub(crate) union Bits {
    whole: u32,
}

/// What a shape may be.
pub enum Kind {
    /// No corners.
    Round,
    Sided(Sides),
    Other { label: String },
}

pub struct Sides {
    count: usize,
}

pub trait Named: Display {
    type Owner;
    const LIMIT: usize = 3;
    fn owner(&self) -> Self::Owner;
    fn short(&self) -> String {
        self.owner();
        String::new()
    }
}

type Result<T> = std::result::Result<T, fmt::Error>;

#[macro_export]
macro_rules! shape {
    ($name:expr) => {
        Shape::new($name)
    };
}

macro_rules! hidden {
    () => {};
}

impl<T> Shape<T> {
    /// Makes one without points.
    pub fn new(name: String) -> Self {
        Self { name, points: Vec::new() }
    }

    #[inline]
    fn corners(&self) -> usize {
        self.points.len()
    }

    fn first(&self) -> Option<&Point<T>> {
        self.points.first()
    }

    pub(crate) fn rename(&mut self, name: &str) -> &mut Self {
        self.name = name.to_owned();
        self
    }
}

impl<T> Named for Shape<T> {
    type Owner = Sides;
    fn owner(&self) -> Sides {
        Sides { count: self.corners() }
    }
}

impl Sides {
    fn twice(&self) -> usize {
        self.count * 2
    }
}

extern "C" {
    fn outside(value: u32) -> u32;
}

pub async fn describe<N: Named>(named: &N, kind: Kind) -> Result<usize> {
    use Kind::*;
    let count = 1;
    let count = count + MOST;
    let sides = named.owner();
    let text = match kind {
        Round => String::new(),
        Kind::Sided(sides) if sides.count > 2 => format!("{count} {}", sides.twice()),
        Sided(Sides { count: inner }) => inner.to_string(),
        Other { label } => label,
    };
    let shape: Shape = shape!(text);
    let point = shape.first().unwrap();
    'outer: for (index, point) in shape.points.iter().enumerate() {
        if index > count {
            break 'outer;
        }
        point.0;
    }
    let shapes: HashMap<String, Shape> = HashMap::new();
    if let Some(found) = shapes.get("a") {
        found.corners();
    }
    let twice = |sides: Sides| sides.twice();
    let made = Shape::<f64>::new(String::new()).clone().rename("b").corners();
    unsafe { outside(COUNT) };
    fn inner() -> usize {
        count()
    }
    crate::draw::all(&[shape]);
    helper(point, made)?;
    Ok(twice(Sides { count }))
}

fn helper<T>(_: &Point<T>, _: usize) -> Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds() {
        let sides = Sides { count: 3 };
        assert_eq!(sides.twice(), MOST - 2);
        assert!(unknown.twice() > 0);
    }
}
`;

const FILES: Files = {
  "Cargo.toml": '[workspace]\nmembers = ["app"]\n\n[package]\nname = "flat-shapes"\nversion = "1.0.0"\n',
  "src/lib.rs": LIBRARY,
  "src/area.rs": `use crate::{Kind, Named as Titled};

pub mod metric;
#[path = "feet_and_inches.rs"]
mod feet;

pub enum Unit {
    Metre,
}

pub fn measure<N: Titled>(named: &N) -> usize {
    super::MOST + self::metric::scale() + feet::FOOT + named.short().len()
}

pub fn kind() -> Kind {
    Kind::Round
}
`,
  "src/area/metric.rs":
    "use super::super::Sides;\npub fn scale() -> usize {\n    3\n}\npub type Edge = Sides;\n",
  "src/feet_and_inches.rs": "pub const FOOT: usize = 12;\n",
  "app/Cargo.toml": '[package]\nname = "app"\n[dependencies]\nflat-shapes = { path = ".." }\n',
  "app/src/main.rs": `use flat_shapes::{draw, measure, Shape};
use flat_shapes::area::metric::scale as by_scale;
use serde::Serialize;

fn main() {
    let mut shape: Shape = Shape::new("a".into());
    shape.rename("b").rename("c");
    draw::all(&[shape]);
    measure(&shape);
    by_scale();
    flat_shapes::measure(&shape);
    Serialize::serialize(shape);
}
`,
};

describe("outline", () => {
  test("definitions, with what is around them, their lines and who may use them", async () => {
    const { symbols, ok } = await outline("rust", LIBRARY);
    expect(ok).toBe(true);
    const seen = symbols.map(
      ({ kind, parent, name, line, endLine, visibility }) =>
        `${kind} ${parent === undefined ? "" : `${parent}.`}${name} ${line}-${endLine} ${visibility}`,
    );
    expect(seen).toEqual([
      "module area 5-5 private",
      "module draw 6-12 public",
      "function draw.all 9-11 public",
      "variable MOST 16-16 public",
      "variable COUNT 17-17 private",
      "class Shape 23-26 public",
      "class Point 29-29 public",
      "class Bits 31-33 internal",
      "enum Kind 36-41 public",
      "variable Kind.Round 38-38 public",
      "variable Kind.Sided 39-39 public",
      "variable Kind.Other 40-40 public",
      "class Sides 43-45 public",
      "interface Named 47-55 public",
      "type Named.Owner 48-48 public",
      "variable Named.LIMIT 49-49 public",
      "method Named.owner 50-50 public",
      "method Named.short 51-54 public",
      "type Result 57-57 private",
      "function shape 60-64 public",
      "function hidden 66-68 internal",
      "method Shape.new 72-74 public",
      "method Shape.corners 77-79 private",
      "method Shape.first 81-83 private",
      "method Shape.rename 85-88 internal",
      "type Shape.Owner 92-92 public",
      "method Shape.owner 93-95 public",
      "method Sides.twice 99-101 private",
      "function outside 105-105 private",
      "function describe 108-140 public",
      "function describe.inner 134-136 private",
      "function helper 142-144 private",
      "module tests 147-156 private",
      "function tests.rounds 151-155 private",
    ]);
  });

  test("documentation, also where attributes stand between", async () => {
    const { symbols } = await outline(
      "rust",
      `${LIBRARY}\n/// One.\n// Not this.\n#[a]\nfn one() {}\n#[doc = "Two."]\nfn two() {}\n// Three.\nfn three() {}\n/// Four.\n\nfn four() {}\n`,
    );
    const docs = Object.fromEntries(
      symbols.flatMap(({ name, doc }) => (doc === undefined ? [] : [[name, doc]])),
    );
    expect(docs).toEqual({
      MOST: "Greatest number of shapes.",
      Shape: "A shape.",
      Kind: "What a shape may be.",
      Round: "No corners.",
      new: "Makes one without points.",
      one: "One.",
      two: "Two.",
      four: "Four.",
    });
  });

  test("imports by their whole paths, those of modules of the file, and paths that are written out", async () => {
    expect((await outline("rust", LIBRARY)).imports).toEqual([
      { specifier: "std::collections::HashMap" },
      { specifier: "std::fmt" },
      { specifier: "std::fmt::Display" },
      { specifier: "mod area" },
      { specifier: "self::Shape" },
      { specifier: "area::measure" },
      { specifier: "area::Unit" },
      { specifier: "std::result::Result" },
      { specifier: "Kind", names: ["*"] },
      { specifier: "crate::draw::all" },
      { specifier: "self", names: ["*"] },
    ]);
    expect(
      (await outline("rust", FILES["src/area.rs"] ?? "")).imports.map(({ specifier }) => specifier),
    ).toEqual([
      "crate::Kind",
      "crate::Named",
      "mod metric",
      'mod "feet_and_inches.rs"',
      "super::MOST",
      "self::metric::scale",
    ]);
  });
});

const USES: readonly Use[] = [
  ["import", "use super::|Shape;", "pub struct Shape"],
  ["type", "shapes: &[|Shape]", "use super::Shape", "pub struct Shape"],
  ["read", "        |shapes.iter()", "all(shapes"],
  ["call", "shape.|corners()).sum", "fn corners"],
  ["import", "pub use |area::", "mod area"],
  ["type", "Vec<|Point<T>>", "pub struct Point"],
  ["type", "points: Vec<Point<|T>>", "pub struct Shape<T"],
  ["type", "Sided(|Sides),", "pub struct Sides"],
  ["type", "-> Self::|Owner", "type Owner;"],
  ["call", "self.|owner();", "fn owner(&self) -> Self"],
  ["type", "-> |Self {", "pub struct Shape"],
  ["read,write", "Self { |name, points", "new(name: String)", "pub name: String"],
  ["write", "Self { name, |points:", "points: Vec"],
  ["read", "self.|points.len()", "points: Vec"],
  ["write", "self.|name = name", "pub name: String"],
  ["read", "self.name = |name.", "name: &str"],
  ["inherit", "impl<T> |Named for", "pub trait Named"],
  ["type", "Named for |Shape<T>", "pub struct Shape"],
  ["call", "count: self.|corners()", "fn corners"],
  ["read", "self.|count * 2", "count: usize,"],
  ["read", "let count = |count + MOST", "let count = 1"],
  ["read", "count + |MOST;", "pub const MOST"],
  ["call", "sides = named.|owner()", "fn owner(&self) -> Self"],
  ["read", "        |Round => ", "Round,"],
  ["read", "Kind::|Sided(sides)", "Sided(Sides),"],
  ["read", "if sides.|count > 2", "count: usize,"],
  ["read", "{|count} {}", "let count = count + MOST"],
  ["call", '{}", sides.|twice())', "fn twice"],
  ["read", "Sides { |count: inner }", "count: usize,"],
  ["read", "=> |inner.to_string()", "count: inner }"],
  ["read", "label } => |label,", "Other { label } =>"],
  ["call", "= |shape!(text)", "macro_rules! shape"],
  ["call", "shape.|first()", "fn first"],
  ["read", "break '|outer;", "'outer: for"],
  ["read", "if |index > count", "for (index, point)"],
  ["call", "found.|corners()", "fn corners"],
  ["type", "sides: |Sides|", "pub struct Sides"],
  ["call", "sides.|twice();", "fn twice"],
  ["call", ".clone().|rename(", "fn rename"],
  ["call", 'rename("b").|corners()', "fn corners"],
  ["call", "{ |outside(COUNT)", "fn outside"],
  ["read", "outside(|COUNT)", "static mut COUNT"],
  ["call", "crate::draw::|all(", "pub fn all"],
  ["call", "    |helper(point", "fn helper"],
  ["read", "helper(|point, made", "let point = shape"],
  ["call", "Ok(|twice(Sides", "let twice ="],
  ["read,write", "twice(Sides { |count })", "let count = count + MOST", "count: usize,"],
  ["type", "sides = |Sides { count: 3", "pub struct Sides"],
  ["call", "assert_eq!(sides.|twice()", "fn twice"],
  ["read", "twice(), |MOST - 2", "pub const MOST"],
];

/** Uses that lead nowhere: of the library, of what has no evident type, of locals of another function. */
const NOWHERE: readonly string[] = [
  "|String::new(),",
  "points.|len()",
  "inner.|to_string",
  "-> |Option<",
  "        |count()\n",
  "(|unknown.twice",
  "unknown.|twice",
  "|format!(",
  "HashMap::|new()",
];

describe("names", () => {
  test("of one file lead to where they are defined", async () => {
    const { seen, expected } = await checkUses("rust", FILES, "src/lib.rs", USES);
    expect(seen).toEqual(expected);
  });

  test("that are of the library, or of nothing known, lead nowhere", async () => {
    const index = await indexOf(FILES);
    for (const piece of NOWHERE) {
      const found = await leadsTo(index, FILES, "src/lib.rs", piece);
      expect([piece, found.filter((place) => !place.endsWith(":2"))]).toEqual([piece, []]);
    }
  });

  test.each([
    ["src/area.rs", "{|Kind, Named", ["src/lib.rs:36"]],
    ["src/area.rs", "mod |metric", ["src/area.rs:3"]],
    ["src/area.rs", "N: |Titled>", ["src/area.rs:1", "src/lib.rs:47"]],
    ["src/area.rs", "super::|MOST", ["src/lib.rs:16"]],
    ["src/area.rs", "metric::|scale()", ["src/area/metric.rs:2"]],
    ["src/area.rs", "feet::|FOOT", ["src/feet_and_inches.rs:1"]],
    ["src/area.rs", "named.|short()", ["src/lib.rs:51"]],
    ["src/area.rs", "Kind::|Round", ["src/lib.rs:38"]],
    ["src/area/metric.rs", "super::|Sides", ["src/lib.rs:43"]],
    ["app/src/main.rs", "shape: |Shape", ["app/src/main.rs:1", "src/lib.rs:23"]],
    ["app/src/main.rs", "Shape::|new(", ["src/lib.rs:72"]],
    ["app/src/main.rs", '.|rename("c")', ["src/lib.rs:85"]],
    ["app/src/main.rs", "draw::|all(", ["src/lib.rs:9"]],
    ["app/src/main.rs", "    |measure(&shape)", ["app/src/main.rs:1", "src/lib.rs:13", "src/area.rs:11"]],
    ["app/src/main.rs", "    |by_scale()", ["app/src/main.rs:2", "src/area/metric.rs:2"]],
    ["app/src/main.rs", "flat_shapes::|measure(&shape)", ["src/lib.rs:13", "src/area.rs:11"]],
    ["app/src/main.rs", "Serialize::|serialize(", []],
  ])("of other files: %s %s", async (path, piece, expected) => {
    expect(await leadsTo(await indexOf(FILES), FILES, path, piece)).toEqual(expected);
  });

  test("are used in other files, also under other names", async () => {
    const index = await indexOf(FILES);
    const found = await index.references(
      "src/area/metric.rs",
      positionOf(FILES["src/area/metric.rs"] ?? "", "fn |scale"),
    );
    expect(found.map((one) => `${one.path}:${one.line} ${one.name} ${one.role}`)).toEqual([
      "app/src/main.rs:2 scale import",
      "app/src/main.rs:10 by_scale call",
      "src/area.rs:12 scale call",
    ]);
  });

  test("tell fields from methods, types from values, and macros from both", async () => {
    const text =
      "struct A { x: u8 }\nimpl A {\n    fn x(&self) -> u8 { self.x }\n}\nmod b { pub fn f() {} }\nfn b(a: A) { b::f(); a.x(); b(a); b!(); }\nmacro_rules! b { () => {} }\n";
    const files = { "src/lib.rs": text };
    const index = await indexOf(files);
    const at = async (piece: string): Promise<readonly number[]> =>
      (await index.definition("src/lib.rs", positionOf(text, piece))).map(({ line }) => line);
    expect(await at("self.|x")).toEqual([1]);
    expect(await at("a.|x()")).toEqual([3]);
    expect(await at("|b::f")).toEqual([5]);
    expect(await at("|b(a);")).toEqual([6]);
    expect(await at("|b!()")).toEqual([7]);
  });
});

describe("modules", () => {
  test("whoever uses a file is affected by it", async () => {
    const index = await indexOf({
      ...FILES,
      "tests/all.rs": "mod common;\nuse flat_shapes::Unit;\n#[test]\nfn works() { common::set_up(); }\n",
      "tests/common/mod.rs": "pub fn set_up() { flat_shapes::area::kind(); }\n",
    });
    const affected = (path: string): Promise<readonly string[]> => index.affectedTests([path]);
    expect(await affected("src/feet_and_inches.rs")).toContain("tests/all.rs");
    expect(await affected("tests/common/mod.rs")).toContain("tests/all.rs");
    expect(await affected("tests/all.rs")).not.toContain("tests/common/mod.rs");
    expect(await leadsTo(index, FILES, "src/lib.rs", "pub use area::{|measure")).toEqual(["src/area.rs:11"]);
  });
});

describe("broken input", () => {
  test("what stands around an error is still there", async () => {
    const { symbols, ok } = await outline(
      "rust",
      "fn before() {}\nfn broken( { let = ; }\nstruct After { a: u8 }\nfn last() {}\n",
    );
    expect(ok).toBe(false);
    expect(symbols.map(({ name }) => name)).toEqual(expect.arrayContaining(["before", "After", "last"]));
  });

  test.each([
    ["nothing", "", 0],
    ["brackets", `fn f() { ${"(".repeat(100_000)} }`, undefined],
    ["closed brackets", `fn f() { ${"(".repeat(20_000)}x${")".repeat(20_000)} }`, 1],
    ["blocks", `fn f() ${"{".repeat(20_000)}${"}".repeat(20_000)}`, 1],
    ["modules", `${"mod m {".repeat(5_000)}${"}".repeat(5_000)}`, 5_000],
    ["a long line", `const TEXT: &str = "${"a".repeat(2_000_000)}";\nfn f() {}`, 2],
    ["a long list", `use a::{${"b, ".repeat(50_000)}};`, 0],
    ["lists in lists", `use ${"a::{".repeat(20_000)}b${"}".repeat(20_000)};`, 0],
    ["a long path", `fn f() { a${"::b".repeat(50_000)}; }`, 1],
    ["a long chain", `fn f(a: A) { a${".clone()".repeat(10_000)}; }`, 1],
    ["many variables of a name", `fn f() { ${"let a = a; ".repeat(20_000)} }`, 1],
    ["tokens in tokens", `m!(${"[a ".repeat(20_000)}${"]".repeat(20_000)});`, 0],
  ])("%s", { timeout: 60_000 }, async (_name, text, count) => {
    const symbols = await parseHard("rust", text);
    if (count !== undefined) expect(symbols).toHaveLength(count);
  });
});
