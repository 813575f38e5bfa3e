package solution

import (
	"regexp"
	"strings"
)

func Match(pattern, path string) bool {
	expression := strings.ReplaceAll(pattern, "**", "\x00")
	expression = strings.ReplaceAll(expression, "*", "[^/]*")
	expression = strings.ReplaceAll(expression, "?", ".")
	expression = strings.ReplaceAll(expression, "\x00", ".*")
	matched, err := regexp.MatchString("^"+expression+"$", path)
	return err == nil && matched
}
