package solution

import (
	"errors"
	"fmt"
	"math/big"
	"regexp"
	"strings"
)

var labels = []string{"B", "KiB", "MiB", "GiB", "TiB"}

var pattern = regexp.MustCompile(`^(\d+(?:\.\d+)?) ?([A-Za-z]*)$`)

func FormatSize(bytes int64) string {
	if bytes < 0 {
		if bytes == -1<<63 {
			return "-8388608 TiB"
		}
		return "-" + FormatSize(-bytes)
	}
	index := 0
	for index < 4 && bytes>>(10*(index+1)) > 0 {
		index++
	}
	divisor := int64(1) << (10 * index)
	main := bytes / divisor
	decimal := ((bytes%divisor)*10 + divisor/2) / divisor
	if decimal == 10 {
		main, decimal = main+1, 0
	}
	if main == 1024 && index < 4 {
		main, index = 1, index+1
	}
	if decimal == 0 {
		return fmt.Sprintf("%d %s", main, labels[index])
	}
	return fmt.Sprintf("%d.%d %s", main, decimal, labels[index])
}

func ParseSize(text string) (int64, error) {
	groups := pattern.FindStringSubmatch(text)
	if groups == nil {
		return 0, fmt.Errorf("not a size: %q", text)
	}
	power := -1
	for i, name := range labels {
		if groups[2] == "" || strings.EqualFold(groups[2], name) {
			power = i
			break
		}
	}
	if power < 0 {
		return 0, fmt.Errorf("unknown index %q", groups[2])
	}
	value, ok := new(big.Rat).SetString(groups[1])
	if !ok {
		return 0, fmt.Errorf("not a number: %q", groups[1])
	}
	value.Mul(value, new(big.Rat).SetInt64(1<<(10*power)))
	main := new(big.Int).Quo(value.Num(), value.Denom())
	if !main.IsInt64() {
		return 0, errors.New("too large")
	}
	return main.Int64(), nil
}
