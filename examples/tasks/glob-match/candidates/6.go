package solution

import "path"

func Match(pattern, name string) bool {
	matched, err := path.MatchAll(pattern, name)
	if err != nil {
		return false
	}
	return matched
}
