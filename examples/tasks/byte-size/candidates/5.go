package solution

import (
	"errors"
	"fmt"
	"math/big"
	"regexp"
	"strings"
)

var names = []string{"B", "KiB", "MiB", "GiB", "TiB"}

var shape = regexp.MustCompile(`^(\d+(?:\.\d+)?) ?([A-Za-z]*)$`)

func FormatSize(bytes int64) string {
	if bytes < 0 {
		if bytes == -1<<63 {
			return "-8388608 TiB"
		}
		return "-" + FormatSize(-bytes)
	}
	unit := 0
	for unit < 4 && bytes>>(10*(unit+1)) > 0 {
		unit++
	}
	step := int64(1) << (10 * unit)
	whole := bytes / step
	tenth := ((bytes%step)*10 + step/2) / step
	if tenth == 10 {
		whole, tenth = whole+1, 0
	}
	if whole == 1024 && unit < 4 {
		whole, unit = 1, unit+1
	}
	if tenth == 0 {
		return fmt.Sprintf("%d %s", whole, names[unit])
	}
	return fmt.Sprintf("%d.%d %s", whole, tenth, names[unit])
}

func ParseSize(text string) (int64, error) {
	match := shape.FindStringSubmatch(text)
	if match == nil {
		return 0, fmt.Errorf("not a size: %q", text)
	}
	exponent := -1
	for i, name := range names {
		if match[2] == "" || strings.EqualFold(match[2], name) {
			exponent = i
			break
		}
	}
	if exponent < 0 {
		return 0, fmt.Errorf("unknown unit %q", match[2])
	}
	value, ok := new(big.Rat).SetString(match[1])
	if !ok {
		return 0, fmt.Errorf("not a number: %q", match[1])
	}
	value.Mul(value, new(big.Rat).SetInt64(1<<(10*exponent)))
	whole := new(big.Int).Quo(value.Num(), value.Denom())
	if !whole.IsInt64() {
		return 0, errors.New("the size does not fit into int64")
	}
	return whole.Int64(), nil
}
