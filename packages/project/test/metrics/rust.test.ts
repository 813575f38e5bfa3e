import { expect, test } from "vitest";
import { complexity } from "./measure.js";

test("Rust", async () => {
  const text = `//! Shops.
impl<T> Shop<T> {
    /// Chooses.
    #[inline]
    pub fn choose(&self, a: i32, (b, c): (bool, bool)) -> Option<i32> {
        if a > 1 && b || c {
        } else if let Some(x) = self.find() {
        } else {
        }
        let Some(z) = self.find() else { return None; };
        let next = self.read()?.parse()?;
        if let Some(y) = next && y > z {}
        self.choose(1, (true, false))
    }

    fn walk(rows: &[i32]) {
        'outer: for row in rows {
            while let Some(x) = row.next() {
                if x == 0 { continue 'outer; }
                loop { break; }
            }
        }
        Self::walk(rows);
    }
}

fn kind(n: i32) -> i32 {
    match n {
        1 | 2 => 3,
        x if x > 3 => 4,
        _ if n > 9 => 5,
        _ => 6,
    };
    let add = |a: i32, b| if a > b { a } else { b };
    fn inner() {}
    println!("{}", n && n);
    (0..n).map(|x| if x > 1 { x } else { kind(x) }).sum()
}

trait Named {
    fn name(&self) -> String;
    fn length(&self) -> usize { self.name().len() }
}
`;
  expect(await complexity("rust", text)).toEqual([
    // Decisions 9 + 4 + 5 + 1 = 19, functions 6 and the file. Points 9 + 12 + 7.
    "file 1-43 cyclomatic 26 cognitive 28 nesting 3 parameters 0 code 38",
    // if, &&, ||, else if, let else, ?, ?, if, &&. 1, && 1, || 1, else 1, else 1, let else 1, if 1, && 1, recursion 1.
    "Shop.choose 5-14 cyclomatic 10 cognitive 9 nesting 1 parameters 2 code 10",
    // for 1, while 2, if 3, continue 'outer 1, loop 3, recursion 1.
    "Shop.walk 16-24 cyclomatic 5 cognitive 11 nesting 3 parameters 1 code 9",
    // Two arms and their guard, a guard alone, if of the closure. match 1, add: if 2, else 1; closure: if 2, else 1; recursion 1.
    "kind 27-38 cyclomatic 6 cognitive 8 nesting 2 parameters 1 code 12",
    "kind.add 34-34 cyclomatic 2 cognitive 2 nesting 1 parameters 2 code 1",
    "kind.inner 35-35 cyclomatic 1 cognitive 0 nesting 0 parameters 0 code 1",
    "Named.length 42-42 cyclomatic 1 cognitive 0 nesting 0 parameters 0 code 1",
  ]);
});
