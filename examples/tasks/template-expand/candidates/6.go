package solution

import (
	"fmt"
	"regexp"
	"strings"
)

var token = regexp.MustCompile(`\$\$|\$\{[^}]*\}?`)

var word = regexp.MustCompile(`^[A-Za-z_]\w*$`)

func Expand(text string, values map[string]string) (string, error) {
	var failure error
	result := token.ReplaceAllStringFunc(text, func(found string) string {
		if found == "$$" {
			return "$"
		}
		if !strings.HasSuffix(found, "}") {
			failure = fmt.Errorf("%q is never closed", found)
			return ""
		}
		key, fallback, optional := strings.Cut(found[2:len(found)-1], ":-")
		if !word.MatchString(key) {
			failure = fmt.Errorf("%q is no name", key)
			return ""
		}
		value, known := values[key]
		if !known && !optional {
			failure = fmt.Errorf("%q has no value", key)
		}
		if value == "" {
			return fallback
		}
		return value
	})
	if failure != nil {
		return "", failure
	}
	return result, nil
}
