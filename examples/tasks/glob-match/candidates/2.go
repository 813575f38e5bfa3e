package solution

import (
	"regexp"
	"strings"
)

func Match(pattern, path string) bool {
	var out strings.Builder
	out.WriteString(`\A`)
	parts := strings.Split(pattern, "/")
	for i, part := range parts {
		last := i == len(parts)-1
		if part == "**" {
			if last {
				out.WriteString(`(?s:.*)`)
			} else {
				out.WriteString(`(?:[^/]*/)*`)
			}
			continue
		}
		for _, char := range part {
			switch char {
			case '*':
				out.WriteString(`[^/]*`)
			case '?':
				out.WriteString(`[^/]`)
			default:
				out.WriteString(regexp.QuoteMeta(string(char)))
			}
		}
		if !last {
			out.WriteString("/")
		}
	}
	out.WriteString(`\z`)
	return regexp.MustCompile(out.String()).MatchString(path)
}
