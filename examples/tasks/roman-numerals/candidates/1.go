package solution

import (
	"fmt"
	"strings"
)

var steps = []struct {
	value int
	text  string
}{
	{1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"}, {90, "XC"},
	{50, "L"}, {40, "XL"}, {10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"},
}

func ToRoman(number int) (string, error) {
	if number < 1 || number > 3999 {
		return "", fmt.Errorf("%d is not within 1 and 3999", number)
	}
	var out strings.Builder
	for _, step := range steps {
		for number >= step.value {
			out.WriteString(step.text)
			number -= step.value
		}
	}
	return out.String(), nil
}

func FromRoman(text string) (int, error) {
	total := 0
	rest := text
	for _, step := range steps {
		for strings.HasPrefix(rest, step.text) {
			total += step.value
			rest = rest[len(step.text):]
		}
	}
	if canonical, err := ToRoman(total); err != nil || canonical != text {
		return 0, fmt.Errorf("%q is not a roman numeral", text)
	}
	return total, nil
}
