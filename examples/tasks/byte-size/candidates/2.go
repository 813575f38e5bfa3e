package solution

import (
	"fmt"
	"strconv"
	"strings"
)

func FormatSize(bytes int64) string {
	units := []string{"B", "KiB", "MiB", "GiB", "TiB"}
	size := float64(bytes)
	i := 0
	for size >= 1024 && i < len(units)-1 {
		size /= 1024
		i++
	}
	if size == float64(int64(size)) {
		return fmt.Sprintf("%d %s", int64(size), units[i])
	}
	return fmt.Sprintf("%.1f %s", size, units[i])
}

func ParseSize(text string) (int64, error) {
	fields := strings.Fields(text)
	if len(fields) != 2 {
		return 0, fmt.Errorf("cannot parse %q", text)
	}
	number, err := strconv.ParseFloat(fields[0], 64)
	if err != nil {
		return 0, err
	}
	factors := map[string]float64{"B": 1, "KiB": 1024, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40}
	factor, ok := factors[fields[1]]
	if !ok {
		return 0, fmt.Errorf("unknown unit %q", fields[1])
	}
	return int64(number * factor), nil
}
