package solution

import "testing"

func same(t *testing.T, text, want string) {
	t.Helper()
	values := map[string]string{"a": "1", "b_2": "two", "empty": "", "loop": "${a}", "cash": "$$5"}
	got, err := Expand(text, values)
	if err != nil || got != want {
		t.Errorf("Expand(%q) = %q, %v; want %q", text, got, err, want)
	}
}

func TestDollars(t *testing.T) {
	same(t, "$$", "$")
	same(t, "cost $5", "cost $5")
	same(t, "end $", "end $")
	same(t, "$${a}", "${a}")
	same(t, "$$$${a}", "$${a}")
	same(t, "$$${a}", "$1")
}

func TestSeveral(t *testing.T) {
	same(t, "${a}${b_2}-${a}", "1two-1")
}

func TestValuesAreNotExpandedAgain(t *testing.T) {
	same(t, "${loop}", "${a}")
	same(t, "${cash}", "$$5")
}

func TestEmptyValues(t *testing.T) {
	same(t, "[${empty}]", "[]")
	same(t, "[${empty:-x}]", "[x]")
	same(t, "[${none:-}]", "[]")
}

func TestFallbackIsPlainText(t *testing.T) {
	same(t, "${none:-$a:-b $$}", "$a:-b $$")
	same(t, "${a:-unused}", "1")
}

func TestErrors(t *testing.T) {
	for _, text := range []string{"${", "x ${a", "${}", "${1a}", "${a b}", "${none}", "${-x}", "${none:x}", "${:-x}"} {
		if got, err := Expand(text, map[string]string{"a": "1", "a b": "2", "1a": "3", "": "4"}); err == nil {
			t.Errorf("Expand(%q) = %q, want an error", text, got)
		}
	}
}

func TestPlainText(t *testing.T) {
	same(t, "", "")
	same(t, "no {braces} here}", "no {braces} here}")
}
