package solution

import (
	"fmt"
	"strings"
)

func Normalise(path string) (string, error) {
	if strings.ContainsAny(path, "\\\x00") {
		return "", fmt.Errorf("%q has a character that is not allowed", path)
	}
	var stack []string
	for _, segment := range strings.Split(path, "/") {
		switch segment {
		case "", ".":
		case "..":
			if len(stack) == 0 {
				return "", fmt.Errorf("%q is outside of the root", path)
			}
			stack = stack[:len(stack)-1]
		default:
			stack = append(stack, segment)
		}
	}
	if len(stack) == 0 {
		return ".", nil
	}
	return strings.Join(stack, "/"), nil
}
