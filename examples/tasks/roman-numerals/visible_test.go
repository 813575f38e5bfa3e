package solution

import "testing"

func TestToRoman(t *testing.T) {
	for number, want := range map[int]string{1: "I", 4: "IV", 9: "IX", 14: "XIV", 2024: "MMXXIV"} {
		if got, err := ToRoman(number); err != nil || got != want {
			t.Errorf("ToRoman(%d) = %q, %v; want %q", number, got, err, want)
		}
	}
}

func TestFromRoman(t *testing.T) {
	if got, err := FromRoman("XIV"); err != nil || got != 14 {
		t.Errorf("FromRoman(XIV) = %d, %v", got, err)
	}
}

func TestRefusesFourOfALetter(t *testing.T) {
	if got, err := FromRoman("IIII"); err == nil {
		t.Errorf("FromRoman(IIII) = %d, want an error", got)
	}
}
