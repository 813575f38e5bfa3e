package solution

import "testing"

func check(t *testing.T, path, want string) {
	t.Helper()
	got, err := Normalise(path)
	if err != nil || got != want {
		t.Errorf("Normalise(%q) = %q, %v; want %q", path, got, err, want)
	}
}

func TestSlashes(t *testing.T) {
	check(t, "//a///b//", "a/b")
	check(t, "/a", "a")
}

func TestOtherRoots(t *testing.T) {
	check(t, "", ".")
	check(t, "//.", ".")
	check(t, "./.", ".")
	check(t, "a/..", ".")
}

func TestNamesOfDots(t *testing.T) {
	check(t, ".../x", ".../x")
	check(t, "..a/b..", "..a/b..")
	check(t, ".hidden", ".hidden")
}

func TestSeveralParents(t *testing.T) {
	check(t, "a/b/c/../../d", "a/d")
	check(t, "a/../b/../c", "c")
}

func TestLeavingLater(t *testing.T) {
	for _, path := range []string{"a/../..", "a/../../b", "/..", "./../a", "a/b/../../../a/b"} {
		if got, err := Normalise(path); err == nil {
			t.Errorf("Normalise(%q) = %q, want an error", path, got)
		}
	}
}

func TestForbiddenCharacters(t *testing.T) {
	for _, path := range []string{"a\\b", "a\x00b", "..\\x"} {
		if got, err := Normalise(path); err == nil {
			t.Errorf("Normalise(%q) = %q, want an error", path, got)
		}
	}
}
