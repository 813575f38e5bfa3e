package solution

import "fmt"

var values = map[byte]int{'I': 1, 'V': 5, 'X': 10, 'L': 50, 'C': 100, 'D': 500, 'M': 1000}

func ToRoman(number int) (string, error) {
	if number < 1 || number > 3999 {
		return "", fmt.Errorf("out of range: %d", number)
	}
	numbers := []int{1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1}
	letters := []string{"M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"}
	result := ""
	for i, value := range numbers {
		for number >= value {
			result += letters[i]
			number -= value
		}
	}
	return result, nil
}

func FromRoman(text string) (int, error) {
	total := 0
	for i := 0; i < len(text); i++ {
		value, ok := values[text[i]]
		if !ok {
			return 0, fmt.Errorf("bad letter %q", text[i])
		}
		if i+1 < len(text) && values[text[i+1]] > value {
			total -= value
		} else {
			total += value
		}
	}
	return total, nil
}
