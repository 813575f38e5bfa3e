package solution

import "testing"

func TestStar(t *testing.T) {
	if !Match("*.go", "main.go") {
		t.Error("*.go must match main.go")
	}
	if Match("*.go", "cmd/main.go") {
		t.Error("*.go must not match cmd/main.go")
	}
}

func TestDoubleStar(t *testing.T) {
	if !Match("src/**/x.go", "src/a/b/x.go") {
		t.Error("src/**/x.go must match src/a/b/x.go")
	}
}

func TestLiteral(t *testing.T) {
	if !Match("a/b", "a/b") || Match("a/b", "a/c") {
		t.Error("literal paths")
	}
}

func TestBracketsAreLiteral(t *testing.T) {
	if Match("[ab].go", "a.go") || !Match("[ab].go", "[ab].go") {
		t.Error("brackets stand for themselves")
	}
}
