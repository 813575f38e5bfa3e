package solution

import (
	"errors"
	"strings"
)

func Normalise(path string) (string, error) {
	if strings.HasPrefix(path, "..") {
		return "", errors.New("path leaves the root")
	}
	stack := []string{}
	for _, part := range strings.Split(path, "/") {
		if part == "" || part == "." {
			continue
		}
		if part == ".." {
			if len(stack) > 0 {
				stack = stack[:len(stack)-1]
			}
			continue
		}
		stack = append(stack, part)
	}
	return strings.Join(stack, "/"), nil
}
