package solution

import (
	"fmt"
	"strings"
)

func ToRoman(number int) (string, error) {
	if number < 1 || number > 3999 {
		return "", fmt.Errorf("%d is not within 1 and 3999", number)
	}
	var out strings.Builder
	for _, step := range romanSteps {
		for number >= step.value {
			out.WriteString(step.text)
			number -= step.value
		}
	}
	return out.String(), nil
}

func FromRoman(text string) (int, error) {
	for number := 1; number <= 3999; number++ {
		if roman, err := ToRoman(number); err == nil && roman == text {
			return number, nil
		}
	}
	return 0, fmt.Errorf("%q is not a roman numeral", text)
}
