import { describe, expect, test } from "vitest";
import { indexOf, uses } from "../resolution/places.js";
import { checkUses, outline, parseHard, symbols, type Use } from "./grammar.js";

const DESK = `<?php
declare(strict_types=1);

namespace Library;

use Library\\Books\\{Book, Title as Heading};
use Library\\People;
use function Library\\Books\\shelve;
use const Library\\Books\\MOST;
require_once __DIR__ . '/helpers.php';

const LEAST = 1;
define('FALLBACK', 2);

/**
 * Lends books.
 */
#[Marked]
abstract class Desk extends Counter implements \\Countable, Lends
{
    use Greets;

    public const LIMIT = 8, FIRST = self::LIMIT;
    private ?Book $last = null;
    protected static array $made = [];
    public $open = true, $clerk;

    // Takes what it is made of.
    public function __construct(private readonly People\\Member $owner, int $size = self::LIMIT)
    {
        parent::__construct($size);
        $this->clerk = new Clerk($this);
        static::$made[] = $this;
    }

    abstract protected function close(): void;

    public static function find(string $title, Book ...$books): ?static
    {
        foreach ($books as $place => $book) {
            if ($book->title === $title || $place > MOST) return $book->desk();
        }
        return self::$made[$title] ?? null;
    }

    public function lend(Heading $heading): Book
    {
        $book = shelve($heading);
        $pages = $book->pages + LEAST + FALLBACK;
        $pages = $pages - 1;
        $double = function (int $times) use ($pages, &$book): int { return $pages * $times; };
        $triple = fn($one) => $one + $pages;
        [$left, 'right' => $right] = $this->pages();
        $this->last = $book;
        $this->owner->greet($book)->friend?->greet($left);
        $this->clerk->serve($right);
        $other = Desk::find($heading->text);
        $other->lend(heading: $heading);
        if ($other instanceof Shelf) { echo "got {$other->name} and $pages"; }
        try { helped(); } catch (\\Library\\People\\Lost $lost) { throw $lost->again(); }
        $hidden = new class { public $inner; function get() { return $this->inner; } };
        return $hidden->get() ?? Kind::Regular->book() ?? People\\make(strlen('x'));
    }

    public function pages(): array { global $all; return [$all, $unknown]; }
    public function greet() { return $this->last->pages; }
}

interface Lends { public function lend(Heading $heading): Book; }
trait Greets { private $words; public function say() { return $this->words; } }
enum Kind: string { case Guest = 'g'; case Regular = 'r'; public function book(): Book { return new Book(); } }
function first(?Desk $desk) { return $desk; }

$all = [];
first(null)->lend($all)->title;
`;

const FILES = {
  "src/Desk.php": DESK,
  "src/Counter.php":
    "<?php\nnamespace Library;\nclass Counter {\n  public function __construct(int $size) {}\n}\nclass Clerk {\n  function serve($what) {}\n}\n",
  "src/Books/Book.php":
    "<?php\nnamespace Library\\Books;\nconst MOST = 3;\nclass Book {\n  public string $title;\n  public int $pages;\n  public function desk(): \\Library\\Desk {}\n}\nfunction shelve($what): Book {}\nclass Title {\n  public string $text;\n}\n",
  "src/People.php":
    "<?php\nnamespace Library\\People {\n  class Member {\n    public Member $friend;\n    function greet($what): self { return $this; }\n  }\n  class Lost extends \\Exception {\n    function again() { return $this; }\n  }\n  function make($what) {}\n}\nnamespace {\n  class Book { public $pages; }\n}\n",
  "src/helpers.php": "<?php\nfunction helped() {}\nfunction shelve() {}\n",
};

describe("PHP", () => {
  test("definitions", async () => {
    expect(await symbols("php", DESK)).toEqual([
      "module Library 4-75 undefined",
      "variable Library.LEAST 12-12 public",
      "variable FALLBACK 13-13 public",
      "class Library.Desk 19-67 public # Lends books.",
      "variable Desk.LIMIT 23-23 public",
      "variable Desk.FIRST 23-23 public",
      "variable Desk.last 24-24 private",
      "variable Desk.made 25-25 protected",
      "variable Desk.open 26-26 public",
      "variable Desk.clerk 26-26 public",
      "method Desk.__construct 29-34 public # Takes what it is made of.",
      "variable Desk.owner 29-29 private",
      "method Desk.close 36-36 protected",
      "method Desk.find 38-44 public",
      "method Desk.lend 46-63 public",
      "method Desk.pages 65-65 public",
      "method Desk.greet 66-66 public",
      "interface Library.Lends 69-69 public",
      "method Lends.lend 69-69 public",
      "class Library.Greets 70-70 public",
      "variable Greets.words 70-70 private",
      "method Greets.say 70-70 public",
      "enum Library.Kind 71-71 public",
      "variable Kind.Guest 71-71 public",
      "variable Kind.Regular 71-71 public",
      "method Kind.book 71-71 public",
      "function Library.first 72-72 public",
    ]);
  });

  test("imports and namespaces", async () => {
    const { imports, namespaces } = await outline("php", DESK);
    expect(imports.map(({ specifier }) => specifier)).toEqual([
      "Library\\Books\\Book",
      "Library\\Books\\Title",
      "Library\\People",
      "Library\\Books\\shelve",
      "Library\\Books\\MOST",
      "./helpers.php",
      "Countable",
      "Library\\People\\Lost",
    ]);
    expect(namespaces).toEqual(["Library"]);
    expect((await outline("php", "<?php namespace A\\B { } namespace { }")).namespaces).toEqual(["A\\B", ""]);
    expect((await outline("php", "<?php include 'a.php'; include $b; include 'c' . $d;")).imports).toEqual([
      { specifier: "a.php" },
    ]);
  });

  const USES: readonly Use[] = [
    ["import", "{|Book, Title", "src/Books/Book.php > class Book"],
    ["import", "|Title as", "src/Books/Book.php > class Title"],
    ["import", "function Library\\Books\\|shelve", "src/Books/Book.php > function shelve"],
    ["import", "const Library\\Books\\|MOST", "src/Books/Book.php > const MOST"],
    ["inherit", "extends |Counter", "src/Counter.php > class Counter"],
    ["inherit", "Countable, |Lends", "interface Lends"],
    ["inherit", "use |Greets", "trait Greets"],
    ["read", "self::|LIMIT;", "const LIMIT"],
    ["type", "?|Book $last", "use Library\\Books\\{", "src/Books/Book.php > class Book"],
    ["type", "People\\|Member", "src/People.php > class Member"],
    ["call", "parent::|__construct", "src/Counter.php > function __construct"],
    ["read", "(|$size);", "int $size"],
    ["write", "$this->|clerk =", "$open = true, $clerk"],
    ["call", "new |Clerk", "src/Counter.php > class Clerk"],
    ["write", "static::$|made", "static array $made"],
    ["read", "(|$books as", "Book ...$books"],
    ["read", "($book->|title ===", "src/Books/Book.php > string $title"],
    ["read", "=== |$title", "string $title, Book"],
    ["read", "|$place > ", "as $place"],
    ["read", "> |MOST)", "use const", "src/Books/Book.php > const MOST"],
    ["call", "$book->|desk()", "src/Books/Book.php > function desk"],
    ["type", "(|Heading $heading): Book\n    {", "use Library\\Books\\{", "src/Books/Book.php > class Title"],
    ["call", "= |shelve(", "use function", "src/Books/Book.php > function shelve"],
    ["read", "$book->|pages +", "src/Books/Book.php > int $pages"],
    ["read", "+ |LEAST", "const LEAST"],
    ["read", "+ |FALLBACK", "define('FALLBACK'"],
    ["write", "|$pages = $pages - 1", "$pages = $book->pages"],
    ["read", "return |$pages *", "$double = function", "$pages = $book->pages"],
    ["read", "* |$times", "$double = function"],
    ["read", "|$one + $pages", "$triple"],
    ["read", "$one + |$pages", "$pages = $book->pages"],
    ["call", "$this->|pages();", "function pages"],
    ["write", "$this->|last = $book", "?Book $last"],
    ["read", "$this->|owner->", "private readonly People"],
    ["call", "owner->|greet(", "src/People.php > function greet"],
    ["call", "friend?->|greet(", "src/People.php > function greet"],
    ["read", "(|$left)", "[$left, 'right'"],
    ["call", "clerk->|serve(", "src/Counter.php > function serve"],
    ["read", "serve(|$right", "[$left, 'right'"],
    ["type", "= |Desk::find", "abstract class Desk"],
    ["call", "Desk::|find", "static function find"],
    ["read", "$heading->|text", "src/Books/Book.php > string $text"],
    ["call", "$other->|lend(", "function lend(Heading $heading): Book\n    {"],
    ["read", "and |$pages", "$pages = $book->pages"],
    ["call", "|helped()", "src/helpers.php > function helped"],
    ["type", "catch (\\Library\\People\\|Lost", "src/People.php > class Lost"],
    ["call", "$lost->|again", "src/People.php > function again"],
    ["read", "return $this->|inner", "$hidden = new class"],
    ["call", "$hidden->|get()", "$hidden = new class"],
    ["read", "Kind::|Regular", "enum Kind"],
    ["call", "Regular->|book()", "enum Kind"],
    ["call", "People\\|make(", "src/People.php > function make"],
    ["read", "[|$all, ", "global $all", "$all = [];"],
    ["read", "$this->last->|pages;", "src/Books/Book.php > int $pages"],
    ["call", "|first(null)", "function first"],
    ["call", "first(null)->|lend", "function lend(Heading $heading): Book\n    {"],
    ["read", "lend($all)->|title", "src/Books/Book.php > string $title"],
    // What nobody in the project defines, and what is not evident.
    ["type", "#[|Marked]"],
    ["inherit", "\\|Countable"],
    ["type", "instanceof |Shelf"],
    ["read", "{$other->|name}"],
    ["call", "|strlen("],
    ["read", ", |$unknown]"],
  ];

  test("uses, with their roles, and where they lead to", async () => {
    const { seen, expected } = await checkUses("php", FILES, "src/Desk.php", USES);
    expect(seen).toEqual(expected);
  });

  test("a property, a method and a function of one name are apart", async () => {
    const text = `<?php
class A {
  private $name;
  function name() {}
  function f() { $this->name(); $this->name; name(); }
}
function name() {} // of the file
`;
    const { seen, expected } = await checkUses("php", { "a.php": text }, "a.php", [
      ["call", "$this->|name()", "function name() {}"],
      ["read", "$this->|name;", "private $name"],
      ["call", " |name(); }", "// of the file"],
    ]);
    expect(seen).toEqual(expected);
  });

  test("a function sees no variables but its own", async () => {
    const text =
      "<?php\n$one = 1;\nfunction f() { return $one; }\nclass A { function g() { return $one; } }\n$h = function () { return $one; };\n$i = fn() => $one;\n";
    expect(await uses({ "a.php": text }, "a.php", "|$one = 1")).toEqual(["a.php:6:13 read"]);
  });

  test("names of one namespace are found from another file, those of another are not", async () => {
    const files = {
      "a.php": "<?php\nnamespace A;\nclass Thing { public $price; }\n",
      "b.php": "<?php\nnamespace B;\nclass Thing { public $price; }\n",
      "c.php":
        "<?php\nuse A\\Thing as It;\nfunction f(It $it, B\\Thing $b, Thing $none) { return $it->price; }\n",
    };
    expect(await uses(files, "a.php", "class |Thing")).toEqual(["c.php:2:6 import", "c.php:3:11 type"]);
    expect(await uses(files, "b.php", "class |Thing")).toEqual(["c.php:3:21 type"]);
    expect(await uses(files, "a.php", "$|price")).toEqual(["c.php:3:58 read"]);
  });

  test("a test is affected by what it uses, imports or includes", async () => {
    const index = await indexOf({
      "src/Parser.php": "<?php\nnamespace Code;\nclass Parser {}\n",
      "src/Printer.php": "<?php\nnamespace Code;\nclass Printer {}\n",
      "src/start.php": "<?php\n$ready = true;\n",
      "test/ParserTest.php":
        "<?php\nnamespace Code\\Tests;\nuse Code\\Parser;\nclass ParserTest { function f() { new Parser(); } }\n",
      "test/PrinterTest.php":
        "<?php\nnamespace Code;\nrequire __DIR__ . '/../src/start.php';\nclass PrinterTest { function f() { new Printer(); } }\n",
    });
    const affected = (path: string): Promise<readonly string[]> => index.affectedTests([path]);
    expect(await affected("src/Parser.php")).toEqual(["test/ParserTest.php"]);
    expect(await affected("src/Printer.php")).toEqual(["test/PrinterTest.php"]);
    expect(await affected("src/start.php")).toEqual(["test/PrinterTest.php"]);
  });

  test("a text that is broken gives what is around", async () => {
    const text =
      "<?php\nclass Before { function f() {} }\nclass Broken { function g( { $ = ; }\nfunction after() {}\n";
    const { ok, symbols: found } = await outline("php", text);
    expect(ok).toBe(false);
    expect(found.map(({ name }) => name)).toEqual(expect.arrayContaining(["Before", "f", "after"]));
  });

  const many = 20_000;
  test.each([
    ["nothing", ""],
    ["no code", "plain text\n"],
    ["brackets", `<?php $a = ${"(".repeat(100_000)}`],
    ["closed brackets", `<?php $a = ${"(".repeat(many)}1${")".repeat(many)};`],
    ["blocks", `<?php ${"{".repeat(many)}${"}".repeat(many)}`],
    ["arrays", `<?php $a = ${"[".repeat(many)}${"]".repeat(many)};`],
    ["namespaces", `<?php ${"namespace A; $b; ".repeat(10_000)}`],
    ["a long line", `<?php $a = '${"a".repeat(2_000_000)}';`],
    ["a long name", `<?php new A${"\\A".repeat(many)};`],
    ["a long chain", `<?php $a${"->b()".repeat(many)};`],
    ["elements", `<?php $a${"[0]".repeat(many)} = 1;`],
    ["functions", `<?php ${"$a = fn() => ".repeat(5_000)} 1;`],
    ["constants of one declaration", `<?php const ${"A = 1, ".repeat(many)} B = 2;`],
    ["many values of a name", `<?php ${"$a = $a->b; ".repeat(many)}`],
  ])("%s", { timeout: 60_000 }, async (_name, text) => {
    await parseHard("php", text);
  });
});
