package features

import (
	"strings"
	"unicode/utf8"
)

// nearest returns the name closest to want by edit distance, without regard to
// case, or "" if even that one differs in more than a third of its letters. Of
// several it is the first.
func nearest(want string, names []string) string {
	want = strings.ToLower(want)
	best, least := "", max(1, utf8.RuneCountInString(want)/3)+1
	for _, name := range names {
		if d := distance(want, strings.ToLower(name), least); d < least {
			best, least = name, d
		}
	}
	return best
}

// distance returns the Levenshtein distance of a and b in runes, or at least
// limit if it is not below limit.
func distance(a, b string, limit int) int {
	from, to := []rune(a), []rune(b)
	if len(from)-len(to) >= limit || len(to)-len(from) >= limit {
		return limit
	}
	row := make([]int, len(to)+1)
	for k := range row {
		row[k] = k
	}
	for i, x := range from {
		diagonal := row[0]
		row[0] = i + 1
		for k, y := range to {
			cost := diagonal
			if x != y {
				cost++
			}
			diagonal = row[k+1]
			row[k+1] = min(cost, row[k]+1, row[k+1]+1)
		}
	}
	return row[len(to)]
}
