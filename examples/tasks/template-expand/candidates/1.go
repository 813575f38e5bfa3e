package solution

import (
	"fmt"
	"regexp"
	"strings"
)

var name = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

func Expand(text string, values map[string]string) (string, error) {
	var out strings.Builder
	for {
		at := strings.IndexByte(text, '$')
		if at < 0 {
			out.WriteString(text)
			return out.String(), nil
		}
		out.WriteString(text[:at])
		text = text[at:]
		switch {
		case strings.HasPrefix(text, "$$"):
			out.WriteByte('$')
			text = text[2:]
		case strings.HasPrefix(text, "${"):
			end := strings.IndexByte(text, '}')
			if end < 0 {
				return "", fmt.Errorf("%q is never closed", text)
			}
			value, err := lookup(text[2:end], values)
			if err != nil {
				return "", err
			}
			out.WriteString(value)
			text = text[end+1:]
		default:
			out.WriteByte('$')
			text = text[1:]
		}
	}
}

func lookup(expression string, values map[string]string) (string, error) {
	key, fallback, hasFallback := strings.Cut(expression, ":-")
	if !name.MatchString(key) {
		return "", fmt.Errorf("%q is not a name", key)
	}
	value, ok := values[key]
	if hasFallback && value == "" {
		return fallback, nil
	}
	if !ok {
		return "", fmt.Errorf("%s has no value", key)
	}
	return value, nil
}
