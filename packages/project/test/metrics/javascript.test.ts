import { expect, test } from "vitest";
import { complexity } from "./measure.js";

test("JavaScript", async () => {
  const text = `function choose(a, b = 1, ...rest) {
  // if + && + || + else if: 4 decisions. if 1, && 1, || 1, else if 1, else 1: 5 points.
  if ((a && b) || rest) return 1;
  else if (b) return 2;
  else return 3;
}

function search(rows) {
  outer: for (const row of rows) {
    for (let i = 0; i < row.length; i++) {
      if (row[i] === 0) continue outer;
      if (row[i] === 1) break;
    }
  }
  return rows?.length ?? 0;
}

function fall(kind) {
  switch (kind) {
    case 1:
    case 2:
      return fall(kind - 1);
    default:
      return 0;
  }
}

const guarded = async (load) => {
  try {
    return await load();
  } catch (error) {
    return error.code ? 1 : 2;
  } finally {
    load.count ||= 1;
  }
};

class Box {
  #size = () => this.items.map((item) => (item ? 1 : 0));
  walk(depth) {
    while (depth > 0 && !(this.a && this.b) && this.c) this.walk(depth - 1);
  }
  get twice() { return 2; }
}
const table = { build() {}, make: function () { function inner() { if (1) {} } } };
`;
  expect(await complexity("javascript", text)).toEqual([
    // Decisions 4 + 5 + 2 + 3 + 1 + 4 + 1 = 20, and 10 functions and the file. Points 5 + 10 + 2 + 3 + 1 + 5 + 2 = 28.
    "file 1-45 cyclomatic 31 cognitive 28 nesting 3 parameters 0 code 40",
    "choose 1-6 cyclomatic 5 cognitive 5 nesting 1 parameters 3 code 5",
    // for, for, if, if, ??. for 1, for 2, if 3, continue outer 1, if 3; ?? and the plain break none.
    "search 8-16 cyclomatic 6 cognitive 10 nesting 3 parameters 1 code 9",
    // Two labels. switch 1, recursion 1.
    "fall 18-26 cyclomatic 3 cognitive 2 nesting 1 parameters 1 code 9",
    // catch, ?:, ||=. catch 1, ?: a level deeper 2.
    "guarded 28-36 cyclomatic 4 cognitive 3 nesting 2 parameters 1 code 9",
    // The closure without a name is part of it, one level deeper: ?: 2.
    "Box.#size 39-39 cyclomatic 2 cognitive 2 nesting 2 parameters 0 code 1",
    // while, 3 of &&. while 1; the negation ends a run, so && && 1 and && 1; recursion 1.
    "Box.walk 40-42 cyclomatic 5 cognitive 4 nesting 1 parameters 1 code 3",
    "Box.twice 43-43 cyclomatic 1 cognitive 0 nesting 0 parameters 0 code 1",
    "table.build 45-45 cyclomatic 1 cognitive 0 nesting 0 parameters 0 code 1",
    // What inner has counts here, a level deeper: if 2.
    "table.make 45-45 cyclomatic 1 cognitive 2 nesting 2 parameters 0 code 1",
    "make.inner 45-45 cyclomatic 2 cognitive 1 nesting 1 parameters 0 code 1",
  ]);
});

test("TypeScript", async () => {
  const text = `export default function (this: Window, a: string, b?: number) { return a!; }
abstract class A<T> {
  constructor(private readonly x: T) { super(); }
  abstract draw(): void;
  handler = (event: Event): boolean => event.kind === "a" || event.kind === "b";
}
declare function ambient(): void;
namespace Space {
  export function act(n: number): number { return n < 1 ? 0 : act<number>(n - 1); }
}
type C = A extends B ? 1 : 2;
const cast = ((a: number) => { do { a -= 1; } while (a > 0); }) as F;
`;
  expect(await complexity("typescript", text)).toEqual([
    // A conditional type decides nothing when the program runs.
    "file 1-12 cyclomatic 9 cognitive 4 nesting 1 parameters 0 code 12",
    "default 1-1 cyclomatic 1 cognitive 0 nesting 0 parameters 2 code 1",
    "A.constructor 3-3 cyclomatic 1 cognitive 0 nesting 0 parameters 1 code 1",
    "A.handler 5-5 cyclomatic 2 cognitive 1 nesting 0 parameters 1 code 1",
    // ?: 1, recursion 1.
    "Space.act 9-9 cyclomatic 2 cognitive 2 nesting 1 parameters 1 code 1",
    "cast 12-12 cyclomatic 2 cognitive 1 nesting 1 parameters 1 code 1",
  ]);
});

test("TSX", async () => {
  const text = `export function List({ items, empty }: Props) {
  if (items.length === 0) return <p>{empty ?? "none"}</p>;
  return (
    <ul>
      {items.map((item) => (item.shown && <li>{item.name}</li>))}
    </ul>
  );
}
const View = () => <List items={[]} />;
function useOne(id) { const load = () => { if (id) fetch(id); }; return load; }
export const Two = function Named() { return null; };
`;
  expect(await complexity("tsx", text)).toEqual([
    "file 1-11 cyclomatic 10 cognitive 4 nesting 2 parameters 0 code 11",
    // if, ??, &&. if 1, && 1.
    "List 1-8 cyclomatic 4 cognitive 2 nesting 1 parameters 1 code 8",
    "View 9-9 cyclomatic 1 cognitive 0 nesting 0 parameters 0 code 1",
    // if of load, two levels deep.
    "useOne 10-10 cyclomatic 1 cognitive 2 nesting 2 parameters 1 code 1",
    "useOne.load 10-10 cyclomatic 2 cognitive 1 nesting 1 parameters 0 code 1",
    "Named 11-11 cyclomatic 1 cognitive 0 nesting 0 parameters 0 code 1",
  ]);
});
