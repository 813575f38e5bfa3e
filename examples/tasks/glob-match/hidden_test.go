package solution

import (
	"strings"
	"testing"
)

func expect(t *testing.T, pattern, path string, want bool) {
	t.Helper()
	if got := Match(pattern, path); got != want {
		t.Errorf("Match(%q, %q) = %v, want %v", pattern, path, got, want)
	}
}

func TestDoubleStarMatchesNoPart(t *testing.T) {
	expect(t, "src/**/x.go", "src/x.go", true)
	expect(t, "**/x.go", "x.go", true)
	expect(t, "**", "a/b/c", true)
	expect(t, "a/**", "a/b/c", true)
}

func TestDoubleStarMatchesWholePartsOnly(t *testing.T) {
	expect(t, "src/**/x.go", "srcs/x.go", false)
	expect(t, "**/x.go", "a/yx.go", false)
	expect(t, "a**b", "axxb", true)
	expect(t, "a**b", "ax/xb", false)
}

func TestQuestionMark(t *testing.T) {
	expect(t, "a?c", "abc", true)
	expect(t, "a?c", "ac", false)
	expect(t, "a?c", "a/c", false)
	expect(t, "?", "é", true)
}

func TestStarMatchesNothing(t *testing.T) {
	expect(t, "a*", "a", true)
	expect(t, "*a*", "a", true)
}

func TestOtherCharactersStandForThemselves(t *testing.T) {
	expect(t, "a.c", "abc", false)
	expect(t, "[ab]+", "[ab]+", true)
	expect(t, "[ab]", "a", false)
	expect(t, "(x|y)$", "(x|y)$", true)
}

func TestTheWholePath(t *testing.T) {
	expect(t, "a", "ab", false)
	expect(t, "b", "ab", false)
	expect(t, "", "", true)
	expect(t, "", "a", false)
}

func TestSeveralStars(t *testing.T) {
	expect(t, "*_*_test.go", "a_b_c_test.go", true)
	expect(t, "**/a/**/b", "x/a/y/a/z/b", true)
	expect(t, "**/a/**/b", "x/a/y/a/z/c", false)
}

func TestManyStarsAreQuick(t *testing.T) {
	expect(t, strings.Repeat("*a", 25)+"b", strings.Repeat("a", 60), false)
	expect(t, strings.Repeat("**/a/", 12)+"b", strings.Repeat("a/", 40)+"c", false)
}
