package solution

import (
	"fmt"
	"strconv"
	"strings"
)

func FormatSize(bytes int64) string {
	labels := []string{"B", "KiB", "MiB", "GiB", "TiB"}
	value := float64(bytes)
	i := 0
	for value >= 1024 && i < len(labels)-1 {
		value /= 1024
		i++
	}
	if value == float64(int64(value)) {
		return fmt.Sprintf("%d %s", int64(value), labels[i])
	}
	return fmt.Sprintf("%.1f %s", value, labels[i])
}

func ParseSize(text string) (int64, error) {
	parts := strings.Fields(text)
	if len(parts) != 2 {
		return 0, fmt.Errorf("not a value %q", text)
	}
	amount, err := strconv.ParseFloat(parts[0], 64)
	if err != nil {
		return 0, err
	}
	steps := map[string]float64{"B": 1, "KiB": 1024, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40}
	step, ok := steps[parts[1]]
	if !ok {
		return 0, fmt.Errorf("unknown unit %q", parts[1])
	}
	return int64(amount * step), nil
}
