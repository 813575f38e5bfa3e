package solution

import (
	"fmt"
	"regexp"
)

var pattern = regexp.MustCompile(`\$\{(\w+)(?::-([^}]*))?\}`)

func Expand(text string, values map[string]string) (string, error) {
	var err error
	result := pattern.ReplaceAllStringFunc(text, func(match string) string {
		groups := pattern.FindStringSubmatch(match)
		if value, ok := values[groups[1]]; ok {
			return value
		}
		if groups[2] != "" {
			return groups[2]
		}
		err = fmt.Errorf("missing %s", groups[1])
		return ""
	})
	return result, err
}
