import { expect, test } from "vitest";
import { complexity } from "./measure.js";

test("Java", async () => {
  const text = `package p;

/** Shop sells. */
public class Shop<T> {
  private final Runnable job = () -> { if (open) sell(); };

  @Deprecated
  @SuppressWarnings("all")
  public Shop(int size, String... names) {
    if (size > 1 && names != null || !open) {
      return;
    } else if (size == 2) {
    } else {
    }
  }

  int search(int[][] rows) {
    outer:
    for (int[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        if (row[i] == 0) continue outer;
      }
    }
    return this.search(rows);
  }

  int price(Object thing) {
    int base = switch (thing) {
      case Integer n when n > 3 -> 1;
      case String s -> { yield 2; }
      default -> 0;
    };
    switch (base) {
      case 1:
      case 2:
        return price(null);
      default:
    }
    return thing instanceof Shop<?> s && s.open ? 1 : 2;
  }

  void load() throws Exception {
    try (var in = open()) {
      do { in.read(); } while (in.more());
    } catch (RuntimeException | Error e) {
      throw e;
    } finally {
    }
    new Thread(new Runnable() {
      @Override public void run() { while (true) {} }
    });
  }
}

interface Named { String name(); default int length() { return name().length(); } }
record Point(int x, int y) { Point { if (x < 0) throw null; } }
enum Color { RED { int code() { return 1; } }; abstract int code(); }
`;
  expect(await complexity("java", text)).toEqual([
    // Decisions 1 + 4 + 3 + 7 + 2 + 1 + 0 + 1 + 0 = 19, functions 9 and the file. Points 1 + 5 + 8 + 5 + 4 + 0 + 1 + 0.
    "file 1-57 cyclomatic 29 cognitive 24 nesting 3 parameters 0 code 50",
    "Shop.job 5-5 cyclomatic 2 cognitive 1 nesting 1 parameters 0 code 1",
    // Starts behind its annotations. if, &&, ||, else if.
    "Shop.Shop 9-15 cyclomatic 5 cognitive 5 nesting 1 parameters 2 code 7",
    // for 1, for 2, if 3, continue outer 1, recursion 1.
    "Shop.search 17-25 cyclomatic 4 cognitive 8 nesting 3 parameters 1 code 9",
    // Two cases, a guard, two labels, &&, ?:. switch 1, switch 1, ?: 1, && 1, recursion 1.
    "Shop.price 27-40 cyclomatic 8 cognitive 5 nesting 1 parameters 1 code 14",
    // do, catch. do 1, catch 1; while of run, a level deeper 2.
    "Shop.load 42-52 cyclomatic 3 cognitive 4 nesting 2 parameters 0 code 11",
    // The class around it has no name.
    "run 50-50 cyclomatic 2 cognitive 1 nesting 1 parameters 0 code 1",
    "Named.length 55-55 cyclomatic 1 cognitive 0 nesting 0 parameters 0 code 1",
    "Point.Point 56-56 cyclomatic 2 cognitive 1 nesting 1 parameters 0 code 1",
    "RED.code 57-57 cyclomatic 1 cognitive 0 nesting 0 parameters 0 code 1",
  ]);
});
