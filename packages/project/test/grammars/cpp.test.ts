import { describe, expect, test } from "vitest";
import { type Files, indexOf, positionOf } from "../resolution/places.js";
import { checkUses, leadingSomewhere, leadsTo, outline, parseHard, type Use } from "./grammar.js";

const TEXT = `#include <vector>
#include "shapes/base.hpp"

namespace fs = std::filesystem;
using namespace shapes;
using std::string;

namespace app {

enum class Mode : int { Fast, Slow };
enum Level { Low, High };

using Names = std::vector<string>;

/// Holds a value.
template <typename T, int Size = 4>
class Box : public Base<T>, private Counted {
public:
    explicit Box(T value) : value_(value), Counted(1) {}
    virtual ~Box() = default;

    // What is held.
    T get() const { return value_; }
    static Box *make(const T &value);
    bool operator==(const Box &other) const { return other.value_ == this->value_; }
    operator bool() const;

    struct Inner {
        int depth;
    };

protected:
    Inner inner_;

private:
    T value_;
    static int made_;
};

struct Point {
    int x = 0, y = 0;
    int sum() const;
    void move(int by);
    friend class Painter;
};

template <typename T, int Size>
Box<T, Size> *Box<T, Size>::make(const T &value) {
    made_ += 1;
    return new Box<T, Size>(value);
}

int Point::sum() const {
    return x + this->y;
}

void Point::move(int x) {
    this->x += x;
    sum();
}

namespace {
int hidden = 0;
}

static Point origin() { return Point{}; }

template <typename F>
int each(const std::vector<Point> &points, F &&visit) {
    int total = hidden;
    for (const auto &point : points) {
        total += point.sum();
        visit(point);
    }
    return total;
}

int run(Point first, Point *second, const std::vector<Point> &points) {
    Point third(first);
    auto made = std::make_unique<Point>();
    auto copy = *second;
    made->move(1);
    copy.move(third.x);
    points[0].sum();
    points.front().move(2);
    auto add = [&](Point point) { return point.x + first.y; };
    if (auto *found = find(points); found != nullptr) {
        found->sum();
    }
    Box<Point> box(first);
    box.get().sum();
    box.count();
    box.unknown();
    Box<int>::Inner inner;
    inner.depth = add(third);
    Mode mode = Mode::Fast;
    switch (High) {
    case Low:
        origin().move(static_cast<Point *>(second)->y);
    default:
        break;
    }
    try {
        throw Point{1, 2};
    } catch (const Point &error) {
        error.sum();
    }
    ::global(shapes::area(1));
    app::each(points, add);
    delete second;
    return each(points, [](const Point &point) { return point.sum(); }) + int(mode == app::Mode::Slow);
}

class EXPORTED Painter {
public:
    int paint(Point point);
private:
    int color_;
};

int Painter::paint(Point point) { return color_ + point.x; }

} // namespace app

int global(int value) {
    app::Painter painter;
    return painter.paint(app::Point()) + value;
}
`;

const FILES: Files = {
  "src/app.cpp": TEXT,
  "include/shapes/base.hpp": `#pragma once

namespace shapes {

class Counted {
public:
    Counted(int start);
    int count() const;
    int total = 0;
};

template <typename T>
struct Base {
    T held;
};

namespace detail {
inline int twice(int value) { return value * 2; }
}

int area(int side);

} // namespace shapes
`,
  "src/base.cpp": `#include "shapes/base.hpp"

namespace shapes {

Counted::Counted(int start) : total(start) {}

int Counted::count() const {
    return total + detail::twice(area(total));
}

int area(int side) {
    return side;
}

}
`,
  "test/base_test.cc": `#include "shapes/base.hpp"

using shapes::area;
namespace s = shapes;

class Named : public shapes::Counted {
public:
    Named() : shapes::Counted(1) {}
    int all() { return count() + total; }
};

int main() {
    Named named;
    named.count();
    s::Counted counted(1);
    return area(counted.count()) + s::detail::twice(2) + other::area(1);
}
`,
};

describe("outline", () => {
  test("definitions with what is around them, their lines, documentation and who may use them", async () => {
    const { symbols, imports, namespaces } = await outline("cpp", TEXT);
    const seen = symbols.map(
      ({ kind, parent, name, line, endLine, visibility, doc }) =>
        `${kind} ${parent === undefined ? "" : `${parent}.`}${name} ${line}-${endLine} ${visibility}${doc === undefined ? "" : `: ${doc}`}`,
    );
    expect(seen).toEqual([
      "module app 8-123 public",
      "enum app.Mode 10-10 public",
      "variable Mode.Fast 10-10 public",
      "variable Mode.Slow 10-10 public",
      "enum app.Level 11-11 public",
      "variable Level.Low 11-11 public",
      "variable Level.High 11-11 public",
      "type app.Names 13-13 public",
      "class app.Box 16-38 public: Holds a value.",
      "method Box.Box 19-19 public",
      "method Box.~Box 20-20 public",
      "method Box.get 23-23 public: What is held.",
      "method Box.operator== 25-25 public",
      "method Box.operator bool 26-26 public",
      "class Box.Inner 28-30 public",
      "class app.Point 40-45 public",
      "method Box.make 47-51 undefined",
      "method Point.sum 53-55 undefined",
      "method Point.move 57-60 undefined",
      "variable app.hidden 63-63 internal",
      "function app.origin 66-66 internal",
      "function app.each 68-76 public",
      "function app.run 78-112 public",
      "class app.Painter 114-119 public",
      "method Painter.paint 121-121 undefined",
      "function global 125-128 public",
    ]);
    expect(imports).toEqual([{ specifier: "<vector>" }, { specifier: "shapes/base.hpp" }]);
    expect(namespaces).toEqual(["app"]);
  });

  test("a prototype is left out only where its body is in the file", async () => {
    const { symbols } = await outline("cpp", FILES["include/shapes/base.hpp"] ?? "");
    expect(symbols.map(({ kind, parent, name }) => `${kind} ${parent ?? ""}.${name}`)).toEqual([
      "module .shapes",
      "class shapes.Counted",
      "method Counted.Counted",
      "method Counted.count",
      "class shapes.Base",
      "module shapes.detail",
      "function shapes::detail.twice",
      "function shapes.area",
    ]);
  });
});

const USES: readonly Use[] = [
  ["write", ": |value_(value)", "    T value_;"],
  ["read", "value_(|value),", "explicit Box(T value)"],
  ["type", "explicit Box(|T value)", "template <typename T, int Size = 4>"],
  ["read", "{ return |value_; }", "    T value_;"],
  ["type", "operator==(const |Box &", "class Box"],
  ["read", "other.|value_ ==", "    T value_;"],
  ["type", "    |Inner inner_", "struct Inner"],
  ["read", "> *|Box<T, Size>::make", "class Box"],
  ["write", "|made_ += 1", "static int made_"],
  ["type", "new |Box<T", "class Box"],
  ["read", "return |x + this", "int x = 0"],
  ["read", "this->|y;", "int x = 0"],
  ["read", "void |Point::move", "struct Point"],
  ["write", "this->|x += x", "int x = 0"],
  ["read", "x += |x;", "void Point::move(int x)"],
  ["type", "{ return |Point{}", "struct Point"],
  ["read", "total = |hidden", "int hidden"],
  ["call", "point.|sum();\n        visit", "    int sum() const;", "int Point::sum"],
  ["call", "|visit(point)", "int each("],
  ["read", "third(|first)", "int run("],
  ["call", "made->|move(1)", "    void move(", "void Point::move("],
  ["call", "copy.|move(third", "    void move(", "void Point::move("],
  ["read", "third.|x)", "int x = 0"],
  ["call", "points[0].|sum()", "    int sum() const;", "int Point::sum"],
  ["call", "front().|move(2)", "    void move(", "void Point::move("],
  ["read", "return |point.x + first", "auto add = ["],
  ["read", "point.|x + first", "int x = 0"],
  ["read", "first.|y; }", "int x = 0"],
  ["read", "; |found != nullptr", "if (auto *found"],
  ["call", "box.get().|sum()", "    int sum() const;", "int Point::sum"],
  ["type", "Box<int>::|Inner inner", "struct Inner"],
  ["write", "inner.|depth =", "int depth;"],
  ["call", "= |add(third)", "auto add ="],
  ["type", "    |Mode mode", "enum class Mode"],
  ["read", "Mode::|Fast;", "enum class Mode"],
  ["read", "switch (|High)", "enum Level"],
  ["call", "origin().|move(", "    void move(", "void Point::move("],
  ["read", "(second)->|y)", "int x = 0"],
  ["call", "error.|sum()", "    int sum() const;", "int Point::sum"],
  ["call", "::|global(shapes", "int global(int value)"],
  ["call", "app::|each(points, add)", "int each("],
  ["read", "app::Mode::|Slow", "enum class Mode"],
  ["type", "paint(|Point point)", "struct Point"],
  ["read", "return |color_ + point", "int color_;"],
  ["read", "color_ + point.|x; }", "int x = 0"],
  ["type", "app::|Painter painter", "class EXPORTED Painter"],
  ["call", "painter.|paint(", "int paint(Point point)", "Painter::paint("],
  ["call", "paint(app::|Point()", "struct Point"],
];

const NOWHERE: readonly string[] = [
  "std::|vector<string>",
  "using std::|string;",
  "= |find(points)",
  "found->|sum()",
  "box.|unknown()",
  "std::|make_unique",
];

describe("names", () => {
  test("of one file lead to where they are defined", async () => {
    const { seen, expected } = await checkUses("cpp", FILES, "src/app.cpp", USES);
    expect(seen).toEqual(expected);
  });

  test("that nothing evident defines lead nowhere", async () => {
    expect(await leadingSomewhere(FILES, "src/app.cpp", NOWHERE)).toEqual([]);
  });

  test.each([
    ["src/app.cpp", "public |Base<T>", ["include/shapes/base.hpp:13"]],
    ["src/app.cpp", "private |Counted", ["include/shapes/base.hpp:5"]],
    ["src/app.cpp", "box.|count()", ["include/shapes/base.hpp:8", "src/base.cpp:7"]],
    ["src/app.cpp", "shapes::|area(1)", ["include/shapes/base.hpp:21", "src/base.cpp:11"]],
    ["src/base.cpp", "return |total + ", ["include/shapes/base.hpp:9"]],
    ["src/base.cpp", ": |total(start)", ["include/shapes/base.hpp:9"]],
    ["src/base.cpp", "detail::|twice(", ["include/shapes/base.hpp:18"]],
    ["src/base.cpp", "(|area(total)", ["src/base.cpp:11"]],
    ["test/base_test.cc", "shapes::|Counted {", ["include/shapes/base.hpp:5"]],
    ["test/base_test.cc", "return |count() +", ["include/shapes/base.hpp:8", "src/base.cpp:7"]],
    ["test/base_test.cc", "+ |total;", ["include/shapes/base.hpp:9"]],
    ["test/base_test.cc", "named.|count()", ["include/shapes/base.hpp:8", "src/base.cpp:7"]],
    ["test/base_test.cc", "s::|Counted counted", ["include/shapes/base.hpp:5"]],
    [
      "test/base_test.cc",
      "return |area(",
      ["test/base_test.cc:3", "include/shapes/base.hpp:21", "src/base.cpp:11"],
    ],
    ["test/base_test.cc", "s::detail::|twice(", ["include/shapes/base.hpp:18"]],
    ["test/base_test.cc", "other::|area(1)", []],
  ])("of other files: %s %s", async (path, piece, expected) => {
    expect(await leadsTo(await indexOf(FILES), FILES, path, piece)).toEqual(expected);
  });

  test("of methods are used in other files", async () => {
    const index = await indexOf(FILES);
    const found = await index.references(
      "src/base.cpp",
      positionOf(FILES["src/base.cpp"] ?? "", "Counted::|count"),
    );
    expect(found.map((one) => `${one.path}:${one.line} ${one.role}`)).toEqual([
      "src/app.cpp:92 call",
      "test/base_test.cc:9 call",
      "test/base_test.cc:14 call",
      "test/base_test.cc:16 call",
    ]);
  });
});

describe("includes", () => {
  test("whoever includes a header is affected by the source that has its bodies", async () => {
    const index = await indexOf(FILES);
    expect(await index.affectedTests(["src/base.cpp"])).toEqual(["test/base_test.cc"]);
  });
});

describe("broken input", () => {
  test("what stands around an error is still there", async () => {
    const { symbols, ok } = await outline(
      "cpp",
      "namespace a {\nint before() { return 1; }\nint broken() { = ; )( }\nclass After { int a; };\n}\nint last;\n",
    );
    expect(ok).toBe(false);
    expect(symbols.map(({ name }) => name)).toEqual(expect.arrayContaining(["before", "After", "last"]));
  });

  test.each([
    ["nothing", "", 0],
    ["brackets", `int f() { return ${"(".repeat(100_000)}; }`, undefined],
    ["closed brackets", `int f() { return ${"(".repeat(20_000)}x${")".repeat(20_000)}; }`, 1],
    ["namespaces", `${"namespace a {".repeat(2_000)}${"}".repeat(2_000)}`, 2_000],
    ["classes in classes", `${"class A {".repeat(3_000)}${"};".repeat(3_000)}`, undefined],
    ["lambdas in lambdas", `auto f = ${"[] { return ".repeat(3_000)}1${"; }".repeat(3_000)};`, 1],
    ["arguments in arguments", `${"A<".repeat(3_000)}int${">".repeat(3_000)} f;`, undefined],
    ["a long line", `const char *f = "${"a".repeat(2_000_000)}";\nint g;`, 2],
    ["a long path", `int f() { return a${"::b".repeat(20_000)}; }`, 1],
    ["a long chain", `int f(A a) { return a${".b()".repeat(10_000)}; }`, 1],
    ["many methods", `class A { ${"void f(); ".repeat(10_000)} };`, 10_001],
  ])("%s", { timeout: 60_000 }, async (_name, text, count) => {
    const symbols = await parseHard("cpp", text);
    if (count !== undefined) expect(symbols).toHaveLength(count);
  });
});
