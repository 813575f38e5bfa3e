import { describe, expect, test } from "vitest";
import { indexOf, uses } from "../resolution/places.js";
import { checkUses, outline, parseHard, symbols, type Use } from "./grammar.js";

const DESK = `# frozen_string_literal: true
require "set"
require "library/counter"
require_relative "books"

# Everything about lending.
module Library
  autoload :Printer, "library/printer"

  # Lends books.
  class Desk < Counter
    include Greeting
    extend Naming

    # How many there may be.
    MOST = 8
    LEAST, NONE = 1, 0
    Slip = Struct.new(:title, :days) do
      # When it ends.
      def due = days + 1
    end
    class Closed < StandardError; end

    # Who is served.
    attr_accessor :current
    attr_reader "shelf", :log
    private attr_writer :log

    @@desks = 0

    class << self
      attr_reader :main

      # Opens the first.
      def open(shelf)
        @main = new(shelf)
        @@desks += 1
        main.lend("first")
        build
      end

      private

      def build; end
    end

    def self.find(name)
      open([]) unless main
      label(name)
    end

    def initialize(shelf, limit: MOST)
      super()
      @shelf = shelf
      @limit = limit
      @printer = Printer.new(self)
      self.current = Member.new("none")
    end

    def lend(title, to = current, *rest, days: 1, &block)
      return refuse(to) if @limit > MOST
      slip = Slip.new(title, days)
      slip.days += 1
      shelf.each do |book; seen|
        seen = book
        title = seen.title if allowed?(book)
      end
      first, (second, *others) = rest
      @printer.print(slip.due, second, others)
      block.call(first)
      friend = to.friend
      friend.greet(friend.name)
      current.name = title
      ::Library::Desk.find(:a)
      count
    rescue Closed, Library::Books::Missing => error
      log << error.message
    ensure
      @log ||= []
    end
    alias borrow lend
    alias_method :take, "borrow"

    define_method(:size) { |unit| shelf.length * unit }

    def friend_of(member)
      case member
      when Member then member.friend
      in { name: String => name, age: } if age > 1
        [name, age]
      end
    end

    def current_name = current.name

    def log=(lines)
      @log = lines
    end

    def refuse(whom)
      whom => { name: }
      tell = ->(text) { "#{text} #{whom}" }
      tell.call(name)
      %w[a b].map(&:to_s)
      for each in 1..3 do each.succ end
      $refused = whom
      send(:friend_of, $refused)
    end

    protected

    def allowed?(book) = book.pages < LEAST

    private

    def <=>(other)
      size(1) <=> other.size(1)
    end

    public :refuse
    private_constant :NONE
  end
end

def helper(desk)
  desk
end

helper(Library::Desk.new([]))
main = Library::Desk
`;

const FILES = {
  "lib/library/desk.rb": DESK,
  "lib/library/desk_part.rb": `module Library
  class Desk
    def self.label(name) = name
    def print_all
      lend("all")
      @nothing
    end
  end
end
`,
  "lib/library/counter.rb": `module Library
  class Counter
    attr_reader :count
    def initialize
      @count = 0
    end
  end
  class Member
    attr_accessor :name
    def initialize(name)
      @name = name
    end
    def friend
      Member.new(@name)
    end
    def greet(name)
    end
  end
  module Greeting
    def greet(name) = name
  end
  module Naming
    def label_of(name) = name
  end
end
`,
  "lib/library/books.rb": `module Library
  module Books
    class Missing < StandardError
      def message = "missing"
    end
  end
end
`,
  "lib/library/printer.rb": `class Library::Printer
  def initialize(desk)
    @desk = desk
  end
  def print(*texts)
    @desk.lend(texts)
  end
end
`,
  "lib/elsewhere.rb": `module Elsewhere
  class Member
  end
end
`,
};

describe("Ruby", () => {
  test("definitions", async () => {
    expect(await symbols("ruby", DESK)).toEqual([
      "module Library 7-123 undefined # Everything about lending.",
      "class Library.Desk 11-122 public # Lends books.",
      "variable Desk.MOST 16-16 public # How many there may be.",
      "variable Desk.LEAST 17-17 public",
      "variable Desk.NONE 17-17 private",
      "class Desk.Slip 18-21 public",
      "method Slip.title 18-18 public",
      "method Slip.days 18-18 public",
      "method Slip.due 20-20 public # When it ends.",
      "class Desk.Closed 22-22 public",
      "method Desk.current 25-25 public # Who is served.",
      "method Desk.shelf 26-26 public",
      "method Desk.log 26-26 public",
      "method Desk.log= 27-27 private",
      "method Desk.main 32-32 public",
      "method Desk.open 35-40 public # Opens the first.",
      "method Desk.build 44-44 private",
      "method Desk.find 47-50 public",
      "method Desk.initialize 52-58 public",
      "method Desk.lend 60-80 public",
      "method Desk.borrow 81-81 public",
      "method Desk.take 82-82 public",
      "method Desk.size 84-84 public",
      "method Desk.friend_of 86-92 public",
      "method Desk.current_name 94-94 public",
      "method Desk.log= 96-98 public",
      "method Desk.refuse 100-108 public",
      "method Desk.allowed? 112-112 protected",
      "method Desk.<=> 116-118 private",
      "function helper 125-127 undefined",
    ]);
  });

  test("imports and namespaces", async () => {
    const { imports, namespaces } = await outline("ruby", DESK);
    expect(imports).toEqual([
      { specifier: "set" },
      { specifier: "library/counter" },
      { specifier: "./books" },
      { specifier: "library/printer", names: ["Printer"] },
    ]);
    expect(namespaces).toEqual(["Library", "Library::Desk", "Library::Desk::Slip", "Library::Desk::Closed"]);
  });

  const USES: readonly Use[] = [
    ["import", ":|Printer,", "lib/library/printer.rb > class Library::Printer"],
    ["inherit", "Desk < |Counter", "lib/library/counter.rb > class Counter"],
    ["inherit", "include |Greeting", "lib/library/counter.rb > module Greeting"],
    ["inherit", "extend |Naming", "lib/library/counter.rb > module Naming"],
    ["inherit", "Closed < |StandardError"],
    ["call", "due = |days + 1", "Struct.new(:title"],
    ["call", "@main = |new(", "def initialize(shelf"],
    ["read", "new(|shelf)", "def open(shelf"],
    ["write", "|@@desks += 1", "@@desks = 0"],
    ["call", "|main.lend", "attr_reader :main"],
    ["call", 'main.|lend("first")', "def lend(title"],
    ["call", "|build\n", "def build; end"],
    ["call", "|open([])", "def open(shelf"],
    ["call", "|label(name)", "lib/library/desk_part.rb > def self.label"],
    ["read", "label(|name)", "def self.find(name)"],
    ["read", "limit: |MOST)", "MOST = 8"],
    ["call", "|super()", "lib/library/counter.rb > def initialize\n"],
    ["read", "shelf = |shelf", "def initialize(shelf"],
    ["read", "@printer = |Printer.new", "lib/library/printer.rb > class Library::Printer"],
    ["call", "Printer.|new(self)", "lib/library/printer.rb > def initialize"],
    ["write", "self.|current =", "attr_accessor :current"],
    ["call", "Member.|new(", "lib/library/counter.rb > def initialize(name)"],
    ["call", "to = |current,", "attr_accessor :current"],
    ["call", "return |refuse(to)", "def refuse"],
    ["read", "refuse(|to)", "def lend(title, to"],
    ["read", "if |@limit >", "@limit = limit"],
    ["read", "> |MOST\n", "MOST = 8"],
    ["read", "slip = |Slip.new", "Slip = Struct"],
    ["read", "Slip.new(|title, days", "def lend(title"],
    ["call,write", "slip.|days += 1", "Struct.new(:title"],
    ["call", "|shelf.each", 'attr_reader "shelf"'],
    ["write", "|seen = book", "do |book; seen"],
    ["read", "seen = |book", "do |book; seen"],
    ["write", "|title = seen", "def lend(title"],
    ["call", "if |allowed?(book)", "def allowed?"],
    ["read", "= |rest\n", "def lend(title"],
    ["read", "|@printer.print", "@printer = Printer"],
    ["call", "@printer.|print(", "lib/library/printer.rb > def print"],
    ["call", "print(slip.|due", "def due"],
    ["read", "due, |second, others", "first, (second"],
    ["read", "second, |others)", "first, (second"],
    ["read", "|block.call", "def lend(title"],
    ["read", "call(|first)", "first, (second"],
    ["call", "to.|friend\n", "lib/library/counter.rb > def friend"],
    ["write", "current.|name = title", "lib/library/counter.rb > attr_accessor :name"],
    ["read", "::|Library::Desk.find", "lib/library/books.rb > module Library"],
    ["read", "::Library::|Desk.find", "class Desk < Counter"],
    ["call", "Desk.|find(:a)", "def self.find"],
    ["call", "|count\n    rescue", "lib/library/counter.rb > attr_reader :count"],
    ["type", "rescue |Closed,", "class Closed"],
    ["type", "Library::Books::|Missing =>", "lib/library/books.rb > class Missing"],
    ["call", "|log << error", 'attr_reader "shelf", :log'],
    ["call", "error.|message", "lib/library/books.rb > def message"],
    ["read", "borrow |lend", "def lend(title"],
    ["read", 'take, "|borrow"', "alias borrow", "def lend(title"],
    ["read", "length * |unit", "|unit|"],
    ["type", "when |Member", "lib/library/counter.rb > class Member"],
    ["read", "then |member.friend", "def friend_of"],
    ["read", "if |age > 1", "age: } if"],
    ["read", "[|name, age]", "String => name"],
    ["call", "= |current.name", "attr_accessor :current"],
    ["call", "= current.|name", "lib/library/counter.rb > attr_accessor :name"],
    ["read", "@log = |lines", "def log=(lines"],
    ["read", "#{|text}", "tell = ->"],
    ["read", "} #{|whom}", "def refuse(whom)"],
    ["read", "|tell.call", "tell = ->"],
    ["read", "do |each.succ", "for each in"],
    ["read", "send(:|friend_of", "def friend_of"],
    ["read", ", |$refused)", "$refused = whom"],
    ["read", "pages < |LEAST", "LEAST, NONE"],
    ["call", "|size(1) <=>", "define_method(:size)"],
    ["read", "public :|refuse", "def refuse"],
    ["read", "private_constant :|NONE", "LEAST, NONE"],
    ["call", "|helper(Library", "def helper"],
    // What nobody in the project defines, and what is not evident.
    ["call", "book.|pages"],
    ["call", "other.|size"],
    ["call", "%w[a b].|map"],
    ["call", "each.|succ"],
    ["call", "seen.|title"],
  ];

  test("uses, with their roles, and where they lead to", async () => {
    const { seen, expected } = await checkUses("ruby", FILES, "lib/library/desk.rb", USES);
    expect(seen).toEqual(expected);
  });

  test("a class that many files open is one, and its constants are where they are at home", async () => {
    const files = {
      "lib/shop.rb": 'require "shop/cart"\nmodule Shop\n  VERSION = 1\nend\n',
      "lib/shop/cart.rb": "module Shop\n  class Cart < Base\n    def total = VERSION\n  end\nend\n",
      "lib/shop/extra.rb": "class Shop::Cart\n  def extra = total\nend\n",
      "lib/shop/base.rb": "class Shop::Base\n  def close; end\nend\n",
      "bin/use.rb":
        'require_relative "../lib/shop"\ncart = Shop::Cart.new\ncart.extra\ncart.close\ncart.total\n',
      "other.rb": "module Other\n  class Cart\n    def total; end\n  end\n  Cart.new.total\nend\n",
    };
    expect(await uses(files, "lib/shop/cart.rb", "class |Cart")).toEqual(["bin/use.rb:2:13 read"]);
    expect(await uses(files, "lib/shop/cart.rb", "def |total")).toEqual([
      "bin/use.rb:5:5 call",
      "lib/shop/extra.rb:2:14 call",
    ]);
    expect(await uses(files, "lib/shop/extra.rb", "def |extra")).toEqual(["bin/use.rb:3:5 call"]);
    expect(await uses(files, "lib/shop/base.rb", "def |close")).toEqual(["bin/use.rb:4:5 call"]);
    expect(await uses(files, "lib/shop.rb", "|VERSION")).toEqual(["lib/shop/cart.rb:3:16 read"]);
    expect(await uses(files, "other.rb", "def |total")).toEqual(["other.rb:5:11 call"]);
  });

  test("an assignment uses the method that ends in =, also in another file", async () => {
    const files = {
      "a.rb": "class A\n  def size=(size)\n    @size = size\n  end\n  attr_accessor :age\nend\n",
      "b.rb": "a = A.new\na.size = 1\na.age += 1\nb.size = 2\n",
    };
    expect(await uses(files, "a.rb", "def |size=")).toEqual(["b.rb:2:2 write"]);
    expect(await uses(files, "a.rb", ":|age")).toEqual(["b.rb:3:2 call", "b.rb:3:2 write"]);
  });

  test("what a class itself has and what its instances have are apart", async () => {
    const text = `module Told
  def told; end
end
module Tool
  module_function
  def run; end
end
class A
  extend Told
  def self.call; end
  def call; end
  def both
    call
    self.class.call
  end
end
A.call
A.new.call
A.told
Tool.run
A.both
`;
    const { seen, expected } = await checkUses("ruby", { "a.rb": text }, "a.rb", [
      ["call", "\n    |call\n", "def call; end"],
      ["call", "self.class.|call", "def self.call"],
      ["call", "\nA.|call", "def self.call"],
      ["call", "A.new.|call", "def call; end"],
      ["call", "A.|told", "def told"],
      ["call", "Tool.|run", "def run"],
      ["call", "A.|both"],
    ]);
    expect(seen).toEqual(expected);
  });

  test("a block in the body of a class may run in an instance, one of another object runs there", async () => {
    const text = `class PageTest < Base
  def page; end
  should("open") do
    page
    @site = Class.new { def page; end; include Other }
    @site.instance_eval { page }
  end
  page
end
module Other
  def open; end
end
PageTest.new.open
`;
    const { seen, expected } = await checkUses("ruby", { "a.rb": text }, "a.rb", [
      ["call", "    |page\n", "def page"],
      ["call", "instance_eval { |page }"],
      ["call", "end\n  |page"],
      ["call", "new.|open"],
    ]);
    expect(seen).toEqual(expected);
  });

  test("functions are seen from files that load theirs, and from no others", async () => {
    const files = {
      "test/helper.rb": "def sign_in(user); end\n",
      "test/cart_test.rb":
        'require "helper"\nclass CartTest < Minitest::Test\n  def test_a = sign_in(1)\nend\n',
      "test/other_test.rb": "class OtherTest\n  def test_a = sign_in(1)\nend\n",
    };
    expect(await uses(files, "test/helper.rb", "def |sign_in")).toEqual(["test/cart_test.rb:3:15 call"]);
  });

  test("a test is affected by what it loads, and by the constants that it names", async () => {
    const index = await indexOf({
      "lib/shop/cart.rb": 'require "shop/money"\nmodule Shop\n  class Cart; end\nend\n',
      "lib/shop/money.rb": "module Shop\n  class Money; end\nend\n",
      "lib/other/things.rb": "module Other\n  class Cart; end\nend\n",
      "app/models/user.rb": "class User; end\n",
      "test/cart_test.rb": 'require_relative "../lib/shop/cart"\n',
      "spec/user_spec.rb": "describe User do\n  it { Shop::Money.new }\nend\n",
    });
    expect(await index.affectedTests(["lib/shop/cart.rb"])).toEqual(["test/cart_test.rb"]);
    expect(await index.affectedTests(["lib/shop/money.rb"])).toEqual([
      "spec/user_spec.rb",
      "test/cart_test.rb",
    ]);
    expect(await index.affectedTests(["app/models/user.rb"])).toEqual(["spec/user_spec.rb"]);
    expect(await index.affectedTests(["lib/other/things.rb"])).toEqual([]);
  });

  test("files are loaded by paths that are made of the file's own place", async () => {
    const text = `require File.expand_path("../../lib/a", __FILE__)
require File.expand_path("b", __dir__)
require File.join(File.dirname(__FILE__), "c", "d")
require __dir__ + "/e"
load "#{__dir__}/f.rb"
require name
require "g/#{name}"
`;
    expect((await outline("ruby", text)).imports.map(({ specifier }) => specifier)).toEqual([
      "../lib/a",
      "./b",
      "./c/d",
      "./e",
      "./f.rb",
    ]);
  });

  test("a text that is broken gives what is around", async () => {
    const text =
      "class Before\n  def a; end\nend\nclass Broken\n  def b(\n  x = = 1 )\nend\nclass After\n  def c; end\nend\n";
    const { ok, symbols: found } = await outline("ruby", text);
    expect(ok).toBe(false);
    expect(found.map(({ name }) => name)).toEqual(expect.arrayContaining(["Before", "a", "After", "c"]));
  });

  const many = 20_000;
  test.each([
    ["nothing", ""],
    ["brackets", `a = ${"(".repeat(100_000)}`],
    ["closed brackets", `a = ${"(".repeat(many)}1${")".repeat(many)}`],
    ["arrays", `a = ${"[".repeat(many)}${"]".repeat(many)}`],
    ["blocks", `${"a { |b| ".repeat(5_000)}${"}".repeat(5_000)}`],
    ["classes", `${"class A; ".repeat(5_000)}${"end;".repeat(5_000)}`],
    ["many classes", "class A; def a; end; end\n".repeat(5_000)],
    ["methods within each other", `${"private def a; ".repeat(5_000)}${"end;".repeat(5_000)}`],
    ["a long line", `a = "${"a".repeat(2_000_000)}"`],
    ["a long path", `A${"::A".repeat(many)}`],
    ["a long chain", `a${".b(1)".repeat(many)}`],
    ["assignments", `${"a = ".repeat(many)}1`],
    ["targets", `${"(".repeat(5_000)}a${")".repeat(5_000)}, b = 1`],
    ["patterns", `case a\nin ${"[".repeat(5_000)}b${"]".repeat(5_000)}\nend`],
    ["one variable", "@a = A.new\n".repeat(many)],
  ])("%s", { timeout: 60_000 }, async (_name, text) => {
    const start = performance.now();
    await parseHard("ruby", text);
    expect(performance.now() - start).toBeLessThan(20_000);
  });
});
