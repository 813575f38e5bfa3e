package solution

import (
	"fmt"
	"regexp"
	"strings"
)

var identifier = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

func Expand(text string, values map[string]string) (string, error) {
	var result strings.Builder
	for {
		index := strings.IndexByte(text, '$')
		if index < 0 {
			result.WriteString(text)
			return result.String(), nil
		}
		result.WriteString(text[:index])
		text = text[index:]
		switch {
		case strings.HasPrefix(text, "$$"):
			result.WriteByte('$')
			text = text[2:]
		case strings.HasPrefix(text, "${"):
			stop := strings.IndexByte(text, '}')
			if stop < 0 {
				return "", fmt.Errorf("%q is never closed", text)
			}
			value, err := resolve(text[2:stop], values)
			if err != nil {
				return "", err
			}
			result.WriteString(value)
			text = text[stop+1:]
		default:
			result.WriteByte('$')
			text = text[1:]
		}
	}
}

func resolve(inner string, values map[string]string) (string, error) {
	key, standard, hasStandard := strings.Cut(inner, ":-")
	if !identifier.MatchString(key) {
		return "", fmt.Errorf("%q is not a identifier", key)
	}
	value, ok := values[key]
	if hasStandard && value == "" {
		return standard, nil
	}
	if !ok {
		return "", fmt.Errorf("%s is missing", key)
	}
	return value, nil
}
