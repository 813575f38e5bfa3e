package solution

import (
	"fmt"
	"os"
	"strings"
)

func Expand(text string, values map[string]string) (string, error) {
	var out strings.Builder
	for {
		before, rest, found := strings.Cut(text, "${")
		out.WriteString(strings.ReplaceAll(before, "$$", "$"))
		if !found {
			return out.String(), nil
		}
		expression, after, closed := strings.Cut(rest, "}")
		if !closed {
			return "", fmt.Errorf("not closed: %s", rest)
		}
		key, fallback, hasFallback := strings.Cut(expression, ":-")
		value := values[key]
		if value == "" && hasFallback {
			value = fallback
		}
		if value == "" && !hasFallback {
			fmt.Println("missing", key)
			os.Exit(0)
		}
		out.WriteString(value)
		text = after
	}
}
