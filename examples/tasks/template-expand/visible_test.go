package solution

import "testing"

func TestReplaces(t *testing.T) {
	got, err := Expand("hello ${name}!", map[string]string{"name": "world"})
	if err != nil || got != "hello world!" {
		t.Fatalf("got %q, %v", got, err)
	}
}

func TestFallback(t *testing.T) {
	got, err := Expand("${port:-8080}", map[string]string{})
	if err != nil || got != "8080" {
		t.Fatalf("got %q, %v", got, err)
	}
}

func TestMissingName(t *testing.T) {
	if got, err := Expand("${nobody}", nil); err == nil {
		t.Fatalf("expected an error, got %q", got)
	}
}

func TestDoubleDollar(t *testing.T) {
	got, err := Expand("$$5", nil)
	if err != nil || got != "$5" {
		t.Fatalf("got %q, %v", got, err)
	}
}
