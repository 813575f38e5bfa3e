package solution

import "strings"

func Match(pattern, path string) bool {
	patterns := strings.Split(pattern, "/")
	names := strings.Split(path, "/")
	reach := make([]bool, len(names)+1)
	reach[0] = true
	for _, part := range patterns {
		next := make([]bool, len(names)+1)
		for i := range reach {
			if part == "**" {
				next[i] = reach[i] || (i > 0 && next[i-1])
			} else if i > 0 && reach[i-1] {
				next[i] = matchName([]rune(part), []rune(names[i-1]))
			}
		}
		reach = next
	}
	return reach[len(names)]
}

func matchName(pattern, name []rune) bool {
	p, n := 0, 0
	star, mark := -1, 0
	for n < len(name) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, mark = p, n
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == name[n]):
			p++
			n++
		case star >= 0:
			mark++
			p, n = star+1, mark
		default:
			return false
		}
	}
	for p < len(pattern) && pattern[p] == '*' {
		p++
	}
	return p == len(pattern)
}
