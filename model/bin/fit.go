package bin

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
)

// Options decide how finely features are binned. They look at values only,
// never at who is a customer, so binning cannot leak.
type Options struct {
	NumberBins int `json:"number_bins"` // most bins of a number, in [2, 250]
	MinRows    int `json:"min_rows"`    // least rows of a bin, category or item, ≥ 1
	Categories int `json:"categories"`  // most categories, in [1, 250]
	Items      int `json:"items"`       // most items of a set, in [1, MaxItems]
}

// Validate reports every bad option.
func (o Options) Validate() error {
	var errs []error
	check := func(ok bool, format string, args ...any) {
		if !ok {
			errs = append(errs, fmt.Errorf("bin: "+format, args...))
		}
	}
	check(o.NumberBins >= 2 && o.NumberBins <= 250, "number_bins is %d; want 2 to 250", o.NumberBins)
	check(o.MinRows >= 1, "min_rows is %d; want at least 1", o.MinRows)
	check(o.Categories >= 1 && o.Categories <= 250, "categories is %d; want 1 to 250", o.Categories)
	check(o.Items >= 1 && o.Items <= MaxItems, "items is %d; want 1 to %d", o.Items, MaxItems)
	return errors.Join(errs...)
}

// DefaultOptions returns options for bases of any size: ten rows is the least
// from which a category's share of customers says anything; 64 bins keep the
// tail of a head count apart.
func DefaultOptions() Options {
	return Options{NumberBins: 64, MinRows: 10, Categories: 200, Items: 400}
}

// Fit bins one feature by the given rows of its column. asOf turns dates into
// ages in days. The options must be valid.
func Fit(spec features.Spec, c *datasets.Column, rows []int32, asOf int32, o Options) Binning {
	b := Binning{Feature: spec.Name, Pillar: spec.Pillar, Kind: spec.Kind}
	switch spec.Kind {
	case features.Number:
		b.Edges = edges(numbers(c, rows), o)
	case features.Date:
		b.Edges = edges(ages(c, rows, asOf), o)
	case features.Category:
		b.Values, b.Labels = support(c, rows, o.MinRows, o.Categories)
	case features.Set, features.Words:
		b.Items, b.Labels = support(c, rows, o.MinRows, o.Items)
	}
	return b
}

// numbers returns the finite values of the rows: an infinite one has no place
// between which and its neighbour an edge could lie. It falls into an end bin.
func numbers(c *datasets.Column, rows []int32) []float64 {
	v := make([]float64, 0, len(rows))
	for _, r := range rows {
		if x := c.Numbers[r]; !math.IsNaN(x) && !math.IsInf(x, 0) {
			v = append(v, x)
		}
	}
	return v
}

func ages(c *datasets.Column, rows []int32, asOf int32) []float64 {
	v := make([]float64, 0, len(rows))
	for _, r := range rows {
		if d := c.Days[r]; d != datasets.MissingDay {
			v = append(v, float64(asOf-d))
		}
	}
	return v
}

// edges cuts values at quantiles, halfway between neighbouring distinct
// values. Each bin holds at least MinRows values, and there are at most
// NumberBins; a value that fills a bin alone gets one of its own where that
// leaves enough for the rest. values is sorted in place.
func edges(values []float64, o Options) []float64 {
	slices.Sort(values)
	n := len(values)
	least := fair(values, o)
	var cuts []float64
	held := 0 // values in the bin being filled
	for i := 0; i < n; {
		j := i + 1
		for j < n && values[j] == values[i] {
			j++
		}
		run := j - i
		// The cut makes a bin smaller than least, so it must leave bins enough
		// for what is left.
		spare := len(cuts)+1+(n-i+least-1)/least <= o.NumberBins
		if held > 0 && run >= least && held >= o.MinRows && spare {
			cuts = append(cuts, between(values[i-1], values[i]))
			held = 0
		}
		held += run
		if j < n && held >= least && n-j >= o.MinRows {
			cuts = append(cuts, between(values[j-1], values[j]))
			held = 0
		}
		i = j
	}
	return slices.Compact(cuts)
}

// fair returns how many of the sorted values a bin holds where all hold as many,
// except that a value of more than that has a bin of its own: what most rows share
// must not take the bins of the others.
func fair(values []float64, o Options) int {
	var runs []int
	for i := 0; i < len(values); {
		j := i + 1
		for j < len(values) && values[j] == values[i] {
			j++
		}
		runs = append(runs, j-i)
		i = j
	}
	slices.Sort(runs)
	rest, bins := len(values), o.NumberBins
	for k := len(runs) - 1; k >= 0 && bins > 1 && runs[k]*bins >= rest; k-- {
		rest -= runs[k]
		bins--
	}
	return max(o.MinRows, (rest+bins-1)/bins)
}

// between returns the number of fewest digits in [a, b), near the middle, so
// that people read "over 50" and not "over 49.37".
func between(a, b float64) float64 {
	mid := a + (b-a)/2
	for digits := 1; digits < 17; digits++ {
		scale := math.Pow(10, float64(digits-1)-math.Floor(math.Log10(math.Abs(mid))))
		if mid == 0 || math.IsInf(scale, 0) || scale == 0 {
			break
		}
		if r := math.Round(mid*scale) / scale; r >= a && r < b {
			return r
		}
	}
	if mid < b {
		return mid
	}
	return a
}

// support returns the values of a dictionary column that at least least rows
// hold, folded, most frequent first (ties by text), at most most of them, and
// the spelling to show for each: its most frequent one.
func support(c *datasets.Column, rows []int32, least, most int) (values, labels []string) {
	counts := make([]int, len(c.Dictionary))
	for _, r := range rows {
		if c.Type == datasets.Category {
			if code := c.Codes[r]; code >= 0 {
				counts[code]++
			}
			continue
		}
		if c.Missing(int(r)) {
			continue
		}
		for _, code := range c.Items(int(r)) {
			counts[code]++
		}
	}
	type group struct {
		key, label  string
		count, best int
	}
	index := map[string]int{}
	var groups []group
	for code, n := range counts {
		if n == 0 {
			continue
		}
		text := c.Dictionary[code]
		key := Fold(text)
		g, ok := index[key]
		if !ok {
			g = len(groups)
			index[key] = g
			groups = append(groups, group{key: key})
		}
		groups[g].count += n
		if n > groups[g].best || n == groups[g].best && text < groups[g].label {
			groups[g].best, groups[g].label = n, text
		}
	}
	sort.Slice(groups, func(i, j int) bool {
		a, b := groups[i], groups[j]
		return a.count > b.count || a.count == b.count && a.key < b.key
	})
	for _, g := range groups {
		if g.count < least || len(values) == most {
			break
		}
		values, labels = append(values, g.key), append(labels, g.label)
	}
	return values, labels
}

// Fold is the form in which categories and items are compared: lower case,
// spaces trimmed.
func Fold(s string) string { return strings.ToLower(strings.TrimSpace(s)) }
