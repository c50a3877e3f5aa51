package infer

import "strings"

// A splitting is what a column looks like when its cells are split.
type splitting struct {
	several float64 // share of rows with at least two items
	support float64 // share of items that at least leastSupport rows have
	items   int     // distinct items
	words   float64 // mean number of words of an item
}

// split looks at the column's cells as sets with separator sep.
func (p *profile) split(sep string) splitting {
	counts := map[string]int{}
	several, rows, items, words := 0, 0, 0, 0
	for _, v := range p.values[:min(len(p.values), maxLooked)] {
		rows += v.rows
		n := 0
		for item := range strings.SplitSeq(v.text, sep) {
			if item = strings.ToLower(strings.TrimSpace(item)); item != "" {
				counts[item] += v.rows
				words += v.rows * len(strings.Fields(item))
				n++
			}
		}
		items += n * v.rows
		if n > 1 {
			several += v.rows
		}
	}
	known := 0
	for _, n := range counts {
		if n >= p.leastSupport() {
			known += n
		}
	}
	mean := 0.0
	if items > 0 {
		mean = float64(words) / float64(items)
	}
	return splitting{ratio(several, rows), ratio(known, items), len(counts), mean}
}

// separator returns what separates the items of the column's cells, if they are
// sets. A bar stands in hardly any other text, a semicolon in some; a comma is
// in most sentences, so its items must be short and repeat much more than whole
// cells do.
func (p *profile) separator() (string, bool) {
	if s := p.split("|"); s.several >= 0.005 && s.support >= 0.3 {
		return "|", true
	}
	if s := p.split(";"); s.several >= 0.02 && s.support >= 0.5 {
		return ";", true
	}
	s := p.split(",")
	if s.several >= 0.2 && s.support >= 0.7 && s.words <= 3 && 2*s.items <= len(p.values) {
		return ",", true
	}
	return "", false
}
