package solution

import (
	"fmt"
	"strings"
)

var numerals = []struct {
	value int
	text  string
}{
	{1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"}, {90, "XC"},
	{50, "L"}, {40, "XL"}, {10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"},
}

func ToRoman(number int) (string, error) {
	if number < 1 || number > 3999 {
		return "", fmt.Errorf("%d has no roman numeral", number)
	}
	var out strings.Builder
	for _, numeral := range numerals {
		for number >= numeral.value {
			out.WriteString(numeral.text)
			number -= numeral.value
		}
	}
	return out.String(), nil
}

func FromRoman(text string) (int, error) {
	number := 0
	left := text
	for _, numeral := range numerals {
		for strings.HasPrefix(left, numeral.text) {
			number += numeral.value
			left = left[len(numeral.text):]
		}
	}
	if written, err := ToRoman(number); err != nil || written != text {
		return 0, fmt.Errorf("%q is not a roman numeral", text)
	}
	return number, nil
}
