package solution

import (
	"errors"
	"fmt"
)

var places = [4][10]string{
	{"", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"},
	{"", "X", "XX", "XXX", "XL", "L", "LX", "LXX", "LXXX", "XC"},
	{"", "C", "CC", "CCC", "CD", "D", "DC", "DCC", "DCCC", "CM"},
	{"", "M", "MM", "MMM"},
}

func ToRoman(number int) (string, error) {
	if number < 1 || number > 3999 {
		return "", fmt.Errorf("%d has no roman numeral", number)
	}
	return places[3][number/1000] + places[2][number/100%10] + places[1][number/10%10] + places[0][number%10], nil
}

func FromRoman(text string) (int, error) {
	if len(text) > 0 && len(text) <= 15 {
		for number := 1; number <= 3999; number++ {
			if roman, _ := ToRoman(number); roman == text {
				return number, nil
			}
		}
	}
	return 0, errors.New("not a roman numeral: " + text)
}
