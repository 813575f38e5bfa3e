package solution

import (
	"fmt"
	"strings"
)

func Normalise(path string) (string, error) {
	for i := 0; i < len(path); i++ {
		if path[i] == '\\' || path[i] == 0 {
			return "", fmt.Errorf("byte %d of the path is not allowed", i)
		}
	}
	out := make([]string, 0, strings.Count(path, "/")+1)
	start := 0
	for i := 0; i <= len(path); i++ {
		if i < len(path) && path[i] != '/' {
			continue
		}
		part := path[start:i]
		start = i + 1
		if part == ".." {
			if len(out) == 0 {
				return "", fmt.Errorf("the path leaves the root at byte %d", i)
			}
			out = out[:len(out)-1]
		} else if part != "" && part != "." {
			out = append(out, part)
		}
	}
	if len(out) == 0 {
		return ".", nil
	}
	return strings.Join(out, "/"), nil
}
