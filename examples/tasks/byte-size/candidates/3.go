package solution

import (
	"fmt"
	"strconv"
	"strings"
)

var names = []string{"B", "KiB", "MiB", "GiB", "TiB"}

func FormatSize(bytes int64) string {
	value := float64(bytes)
	index := 0
	for value >= 1000 && index < len(names)-1 {
		value /= 1024
		index++
	}
	text := strings.TrimSuffix(fmt.Sprintf("%.1f", value), ".0")
	return text + " " + names[index]
}

func ParseSize(text string) (int64, error) {
	lower := strings.ToLower(strings.TrimSpace(text))
	factor := int64(1)
	for i := len(names) - 1; i >= 0; i-- {
		name := strings.ToLower(names[i])
		if strings.HasSuffix(lower, name) {
			lower = strings.TrimSpace(strings.TrimSuffix(lower, name))
			factor <<= 10 * i
			break
		}
	}
	number, err := strconv.ParseFloat(lower, 64)
	if err != nil || number < 0 {
		return 0, fmt.Errorf("cannot parse %q", text)
	}
	return int64(number * float64(factor)), nil
}
