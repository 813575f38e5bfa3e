import { expect, test } from "vitest";
import { complexity } from "./measure.js";

test("Python", async () => {
  const text = `import os

def choose(a, b, *, c=1, **rest):
    """Chooses.

    At length."""
    if a and b and not c:
        return 1
    elif a or b:
        return 2
    else:
        return 3

class Shape(Base):
    @property
    def area(self) -> float:
        # A comment.
        total = sum(s for s in self.sides if s > 0 if s < 9)
        return total if total else self.area

    @staticmethod
    def make(size: int, /, *sizes):
        for size in sizes:
            while size:
                break
        else:
            return None

    def walk(self, depth):
        return self.walk(depth - 1)

def read(path):
    try:
        with open(path) as file:
            pass
    except (OSError, ValueError) as error:
        if error: raise
    else:
        pass
    finally:
        pass

def match_it(command):
    match command:
        case [x, y] if x > y: return 1
        case "a" | "b": return 2
        case _: return 3

key = lambda a, b: a if b else 0

def outer():
    def inner():
        if True: outer()
    return inner

if __name__ == "__main__":
    outer()
`;
  expect(await complexity("python", text)).toEqual([
    // Decisions 5 + 4 + 2 + 0 + 2 + 3 + 1 + 0 + 1 and the if of the file itself: 19, and 9 functions and the file.
    // Points 5 + 1 + 4 + 1 + 4 + 1 + 1 + 2, and the if 1.
    "file 1-57 cyclomatic 29 cognitive 20 nesting 2 parameters 0 code 47",
    // if, and, and, elif, or. if 1, and and 1, elif 1, or 1, else 1. The docstring is code, its blank line included.
    "choose 3-12 cyclomatic 6 cognitive 5 nesting 1 parameters 4 code 10",
    // for, if and if of the comprehension, conditional; of these only the conditional gives a point.
    "Shape.area 16-19 cyclomatic 5 cognitive 1 nesting 1 parameters 0 code 3",
    // for 1, while 2, else 1.
    "Shape.make 22-27 cyclomatic 3 cognitive 4 nesting 2 parameters 2 code 6",
    "Shape.walk 29-30 cyclomatic 1 cognitive 1 nesting 0 parameters 1 code 2",
    // except 1, if 2, else 1.
    "read 32-41 cyclomatic 3 cognitive 4 nesting 2 parameters 1 code 10",
    // Two cases and a guard; the last case is what happens otherwise.
    "match_it 43-47 cyclomatic 4 cognitive 1 nesting 1 parameters 1 code 5",
    "key 49-49 cyclomatic 2 cognitive 1 nesting 1 parameters 2 code 1",
    "outer 51-54 cyclomatic 1 cognitive 2 nesting 2 parameters 0 code 4",
    // A call of what is around it is none of itself.
    "outer.inner 52-53 cyclomatic 2 cognitive 1 nesting 1 parameters 0 code 2",
  ]);
});
