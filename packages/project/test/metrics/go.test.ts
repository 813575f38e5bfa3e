import { expect, test } from "vitest";
import { complexity } from "./measure.js";

test("Go", async () => {
  const text = `package p

// Choose chooses.
func Choose(a, b int, rest ...string) (n int, err error) {
	if a > 1 && b < 2 || rest == nil {
		return 1, nil
	} else if b == 1 {
		return 2, nil
	} else {
		return 3, nil
	}
}

func (t *Tree[K]) Walk(depth int) {
search:
	for i := 0; i < depth; i++ {
		for range t.items {
			continue search
		}
	}
	t.Walk(depth - 1)
	goto search
}

func wait(in <-chan int, out chan<- int) {
	select {
	case v := <-in:
		out <- v
	case out <- 1:
	default:
	}
}

func kind(x any) string {
	switch v := x.(type) {
	case int, string:
		return "a"
	case nil:
		switch {
		case v == nil:
		}
	}
	fallback := func(a, b int) int { return a }
	go func() {
		if x == nil {
			kind(x)
		}
	}()
	return fallback(1, 2)
}

type Reader interface{ Read(p []byte) int }

func external(int, string)

var first, second = func() {}, func(a int) { first() }
`;
  expect(await complexity("go", text)).toEqual([
    // Decisions 4 + 2 + 2 + 4, functions 4 + 1 + 2 and the file. Points 5 + 6 + 1 + 6.
    "file 1-56 cyclomatic 20 cognitive 18 nesting 2 parameters 0 code 48",
    // if, &&, ||, else if. if 1, && 1, || 1, else if 1, else 1.
    "Choose 4-12 cyclomatic 5 cognitive 5 nesting 1 parameters 3 code 9",
    // for 1, for 2, continue search 1, recursion by its receiver 1, goto 1.
    "Tree.Walk 14-23 cyclomatic 3 cognitive 6 nesting 2 parameters 1 code 10",
    // Two cases. select 1.
    "wait 25-32 cyclomatic 3 cognitive 1 nesting 1 parameters 2 code 8",
    // Three cases, if. switch 1, switch 2, if in a closure 2, recursion 1.
    "kind 34-50 cyclomatic 5 cognitive 6 nesting 2 parameters 1 code 17",
    "kind.fallback 43-43 cyclomatic 1 cognitive 0 nesting 0 parameters 2 code 1",
    "first 56-56 cyclomatic 1 cognitive 0 nesting 0 parameters 0 code 1",
    "second 56-56 cyclomatic 1 cognitive 0 nesting 0 parameters 1 code 1",
  ]);
});
