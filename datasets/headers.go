package datasets

import "strings"

// Headers are the names that a program gives to the columns of one of its
// tables, by the name they have here, best first; compared by FoldHeader.
type Headers map[string][]string

// Find returns the place in headers of the first of names that is there, or -1.
// It looks through "property_", which warehouse connectors put before HubSpot's
// names.
func Find(headers, names []string) int {
	for _, name := range names {
		want := FoldHeader(name)
		for i, h := range headers {
			h = strings.TrimPrefix(h, "\ufeff")
			if FoldHeader(h) == want || FoldHeader(strings.TrimPrefix(strings.ToLower(h), "property_")) == want {
				return i
			}
		}
	}
	return -1
}
