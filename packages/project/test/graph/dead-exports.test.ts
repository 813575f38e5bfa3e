import { isAgentOSError } from "@agentos/core";
import { expect, test } from "vitest";
import { type Files, indexOf } from "../resolution/places.js";

/** Dead exports, as `path name`. */
async function dead(files: Files, entries: readonly string[] = []): Promise<readonly string[]> {
  const index = await indexOf(files);
  const found = await index.graph.deadExports({ entries });
  return found.map(({ path, name }) => `${path} ${name}`);
}

test("Rust: what is `pub` and used in no other file; not what a library shows, by modules or as a whole", async () => {
  const files = {
    "Cargo.toml": '[package]\nname = "shop"\n',
    "src/lib.rs":
      "mod cart;\npub mod api;\nmod shown;\npub use crate::shown::*;\nmod inner;\npub use crate::inner as other;\n",
    "src/api.rs": "pub fn offered() {}\npub mod deep;\n",
    "src/api/deep.rs": "pub fn offered_deep() {}\n",
    "src/shown.rs": "pub fn taken_over() {}\n",
    "src/inner.rs": "pub fn handed_on() {}\n",
    "src/cart.rs": `use crate::price::{self, total as sum};
pub(crate) fn add() { sum(); price::tax(); }
pub fn unused_fn() {}
pub struct Unused;
pub struct InSignature;
pub fn returns() -> InSignature { InSignature }
fn own() {}
pub extern "C" fn called_from_c() {}
pub mod tools {
    pub fn unused_tool() {}
    pub(super) fn helper() {}
}
fn uses_helper() { tools::helper(); }
`,
    "src/price.rs": `pub fn total() -> u32 { 0 }
pub fn tax() -> u32 { crate::cart::add(); 0 }
pub fn only_here() {}
fn around() { only_here(); }
`,
    "src/main.rs": "mod price;\npub fn in_program() {}\nfn main() {}\n",
  };
  expect(await dead(files)).toEqual([
    "src/cart.rs unused_fn",
    "src/cart.rs Unused",
    "src/cart.rs returns",
    "src/price.rs only_here",
  ]);
  expect(await dead(files, ["src/price.rs", "src/cart.rs"])).toEqual([]);
});

test("Rust: of two of a name the one that nobody means is dead, whatever the other is used for", async () => {
  const files = {
    "Cargo.toml": '[package]\nname = "shop"\n',
    "src/main.rs":
      "mod one;\nmod two;\nmod three;\nuse crate::two::generate as make;\nfn main() { make(); three::run(); }\n",
    "src/one.rs": "pub fn generate() {}\n",
    "src/two.rs": "pub fn generate() {}\n",
    "src/three.rs": "fn generate() {}\npub fn run() { generate(); }\n",
  };
  expect(await dead(files)).toEqual(["src/one.rs generate"]);
});

test("Rust: a name in a macro may mean any of those that are called so, and a macro writes its own into others", async () => {
  const files = {
    "Cargo.toml": '[package]\nname = "shop"\n',
    "src/main.rs": "mod one;\nmod two;\nmacro_rules! both { () => { generate() }; }\nfn main() { log!(); }\n",
    "src/one.rs": "pub fn generate() {}\n",
    "src/two.rs": "pub fn generate() {}\n",
    "src/log.rs": "pub fn level() {}\nmacro_rules! log { () => { $crate::log::level() }; }\n",
  };
  expect(await dead(files)).toEqual([]);
});

test("C: functions and variables of sources, what headers define; not what is declared for others or only named in a macro", async () => {
  const files = {
    "src/shape.h": `#ifndef SHAPE_H
#define SHAPE_H
#define DOUBLED(x) grow(x, 2)
int area(int side);
int grow(int side, int by);
int unused(int side);
struct used_shape { int side; };
struct unused_shape { int side; };
enum kind { ROUND, SQUARE };
enum unused_kind { FLAT, TALL };
static inline int hidden(void) { return 0; }
#endif
`,
    "src/shape.c": `#include "shape.h"
#include "log.h"
int area(int side) { return side * side; }
int grow(int side, int by) { return side * by; }
int unused(int side) { return side; }
int own_only(void) { return 1; }
int around(void) { return own_only(); }
int counter;
const int fixed = 1;
static int inner(void) { return 0; }
struct local_shape { int side; };
__attribute__((constructor)) void at_start(void) {}
int for_others(void) { return 0; }
`,
    "include/log.h": "int for_others(void);\n",
    "src/main.c":
      '#include "shape.h"\nint main(void) { struct used_shape s; return area(ROUND) + around(); }\n',
  };
  expect(await dead(files)).toEqual([
    "src/shape.c unused",
    "src/shape.c counter",
    "src/shape.h unused_shape",
    "src/shape.h unused_kind",
  ]);
});

test("C++: what stands in namespaces, too; a name behind `::` is a use, and so is one of an overload", async () => {
  const files = {
    "box.hpp": `namespace shop { namespace deep {
class Box {};
class Unused {};
template <class T> class Never {};
template <> class Never<int> {};
inline int open(int x) { return x; }
inline int open(double x) { return 1; }
inline int closed(int x) { return x; }
bool operator==(const Box& a, const Box& b);
} }
`,
    "box.cpp": `#include "box.hpp"
namespace shop {
int price(int x) { return x; }
int unpriced(int x) { return x; }
namespace { int own(int x) { return x; } }
}
`,
    "main.cpp": `#include "box.hpp"
int main() { shop::deep::Box box; return shop::deep::open(1) + ::shop::price(1); }
`,
  };
  expect(await dead(files)).toEqual([
    "box.cpp unpriced",
    "box.hpp Unused",
    "box.hpp Never",
    "box.hpp closed",
  ]);
});

test("C#: types of namespaces, also those of the assembly; not extensions, attributes and parts of what is generated", async () => {
  const files = {
    "Cart.cs": `namespace Shop.Model;
public class Cart { public Item First; }
class Item {}
internal class Unused {}
public interface INever {}
file class Local {}
public partial class Window {}
[Mark] public class Marked {}
public enum Kind { Round }
public delegate void Changed(int x);
public class HomeController {}
`,
    "Tools.cs": `namespace Shop {
  public static class Extensions { public static int Twice(this int x) => x * 2; }
  public static class Forgotten { public static int Thrice(this int x) => x * 3; }
  public class MarkAttribute : System.Attribute {}
  public class PlainAttribute : System.Attribute {}
}
`,
    "Program.cs": `using Shop;
using Shop.Model;
class Program { static void Main() { var cart = new Cart(); 2.Twice(); Changed c = null; } }
`,
  };
  expect(await dead(files)).toEqual([
    "Cart.cs Unused",
    "Cart.cs INever",
    "Cart.cs Marked",
    "Cart.cs Kind",
    "Tools.cs Forgotten",
    "Tools.cs PlainAttribute",
  ]);
});

test("C#: of two types of a name the one whose namespace nobody sees is dead", async () => {
  const files = {
    "A.cs": "namespace A;\npublic class Options {}\n",
    "B.cs": "namespace B;\npublic class Options {}\n",
    "User.cs": "using B;\nnamespace C;\nclass User { Options options; }\nclass Other { User user; }\n",
    "Program.cs": "class Program { static void Main() { new C.Other(); } }\n",
  };
  expect(await dead(files)).toEqual(["A.cs Options"]);
});

test("PHP: classes, interfaces, enums and constants of namespaces, written in either case; not functions", async () => {
  const files = {
    "src/Cart.php": `<?php
namespace Shop;
class Cart {}
class Unused { private Helper $helper; }
class Helper {}
interface Unwanted {}
enum Kind { case Round; }
const LIMIT = 3;
const FORGOTTEN = 4;
function hook() {}
class HomeController {}
`,
    "src/Plain.php": "<?php\nclass Plain {}\nclass Lost {}\ndefine('OLD', 1);\n",
    "main.php": "<?php\nuse Shop\\Cart;\nnew cart();\nnew \\PLAIN();\necho \\Shop\\LIMIT, OLD;\n",
  };
  expect(await dead(files)).toEqual([
    "src/Cart.php Unused",
    "src/Cart.php Unwanted",
    "src/Cart.php Kind",
    "src/Cart.php FORGOTTEN",
    "src/Plain.php Lost",
  ]);
});

test("PHP: of two classes of a name the one that is not imported is dead", async () => {
  const files = {
    "src/A.php": "<?php\nnamespace A;\nclass Options {}\n",
    "src/B.php": "<?php\nnamespace B;\nclass Options {}\n",
    "main.php": "<?php\nuse B\\Options;\nnew Options();\n",
  };
  expect(await dead(files)).toEqual(["src/A.php Options"]);
});

test("Ruby: constants and classes of modules; not what its own file uses, what Rails loads, and the library of a gem", async () => {
  const shop =
    "module Shop\n  class Cart; end\n  class Unused; end\n  LIMIT = 3\n  FORGOTTEN = 4\n  class Own; end\n  OWN = Own\n  HIDDEN = 1\n  private_constant :HIDDEN\nend\nOWN_TOP = Shop::OWN\n";
  const files = {
    "lib/shop.rb": shop,
    "main.rb": "require_relative 'lib/shop'\nShop::Cart.new(Shop::LIMIT)\n",
    "app/models/order.rb": "module Shop\n  class Order; end\nend\n",
  };
  expect(await dead(files)).toEqual(["lib/shop.rb Unused", "lib/shop.rb FORGOTTEN"]);
  expect(await dead({ ...files, "shop.gemspec": "Gem::Specification.new\n" })).toEqual([]);
  expect(await dead({ "a/lib/shop.rb": shop, "b/b.gemspec": "Gem::Specification.new\n" })).toContain(
    "a/lib/shop.rb Unused",
  );
});

test("Bash does not say what a script shows, so nothing of it is dead", async () => {
  expect(await dead({ "a.sh": "unused() { :; }\n", "b.sh": "source a.sh\n" })).toEqual([]);
});

test("a use in another language counts where a name is all that is known", async () => {
  const files = {
    "lib.c": "int called_from_python(void) { return 1; }\nint called_by_nobody(void) { return 1; }\n",
    "main.py": "import ctypes\nctypes.CDLL('lib.so').called_from_python()\n",
  };
  expect(await dead(files)).toEqual(["lib.c called_by_nobody"]);
});

test("progress counts all files that are asked, and an end is heard between two of them", async () => {
  const index = await indexOf({
    "a.rs": "pub fn one() {}\n",
    "b.rs": "pub fn two() {}\n",
    "c.ts": "export const three = 3;\n",
  });
  const seen: string[] = [];
  await index.graph.deadExports({ onProgress: ({ done, total }) => seen.push(`${done}/${total}`) });
  expect(seen).toEqual(["1/3", "2/3", "3/3"]);
  const ender = new AbortController();
  const asked: number[] = [];
  const ended = index.graph.deadExports({
    signal: ender.signal,
    onProgress: ({ done }) => {
      asked.push(done);
      if (done === 2) ender.abort();
    },
  });
  await expect(ended).rejects.toSatisfy((error) => isAgentOSError(error, "ABORTED"));
  expect(asked).toEqual([1, 2]);
});

test("thousands of types of one name, each used in its own file and all others", {
  timeout: 60_000,
}, async () => {
  const files = Object.fromEntries(
    Array.from({ length: 1_500 }, (_, at) => [
      `F${at}.cs`,
      `namespace N${at};\nclass Options { Options next; }\nclass Own${at} {}\n`,
    ]),
  );
  const index = await indexOf(files);
  const before = performance.now();
  const found = await index.graph.deadExports();
  expect(performance.now() - before).toBeLessThan(20_000);
  expect(found).toHaveLength(1_500);
});
