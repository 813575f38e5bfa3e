package solution

import (
	"regexp"
	"strings"
)

func Match(pattern, path string) bool {
	translated := strings.ReplaceAll(pattern, "**", "\x00")
	translated = strings.ReplaceAll(translated, "*", "[^/]*")
	translated = strings.ReplaceAll(translated, "?", ".")
	translated = strings.ReplaceAll(translated, "\x00", ".*")
	ok, err := regexp.MatchString("^"+translated+"$", path)
	return err == nil && ok
}
