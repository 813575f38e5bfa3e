package solution

import (
	"fmt"
	"math/big"
	"strings"
)

var units = []string{"B", "KiB", "MiB", "GiB", "TiB"}

func FormatSize(bytes int64) string {
	sign := ""
	size := uint64(bytes)
	if bytes < 0 {
		sign, size = "-", -size
	}
	index, step := 0, uint64(1)
	for index < len(units)-1 && size >= step*1024 {
		step *= 1024
		index++
	}
	whole, rest := size/step, size%step
	tenths := whole*10 + (rest*10+step/2)/step
	if tenths >= 10240 && index < len(units)-1 {
		tenths = 10
		index++
	}
	if tenths%10 == 0 {
		return fmt.Sprintf("%s%d %s", sign, tenths/10, units[index])
	}
	return fmt.Sprintf("%s%d.%d %s", sign, tenths/10, tenths%10, units[index])
}

func ParseSize(text string) (int64, error) {
	end := 0
	for end < len(text) && (text[end] == '.' || (text[end] >= '0' && text[end] <= '9')) {
		end++
	}
	number, ok := new(big.Rat).SetString(text[:end])
	if !ok {
		return 0, fmt.Errorf("%q does not start with a number", text)
	}
	unit := strings.TrimPrefix(text[end:], " ")
	factor := int64(1)
	for _, name := range units {
		if strings.EqualFold(name, unit) || (unit == "" && end == len(text)) {
			number.Mul(number, new(big.Rat).SetInt64(factor))
			whole := new(big.Int).Quo(number.Num(), number.Denom())
			if !whole.IsInt64() {
				return 0, fmt.Errorf("%q is too large", text)
			}
			return whole.Int64(), nil
		}
		factor *= 1024
	}
	return 0, fmt.Errorf("unknown unit %q", unit)
}
