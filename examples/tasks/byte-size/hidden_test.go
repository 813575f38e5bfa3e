package solution

import "testing"

func TestLargeUnits(t *testing.T) {
	for bytes, want := range map[int64]string{1 << 20: "1 MiB", 3 << 30: "3 GiB", 5 << 40: "5 TiB", 5000 << 40: "5000 TiB"} {
		if got := FormatSize(bytes); got != want {
			t.Errorf("FormatSize(%d) = %q, want %q", bytes, got, want)
		}
	}
}

func TestRounding(t *testing.T) {
	for bytes, want := range map[int64]string{1024 + 51: "1 KiB", 1024 + 52: "1.1 KiB", 1280: "1.3 KiB", 1792: "1.8 KiB"} {
		if got := FormatSize(bytes); got != want {
			t.Errorf("FormatSize(%d) = %q, want %q", bytes, got, want)
		}
	}
}

func TestRoundsUpIntoTheNextUnit(t *testing.T) {
	if got := FormatSize(1<<20 - 1); got != "1 MiB" {
		t.Errorf("FormatSize = %q", got)
	}
}

func TestNegative(t *testing.T) {
	if got := FormatSize(-1536); got != "-1.5 KiB" {
		t.Errorf("FormatSize = %q", got)
	}
}

func TestParseForms(t *testing.T) {
	for text, want := range map[string]int64{"10": 10, "7 B": 7, "3Kib": 3072, "1MIB": 1 << 20, "1.25 GiB": 1342177280, "0.5 KiB": 512, "1.0001 KiB": 1024} {
		if got, err := ParseSize(text); err != nil || got != want {
			t.Errorf("ParseSize(%q) = %d, %v; want %d", text, got, err, want)
		}
	}
}

func TestParseErrors(t *testing.T) {
	for _, text := range []string{"", "KiB", "-1 KiB", "1 XB", "1.2.3 KiB", "9000000 TiB", "NaN", "Inf B", "1e3", "1 K iB"} {
		if got, err := ParseSize(text); err == nil {
			t.Errorf("ParseSize(%q) = %d, want an error", text, got)
		}
	}
}
