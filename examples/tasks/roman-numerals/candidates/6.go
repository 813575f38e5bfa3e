package solution

import (
	"fmt"
	"strings"
)

var (
	weights = [...]int{1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1}
	symbols = [...]string{"M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"}
)

func ToRoman(number int) (string, error) {
	if number <= 0 || number >= 4000 {
		return "", fmt.Errorf("cannot write %d", number)
	}
	roman := ""
	for i, weight := range weights {
		roman += strings.Repeat(symbols[i], number/weight)
		number %= weight
	}
	return roman, nil
}

func FromRoman(text string) (int, error) {
	number, at := 0, 0
	for i, symbol := range symbols {
		for strings.HasPrefix(text[at:], symbol) {
			number += weights[i]
			at += len(symbol)
		}
	}
	written, err := ToRoman(number)
	if err != nil || written != text {
		return 0, fmt.Errorf("cannot read %q", text)
	}
	return number, nil
}
