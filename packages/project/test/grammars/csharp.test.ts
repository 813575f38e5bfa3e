import { describe, expect, test } from "vitest";
import { indexOf, uses } from "../resolution/places.js";
import { checkUses, openParser, outline, parseHard, symbols, type Use } from "./grammar.js";

const DESK = `using System;
using System.Threading.Tasks;
using Library.Books;
using static Library.Rules;
using Title = Library.Books.Title;

namespace Library
{
    using Reports;

    /// <summary>
    /// Lends books to <see cref="Member"/>.
    /// </summary>
    [Serializable]
    public partial class Desk<T> : Counter, IDesk where T : Book, new()
    {
        private readonly List<T> shelf = new(), lent;
        public const int Most = 8;
        public event EventHandler Closed;
        // Who is served.
        public Member Current { get; private set; } = new Member("none");
        protected internal int Count => shelf.Count;

        public Desk(int count, Member first) : base(count)
        {
            this.Current = first;
            Closed += OnClosed;
        }

        internal T Lend(string title, out Member to)
        {
            to = Current;
            foreach (var book in shelf)
            {
                if (book.Title == title && Allowed(to)) return book;
            }
            T found = shelf.First(each => each.Pages > Most);
            int pages = found.Pages;
            while (pages > 0) { int left = pages - 1; pages = left; }
            return Fallback(found, left: 1);

            T Fallback(T given, int left) => given ?? new T();
        }

        public async Task<Member> FindAsync(Guid id)
        {
            var member = await Load(id);
            Member other = member?.Friend.Friend;
            Report made = new Report { Owner = member, Size = other.Name.Length };
            var copy = made with { Size = 2 };
            return Kind.Guest == member.Kind ? other : copy.Owner;
        }

        Task<Member> Load(Guid id) => throw new NotImplementedException();

        void IDesk.Close(object reason)
        {
            switch (reason)
            {
                case Member { Kind: Kind.Guest } guest when guest.Friend != null:
                    Greet(guest);
                    break;
                case Report report:
                    Print(report.Owner);
                    goto done;
            }
            try { Library.Books.Index.Clear(); } catch (DeskError error) { Console.WriteLine(error.Code); }
            var names = from one in lent where one.Pages > 1 select one.Title;
            Notify notify = (text, depth) => text.Length + depth;
            notify("x", 1);
        done:
            OnClosed(this, null);
        }

        int pages;
        public int Pages { get => pages; set => pages = value; }
    }

    public record Report(Member Owner, int Size = 1);

    public enum Kind { Guest, Regular = 2 }

    public delegate int Notify(string text, int depth);

    struct DeskError { internal string Code; }

    public interface IDesk { void Close(object reason); int Pages { get; } }
}
`;

const FILES = {
  "Desk.cs": DESK,
  "Desk.Printing.cs": `namespace Library;

public partial class Desk<T>
{
    private void Print(Member member) { Greet(member); }
    private void OnClosed(object sender, EventArgs args) { }
}
`,
  "Counter.cs": `namespace Library;

public class Counter
{
    protected Counter(int count) { }
    protected void Greet(Member member) { }
}

public class Member
{
    public Member(string name) { Name = name; }
    public string Name;
    public Member Friend { get; set; }
    public Kind Kind { get; set; }
}

static class Rules
{
    public static bool Allowed(Member member) => true;
}
`,
  "Books.cs": `namespace Library.Books
{
    public class Book
    {
        public Title Title;
        public int Pages => 1;
    }
    public class Title { }
    public static class Index
    {
        public static void Clear() { }
    }
}
namespace Elsewhere
{
    public class Member { }
}
`,
};

describe("C#", () => {
  test("definitions", async () => {
    expect(await symbols("csharp", DESK)).toEqual([
      "module Library 7-88 undefined",
      "class Library.Desk 15-77 public # Lends books to Member.",
      "variable Desk.shelf 17-17 private",
      "variable Desk.lent 17-17 private",
      "variable Desk.Most 18-18 public",
      "variable Desk.Closed 19-19 public",
      "variable Desk.Current 21-21 public # Who is served.",
      "variable Desk.Count 22-22 protected",
      "method Desk.Desk 24-28 public",
      "method Desk.Lend 30-43 internal",
      "method Desk.FindAsync 45-52 public",
      "method Desk.Load 54-54 private",
      "method Desk.Close 56-73 private",
      "variable Desk.pages 75-75 private",
      "variable Desk.Pages 76-76 public",
      "class Library.Report 79-79 public",
      "variable Report.Owner 79-79 public",
      "variable Report.Size 79-79 public",
      "enum Library.Kind 81-81 public",
      "variable Kind.Guest 81-81 public",
      "variable Kind.Regular 81-81 public",
      "type Library.Notify 83-83 public",
      "class Library.DeskError 85-85 internal",
      "variable DeskError.Code 85-85 internal",
      "interface Library.IDesk 87-87 public",
      "method IDesk.Close 87-87 public",
      "variable IDesk.Pages 87-87 public",
    ]);
  });

  test("imports and namespaces", async () => {
    const { imports, namespaces } = await outline("csharp", DESK);
    expect(imports.map(({ specifier }) => specifier)).toEqual([
      "System",
      "System.Threading.Tasks",
      "Library.Books",
      "Library.Rules",
      "Library.Books.Title",
      "Reports",
    ]);
    expect(namespaces).toEqual(["Library"]);
    const files = await outline(
      "csharp",
      "global using A.B;\nusing X = C.D<int>;\nnamespace E.F;\nnamespace G { class H {} }\nclass I {}",
    );
    expect(files.imports.map(({ specifier }) => specifier)).toEqual(["global::A.B", "C.D"]);
    expect(files.namespaces).toEqual(["E.F", "E.F.G"]);
    expect((await outline("csharp", "class A {}\nnamespace B { }")).namespaces).toEqual(["", "B"]);
  });

  const USES: readonly Use[] = [
    ["import", "static Library.|Rules", "Counter.cs > static class Rules"],
    ["import", "= Library.Books.|Title", "Books.cs > class Title"],
    ["inherit", ": |Counter", "Counter.cs > public class Counter"],
    ["inherit", "Counter, |IDesk", "interface IDesk"],
    ["type", "where |T :", "class Desk<T>"],
    ["type", "T : |Book", "Books.cs > class Book"],
    ["type", "List<|T> shelf", "class Desk<T>"],
    ["type", "[|Serializable]"],
    ["call", 'new |Member("none")', "Counter.cs > class Member"],
    ["read", "=> |shelf.Count", "shelf = new()"],
    ["write", "this.|Current =", "Member Current"],
    ["read", "= |first;", "Desk(int count"],
    ["write", "|Closed +=", "event EventHandler Closed"],
    ["read", "+= |OnClosed", "Desk.Printing.cs > void OnClosed"],
    ["write", "|to = Current", "Lend(string title"],
    ["read", "book.|Title ==", "Books.cs > Title Title"],
    ["call", "&& |Allowed(", "Counter.cs > bool Allowed"],
    ["read", "return |book;", "foreach (var book"],
    ["read", "each.|Pages > Most", "Books.cs > int Pages"],
    ["read", "> |Most)", "const int Most"],
    ["read", "found.|Pages;", "Books.cs > int Pages"],
    ["read", "(|pages > 0)", "int pages = found"],
    ["read", "pages = |left;", "int left = pages"],
    ["call", "return |Fallback", "T Fallback("],
    ["read", "=> |given ??", "T Fallback("],
    ["call", "await |Load", "Task<Member> Load"],
    ["read", "member?.|Friend.", "Counter.cs > Member Friend"],
    ["read", "Friend.|Friend;", "Counter.cs > Member Friend"],
    ["write", "{ |Owner = member", "record Report"],
    ["read", "other.|Name.", "Counter.cs > string Name"],
    ["write", "with { |Size", "record Report"],
    ["read", "Kind.|Guest ==", "enum Kind"],
    ["read", "member.|Kind ?", "Counter.cs > Kind Kind"],
    ["read", ": copy.|Owner", "record Report"],
    ["type", "void |IDesk.Close", "interface IDesk"],
    ["read", "{ |Kind: Kind", "Counter.cs > Kind Kind"],
    ["read", "when |guest.", "case Member"],
    ["call", "|Greet(guest)", "Counter.cs > void Greet"],
    ["call", "|Print(report", "Desk.Printing.cs > void Print"],
    ["read", "report.|Owner", "record Report"],
    ["read", "goto |done", "done:\n"],
    ["read", "Books.|Index", "Books.cs > class Index"],
    ["call", "Index.|Clear", "Books.cs > void Clear"],
    ["read", "error.|Code", "string Code"],
    ["read", "where |one.", "from one in"],
    ["read", "one.|Title;", "Books.cs > Title Title"],
    ["read", "text.Length + |depth", "Notify notify ="],
    ["call", '|notify("x"', "Notify notify ="],
    ["read", "get => |pages", "int pages;"],
    ["write", "set => |pages", "int pages;"],
    // What nobody in the project defines, and what is not evident.
    ["call", "Console.|WriteLine"],
    ["read", "shelf.|Count"],
    ["type", "public event |EventHandler"],
  ];

  test("uses, with their roles, and where they lead to", async () => {
    const { seen, expected } = await checkUses("csharp", FILES, "Desk.cs", USES);
    expect(seen).toEqual(expected);
  });

  test("an accessor's value, the names of arguments and the conditions of the compiler are no uses", async () => {
    const text =
      "class A { int value, left; int B { set { value = value; } } void C() { C(left: 1); }\n#if left\n#endif\n}";
    const { references } = await (await openParser()).names("csharp", text);
    expect(references.map(({ name, role }) => `${role} ${name}`)).toEqual(["call C"]);
  });

  test("names of one namespace are found from another file, those of another are not", async () => {
    const files = {
      "a/One.cs": "namespace Shop.Goods;\npublic class Thing { public int Price; }\n",
      "b/Two.cs": "namespace Other;\npublic class Thing { public int Price; }\n",
      "c/Three.cs":
        "using Shop.Goods;\nclass Use { int F(Thing thing) => thing.Price; Shop.Goods.Thing g; Other.Thing o; }\n",
      "d/Four.cs": "namespace Shop.Tests;\nclass Near { Goods.Thing thing; }\n",
      "e/Global.cs": "global using Far.Away;\n",
      "e/Five.cs": "class Near { Remote remote; }\n",
      "f/Six.cs": "namespace Far.Away;\nclass Remote { }\n",
    };
    expect(await uses(files, "a/One.cs", "class |Thing")).toEqual([
      "c/Three.cs:2:18 type",
      "c/Three.cs:2:58 type",
      "d/Four.cs:2:19 type",
    ]);
    expect(await uses(files, "b/Two.cs", "class |Thing")).toEqual(["c/Three.cs:2:73 type"]);
    expect(await uses(files, "f/Six.cs", "class |Remote")).toEqual(["e/Five.cs:1:13 type"]);
    expect(await uses(files, "a/One.cs", "int |Price")).toEqual(["c/Three.cs:2:40 read"]);
  });

  test("an attribute is used by its short name, too", async () => {
    const files = {
      "Mark.cs": "namespace A;\nclass MarkAttribute : System.Attribute { }\n",
      "Use.cs": "namespace A;\n[Mark] class Use { }\n",
    };
    expect(await uses(files, "Mark.cs", "class |MarkAttribute")).toEqual(["Use.cs:2:1 type"]);
  });

  test("a test is affected by what it uses, and by nothing else in the same namespaces", async () => {
    const index = await indexOf({
      "src/Parser.cs": "namespace Code.Text;\npublic class Parser { }\n",
      "src/Printer.cs": "namespace Code.Text;\npublic class Printer { }\n",
      "src/Rules.cs": "namespace Code;\npublic static class Rules { public static int Most = 1; }\n",
      "test/ParserTests.cs":
        "using Code.Text;\nusing static Code.Rules;\nnamespace Code.Tests;\nclass ParserTests { Parser parser = new(); int most = Most; }\n",
      "test/PrinterTests.cs": "namespace Code.Text.Tests;\nclass PrinterTests { Printer printer; }\n",
    });
    const affected = (path: string): Promise<readonly string[]> => index.affectedTests([path]);
    expect(await affected("src/Parser.cs")).toEqual(["test/ParserTests.cs"]);
    expect(await affected("src/Printer.cs")).toEqual(["test/PrinterTests.cs"]);
    expect(await affected("src/Rules.cs")).toEqual(["test/ParserTests.cs"]);
  });

  test("a class of many parts is asked once for each", async () => {
    const parts = Array.from({ length: 12 }, (_, part) => [
      `Part${part}.cs`,
      `namespace A;\npartial class Whole { int Part${part}() => Part${(part + 1) % 12}() + Missing(); }\n`,
    ]);
    const files = Object.fromEntries(parts) as Record<string, string>;
    const { seen, expected } = await checkUses("csharp", files, "Part0.cs", [
      ["call", "=> |Part1", "Part1.cs > int Part1"],
      ["call", "|Missing"],
    ]);
    expect(seen).toEqual(expected);
  });

  test("a text that is broken gives what is around", async () => {
    const text =
      "namespace A;\nclass Before { void F() { } }\nclass Broken { void G( { int = ; }\nclass After { Before b; }\n";
    const { ok, symbols: found } = await outline("csharp", text);
    expect(ok).toBe(false);
    expect(found.map(({ name }) => name)).toEqual(expect.arrayContaining(["A", "Before", "F", "After"]));
  });

  const many = 20_000;
  test.each([
    ["nothing", ""],
    ["brackets", `class A { int a = ${"(".repeat(100_000)}`],
    ["closed brackets", `class A { int a = ${"(".repeat(many)}1${")".repeat(many)}; }`],
    ["blocks", `class A { void F() ${"{".repeat(many)}${"}".repeat(many)} }`],
    ["classes", `${"class A {".repeat(5_000)}${"}".repeat(5_000)}`],
    ["namespaces", "namespace A { } namespace B { } ".repeat(10_000)],
    ["a long line", `class A { string a = "${"a".repeat(2_000_000)}"; }`],
    ["a long name", `class A { A${".A".repeat(many)} a; }`],
    ["a long chain", `class A { int a = b${".Where(c)".repeat(many)}; }`],
    ["conditional members", `class A { int a = b${"?.c".repeat(many)}; }`],
    ["generic types", `class A { ${"A<".repeat(many)}A${">".repeat(many)} a; }`],
    ["arrays", `class A { int${"[]".repeat(many)} a; }`],
    ["fields of one declaration", `class A { int ${"a, ".repeat(many)} b; }`],
    ["patterns", `class A { bool a = b is ${"{ C: ".repeat(many)}1${" }".repeat(many)}; }`],
  ])("%s", { timeout: 60_000 }, async (_name, text) => {
    await parseHard("csharp", text);
  });
});
