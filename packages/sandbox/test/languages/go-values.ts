/** One candidate and tests that each pass only when a kind of value crosses as it is. */
export const CANDIDATE = `package solution

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"
)

type Color int

const (
	Red Color = iota
	Green
)

func (c Color) String() string { return [...]string{"red", "green"}[c] }

type Point struct{ X, Y int }

type Node struct {
	Value int
	next  *Node
	Next  *Node
}

type Stack struct{ items []int }

func NewStack() *Stack { return &Stack{} }
func (s *Stack) Push(x int) { s.items = append(s.items, x) }
func (s *Stack) Pop() (int, error) {
	if len(s.items) == 0 {
		return 0, ErrEmpty
	}
	x := s.items[len(s.items)-1]
	s.items = s.items[:len(s.items)-1]
	return x, nil
}

var ErrEmpty = errors.New("empty")

type RangeError struct{ At int }

func (e *RangeError) Error() string { return fmt.Sprintf("out of range: %d", e.At) }

type Shape interface{ Area() float64 }
type Square struct{ side float64 }

func (s Square) Area() float64 { return s.side * s.side }

type Counter struct {
	mu sync.Mutex
	n  int
}

func (c *Counter) Inc() { c.mu.Lock(); defer c.mu.Unlock(); c.n++ }
func (c *Counter) Value() int { c.mu.Lock(); defer c.mu.Unlock(); return c.n }

var Calls = 0

func Count() { Calls++ }
func Reverse(items []int) {
	for i, j := 0, len(items)-1; i < j; i, j = i+1, j-1 {
		items[i], items[j] = items[j], items[i]
	}
}
func Nil() []int { return nil }
func Empty() []int { return []int{} }
func Words(text string) map[string]int {
	found := map[string]int{}
	for _, word := range strings.Fields(text) {
		found[word]++
	}
	return found
}
func Fill(into map[string]int) { into["a"] = 1; delete(into, "b") }
func Apply(f func(int) int, x int) int { return f(f(x)) }
func Adder(n int) func(int) int { total := n; return func(x int) int { total += x; return total } }
func At(i int) error {
	if i < 0 {
		return fmt.Errorf("at: %w", &RangeError{i})
	}
	return fmt.Errorf("wrapped: %w", ErrEmpty)
}
func Boom() { panic("boom") }
func Index(items []int, i int) int { return items[i] }
func Ring(n int) *Node {
	first := &Node{Value: 0}
	last := first
	for i := 1; i < n; i++ {
		last.Next = &Node{Value: i}
		last = last.Next
	}
	last.Next = first
	return first
}
func Swap(p *Point) { p.X, p.Y = p.Y, p.X }
func Any() []interface{} { return []interface{}{1, "a", 2.5, nil, []int{1}, map[string]bool{"x": true}, Point{1, 2}, Green} }
func NewSquare(side float64) Shape { return Square{side} }
func Sum(items ...int) int {
	total := 0
	for _, item := range items {
		total += item
	}
	return total
}
func Pair() (int, string, [2]bool) { return 1, "x", [2]bool{true, false} }
func Day() time.Time { return time.Date(2024, 2, 29, 12, 0, 0, 0, time.UTC) }
func Runes(s string) []rune { return []rune(s) }
func Bytes(s string) []byte { return []byte(s) }
func Complex() complex128 { return complex(1, -2) }
`;

export const TESTS: Readonly<Record<string, string>> = {
  Constants: 'if Green != 1 || Green.String() != "green" || fmt.Sprint(Red) != "red" { t.Fatal(Green) }',
  Structs: "p := Point{1, 2}\nSwap(&p)\nif p != (Point{2, 1}) { t.Fatal(p) }",
  State:
    "s := NewStack()\ns.Push(1)\ns.Push(2)\nif x, err := s.Pop(); x != 2 || err != nil { t.Fatal(x, err) }\nif len(s.items) != 1 { t.Fatal(s.items) }",
  Sentinel:
    "_, err := NewStack().Pop()\nif err != ErrEmpty || !errors.Is(At(1), ErrEmpty) || errors.Is(At(-1), ErrEmpty) { t.Fatal(err) }",
  ErrorTypes:
    'var e *RangeError\nif !errors.As(At(-3), &e) || e.At != -3 || At(-3).Error() != "at: out of range: -3" { t.Fatal(e) }',
  InPlace: "a := []int{1, 2, 3}\nb := a\nReverse(a)\nif !reflect.DeepEqual(b, []int{3, 2, 1}) { t.Fatal(b) }",
  NilAndEmpty: "if Nil() != nil || Empty() == nil || len(Empty()) != 0 { t.Fatal() }",
  Maps: 'if !reflect.DeepEqual(Words("a b a"), map[string]int{"a": 2, "b": 1}) { t.Fatal(Words("a b a")) }\nm := map[string]int{"b": 2}\nFill(m)\nif !reflect.DeepEqual(m, map[string]int{"a": 1}) { t.Fatal(m) }',
  Callbacks:
    "calls := 0\nif Apply(func(x int) int { calls++; return x + Sum(1, 2) }, 1) != 7 || calls != 2 { t.Fatal(calls) }",
  Closures: "add := Adder(10)\nadd(1)\nif add(2) != 13 || Adder(0)(5) != 5 { t.Fatal() }",
  Panics: 'defer func() { if r := recover(); r != "boom" { t.Fatal(r) } }()\nBoom()',
  RuntimePanics:
    'defer func() { if r := recover(); r == nil || !strings.Contains(fmt.Sprint(r), "index out of range") { t.Fatal(r) } }()\nIndex(nil, 3)',
  Cycles: "r := Ring(3)\nif r.Next.Next.Next != r || r.Next.Value != 1 { t.Fatal() }",
  Interfaces:
    'got := Any()\nwant := []interface{}{1, "a", 2.5, nil, []int{1}, map[string]bool{"x": true}, Point{1, 2}, Green}\nif !reflect.DeepEqual(got, want) { t.Fatal(got) }',
  Methods: "var s Shape = NewSquare(3)\nif s.Area() != 9 || (Square{2}).Area() != 4 { t.Fatal(s) }",
  Variadic: "if Sum() != 0 || Sum([]int{1, 2, 3}...) != 6 { t.Fatal() }",
  Several: 'a, b, c := Pair()\nif a != 1 || b != "x" || c != [2]bool{true, false} { t.Fatal(a, b, c) }',
  Time: "if !Day().Equal(time.Date(2024, 2, 29, 12, 0, 0, 0, time.UTC)) || Day().Weekday() != time.Thursday { t.Fatal(Day()) }",
  Text: 'if string(Runes("h\\u00e9")) != "h\\u00e9" || string(Bytes("x\\xff")) != "x\\xff" || Complex() != complex(1, -2) { t.Fatal() }',
  Variables: "before := Calls\nCount()\nCount()\nif Calls != before+2 { t.Fatal(Calls) }",
  Locks:
    "c := &Counter{}\nvar wg sync.WaitGroup\nfor i := 0; i < 50; i++ {\nwg.Add(1)\ngo func() { defer wg.Done(); c.Inc() }()\n}\nwg.Wait()\nif c.Value() != 50 { t.Fatal(c.Value()) }",
  Parallel: "t.Parallel()\nif Sum(1, 1) != 2 { t.Fatal() }",
  Subtests:
    "for _, n := range []int{1, 2} {\nt.Run(fmt.Sprint(n), func(t *testing.T) { if Sum(n) != n { t.Fatal(n) } })\n}",
  Skips: 't.Skip("later")',
};

export const HEAD =
  'package solution\n\nimport (\n\t"errors"\n\t"fmt"\n\t"reflect"\n\t"strings"\n\t"sync"\n\t"testing"\n\t"time"\n)\n\nvar _ = strings.ToUpper\nvar _ = errors.New\n\n';
