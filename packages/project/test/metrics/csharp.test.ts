import { expect, test } from "vitest";
import { complexity } from "./measure.js";

test("C#", async () => {
  const text = `namespace N;
class A : Base {
  public A(int x) : base(x) { }
  ~A() { }
  int Size { get { return size; } set => size ??= value; }
  int Twice => open ? 2 : 1;
  int this[int at] => items[at];
  public static A operator +(A a, A b) => a;
  public static implicit operator int(A a) => 1;

  [Obsolete]
  async Task<int> Choose<T>(int a, params string[] b) {
    if (a is > 1 and < 3 or 7 && open) { }
    else if (a == 1) { }
    else { }
    foreach (var x in b) { goto end; }
    end:
    return Choose<T>(a);
  }

  int Price(object thing) {
    switch (thing) {
      case 1:
      case 2 when open: return this.Price(1);
      default: break;
    }
    var kind = thing switch { > 3 when open => 1, "a" => 2, _ => 4 };
    try { do { } while (open); }
    catch (Error e) when (e.Code == 1) { }
    finally { }
    int Local(int z) { while (true) { } }
    Func<int, int> next = q => q ?? 1;
    var many = from q in items where q > 1 select q;
    return 0;
  }
  abstract void Draw();
}
interface I { void Go() { for (;;) { } } }
`;
  expect(await complexity("csharp", text)).toEqual([
    // Decisions 1 + 1 + 6 + 9 + 1 + 1 + 1 = 20, functions 13 and the file. Points 1 + 9 + 7 + 1.
    "file 1-38 cyclomatic 34 cognitive 18 nesting 2 parameters 0 code 36",
    "A.A 3-3 cyclomatic 1 cognitive 0 nesting 0 parameters 1 code 1",
    "A.~A 4-4 cyclomatic 1 cognitive 0 nesting 0 parameters 0 code 1",
    "A.Size.get 5-5 cyclomatic 1 cognitive 0 nesting 0 parameters 0 code 1",
    "A.Size.set 5-5 cyclomatic 2 cognitive 0 nesting 0 parameters 0 code 1",
    "A.Twice 6-6 cyclomatic 2 cognitive 1 nesting 1 parameters 0 code 1",
    "A.this 7-7 cyclomatic 1 cognitive 0 nesting 0 parameters 1 code 1",
    "A.operator + 8-8 cyclomatic 1 cognitive 0 nesting 0 parameters 2 code 1",
    "A.operator int 9-9 cyclomatic 1 cognitive 0 nesting 0 parameters 1 code 1",
    // if, and, or, &&, else if, foreach. if 1, and 1, or 1, && 1, else if 1, else 1, foreach 1, goto 1, recursion 1.
    "A.Choose 12-19 cyclomatic 7 cognitive 9 nesting 1 parameters 2 code 8",
    // Two labels, when, two arms, when, do, catch, its filter. switch 1, switch 1, do 1, catch 1, while of Local 2, recursion 1.
    "A.Price 21-35 cyclomatic 10 cognitive 7 nesting 2 parameters 1 code 15",
    "Price.Local 31-31 cyclomatic 2 cognitive 1 nesting 1 parameters 1 code 1",
    "Price.next 32-32 cyclomatic 2 cognitive 0 nesting 0 parameters 1 code 1",
    "I.Go 38-38 cyclomatic 2 cognitive 1 nesting 1 parameters 0 code 1",
  ]);
});
