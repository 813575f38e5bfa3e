package solution

import "testing"

func TestFormatSize(t *testing.T) {
	for bytes, want := range map[int64]string{0: "0 B", 1023: "1023 B", 1536: "1.5 KiB", 2048: "2 KiB"} {
		if got := FormatSize(bytes); got != want {
			t.Errorf("FormatSize(%d) = %q, want %q", bytes, got, want)
		}
	}
}

func TestParseSize(t *testing.T) {
	if got, err := ParseSize("1.5 KiB"); err != nil || got != 1536 {
		t.Errorf("ParseSize = %d, %v", got, err)
	}
}

func TestParseWithoutSpace(t *testing.T) {
	if got, err := ParseSize("2kib"); err != nil || got != 2048 {
		t.Errorf("ParseSize = %d, %v", got, err)
	}
}
