import { expect, test } from "vitest";
import { complexity } from "./measure.js";

test("C", async () => {
  const text = `#include <stdio.h>
#define TWICE(x) ((x) + (x))

/* Chooses. */
static int *choose(int a, char *const b, void (*call)(int), ...) {
  if (a > 1 && b || !call) {
    return 0;
  } else if (a) {
    return 0;
  } else
    goto end;
end:
  return 0;
}

int fall(int kind) {
  switch (kind) {
  case 1:
  case 2:
    return fall(kind - 1);
  default:
    return kind ? 1 : 2;
  }
}

int (*given(void))(int) {
  for (;;)
    while (1)
      do {
        break;
      } while (0);
}

unsigned long long empty() {}
int declared(int a);
`;
  expect(await complexity("c", text)).toEqual([
    // Decisions 4 + 3 + 3, functions 4 and the file. Points 6 + 4 + 6.
    "file 1-35 cyclomatic 15 cognitive 16 nesting 3 parameters 0 code 30",
    // if, &&, ||, else if. if 1, && 1, || 1, else if 1, else 1, goto 1. The dots have no name.
    "choose 5-14 cyclomatic 5 cognitive 6 nesting 1 parameters 3 code 10",
    // Two labels, ?:. switch 1, recursion 1, ?: 2 within the switch.
    "fall 16-24 cyclomatic 4 cognitive 4 nesting 2 parameters 1 code 9",
    // for 1, while 2, do 3. Its parameters are not those of what it returns.
    "given 26-32 cyclomatic 4 cognitive 6 nesting 3 parameters 0 code 7",
    "empty 34-34 cyclomatic 1 cognitive 0 nesting 0 parameters 0 code 1",
  ]);
});

test("C++", async () => {
  const text = `namespace space {
template <class T>
class Box : public Base {
 public:
  explicit Box(T held, int size = 1) : held(held) {}
  ~Box() { if (owned) delete held; }
  bool operator==(const Box &other) const { return held == other.held and size == other.size; }
  int walk(int depth) { return depth ? this->walk(depth - 1) : 0; }
  virtual void draw() = 0;
};

int Box::count(const std::vector<int> &all) const {
  int n = 0;
  for (const auto &each : all) {
    if (each > 0 || each < -9) n++;
  }
  auto test = [&](int a, int b) -> bool { return a && b; };
  std::sort(all.begin(), all.end(), [](int a, int b) { return a < b ? 1 : 0; });
  try {
    n += count(all);
  } catch (const Error &error) {
  } catch (...) {
  }
  return n;
}
}
`;
  expect(await complexity("cpp", text)).toEqual([
    // Decisions 0 + 1 + 1 + 1 + 6 + 1, functions 6 and the file. Points 0 + 1 + 1 + 2 + 10.
    "file 1-26 cyclomatic 17 cognitive 14 nesting 2 parameters 0 code 25",
    "Box.Box 5-5 cyclomatic 1 cognitive 0 nesting 0 parameters 2 code 1",
    "Box.~Box 6-6 cyclomatic 2 cognitive 1 nesting 1 parameters 0 code 1",
    // Written as a word, it is the same operator.
    "Box.operator== 7-7 cyclomatic 2 cognitive 1 nesting 0 parameters 1 code 1",
    "Box.walk 8-8 cyclomatic 2 cognitive 2 nesting 1 parameters 1 code 1",
    // for, if, ||, ?:, catch, catch. for 1, if 2, || 1, && of test 1, ?: in a closure 2, catch 1 and 1, recursion 1.
    "Box.count 12-25 cyclomatic 7 cognitive 10 nesting 2 parameters 1 code 14",
    "count.test 17-17 cyclomatic 2 cognitive 1 nesting 0 parameters 2 code 1",
  ]);
});
