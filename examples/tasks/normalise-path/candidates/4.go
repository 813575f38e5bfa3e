package solution

import (
	"errors"
	"strings"
)

var errOutside = errors.New("the path leaves the root")

func Normalise(path string) (string, error) {
	if strings.Contains(path, "\\") || strings.Contains(path, "\x00") {
		return "", errors.New("the path holds a backslash or a NUL byte")
	}
	names := strings.Split(path, "/")
	kept := names[:0]
	for _, name := range names {
		if name == "" || name == "." {
			continue
		}
		if name != ".." {
			kept = append(kept, name)
			continue
		}
		if len(kept) == 0 {
			return "", errOutside
		}
		kept = kept[:len(kept)-1]
	}
	if len(kept) == 0 {
		return ".", nil
	}
	return strings.Join(kept, "/"), nil
}
