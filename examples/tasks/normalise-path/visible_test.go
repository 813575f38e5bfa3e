package solution

import "testing"

func TestDropsDots(t *testing.T) {
	got, err := Normalise("a/./b")
	if err != nil || got != "a/b" {
		t.Fatalf("got %q, %v", got, err)
	}
}

func TestParent(t *testing.T) {
	got, err := Normalise("a/b/../c")
	if err != nil || got != "a/c" {
		t.Fatalf("got %q, %v", got, err)
	}
}

func TestTheRoot(t *testing.T) {
	got, err := Normalise("/")
	if err != nil || got != "." {
		t.Fatalf("got %q, %v", got, err)
	}
}

func TestRefusesToLeaveTheRoot(t *testing.T) {
	if got, err := Normalise("../etc"); err == nil {
		t.Fatalf("expected an error, got %q", got)
	}
}
