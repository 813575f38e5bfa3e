package solution

import "testing"

func TestThereAndBack(t *testing.T) {
	for number := 1; number <= 3999; number++ {
		text, err := ToRoman(number)
		if err != nil {
			t.Fatalf("ToRoman(%d): %v", number, err)
		}
		back, err := FromRoman(text)
		if err != nil || back != number {
			t.Fatalf("FromRoman(%q) = %d, %v; want %d", text, back, err, number)
		}
	}
}

func TestKnownForms(t *testing.T) {
	for number, want := range map[int]string{40: "XL", 90: "XC", 400: "CD", 900: "CM", 1994: "MCMXCIV", 3999: "MMMCMXCIX"} {
		if got, _ := ToRoman(number); got != want {
			t.Errorf("ToRoman(%d) = %q, want %q", number, got, want)
		}
	}
}

func TestOutOfRange(t *testing.T) {
	for _, number := range []int{0, -1, 4000} {
		if got, err := ToRoman(number); err == nil {
			t.Errorf("ToRoman(%d) = %q, want an error", number, got)
		}
	}
}

func TestOtherForms(t *testing.T) {
	for _, text := range []string{"", "IIII", "VX", "IC", "iv", "VV", "IVI", "XCX", "MMMM", "ABC", "X V", "IIX", "CDC"} {
		if got, err := FromRoman(text); err == nil {
			t.Errorf("FromRoman(%q) = %d, want an error", text, got)
		}
	}
}
