package solution

import (
	"fmt"
	"regexp"
)

var variable = regexp.MustCompile(`\$\{(\w+)(?::-([^}]*))?\}`)

func Expand(text string, values map[string]string) (string, error) {
	var err error
	expanded := variable.ReplaceAllStringFunc(text, func(found string) string {
		parts := variable.FindStringSubmatch(found)
		if value, ok := values[parts[1]]; ok {
			return value
		}
		if parts[2] != "" {
			return parts[2]
		}
		err = fmt.Errorf("no value for %s", parts[1])
		return ""
	})
	return expanded, err
}
