// Package bin turns the columns of a feature table into small codes: the bins
// that every learner works on and that a points table gives points to.
//
// A Binning is frozen when a model is trained and stored with it. Code 0 is
// always the missing value. A set feature has no single code: it keeps one
// code an item, and missing is told apart from known to be empty.
//
//	number, date   bin b holds edges[b-2] < v <= edges[b-1]; the ends are open
//	category       bin b is values[b-1]; the last bin is any other value
//	flag           bin 1 is no, bin 2 is yes
//	set, words     slot 0 missing, slot 1 known, slot 2+i has items[i]
package bin

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"

	"github.com/icpfit/icpfit/features"
)

// MaxCodes is the most codes a feature can have, missing and other included:
// codes are bytes.
const MaxCodes = 256

// MaxItems is the most items a set can have: with the two slots before them,
// they are numbered in 16 bits.
const MaxItems = 1<<16 - 2

// A Binning maps the values of one feature to codes.
type Binning struct {
	Feature string          `json:"feature"`
	Pillar  features.Pillar `json:"pillar"`
	Kind    features.Kind   `json:"kind"`
	Edges   []float64       `json:"edges,omitempty"`  // number: in its unit; date: age in days at the table's date; ascending
	Values  []string        `json:"values,omitempty"` // category: folded, by count, most frequent first
	Items   []string        `json:"items,omitempty"`  // set, words: folded, by count, most frequent first
	Labels  []string        `json:"labels,omitempty"` // spelling of Values or Items to show, aligned with them
}

// IsSet reports whether the feature has items instead of one code a row.
func (b *Binning) IsSet() bool { return b.Kind == features.Set || b.Kind == features.Words }

// Ordered reports whether the codes stand in an order: those of numbers, dates
// and flags do.
func (b *Binning) Ordered() bool {
	return b.Kind == features.Number || b.Kind == features.Date || b.Kind == features.Flag
}

// Slots returns how many scores the feature has: one a code, or for a set
// missing, known and one an item.
func (b *Binning) Slots() int {
	switch b.Kind {
	case features.Number, features.Date:
		return len(b.Edges) + 2
	case features.Category:
		return len(b.Values) + 2
	case features.Flag:
		return 3
	default:
		return len(b.Items) + 2
	}
}

// Number returns the code of a number. NaN is missing.
func (b *Binning) Number(v float64) uint8 {
	if math.IsNaN(v) {
		return 0
	}
	return uint8(1 + sort.SearchFloat64s(b.Edges, v))
}

// Label describes a slot to people: "51 to 200", "France", "has HubSpot".
func (b *Binning) Label(slot int) string {
	if slot == 0 {
		return "unknown"
	}
	switch b.Kind {
	case features.Number, features.Date:
		return b.rangeLabel(slot - 1)
	case features.Category:
		if slot-1 < len(b.Labels) {
			return b.Labels[slot-1]
		}
		return "any other"
	case features.Flag:
		return [...]string{"no", "yes"}[slot-1]
	default:
		if slot == 1 {
			return "known"
		}
		return b.Labels[slot-2]
	}
}

func (b *Binning) rangeLabel(i int) string {
	n := len(b.Edges)
	switch {
	case n == 0:
		return "any"
	case i == 0:
		return "up to " + Short(b.Edges[0])
	case i == n:
		return "over " + Short(b.Edges[n-1])
	default:
		return Short(b.Edges[i-1]) + " to " + Short(b.Edges[i])
	}
}

// Bounds returns the ends of a slot of a number or a date, which holds what is
// above low and at most high; of a date they are days before the as-of date. NaN is
// no bound, and both are NaN for every other slot.
func (b *Binning) Bounds(slot int) (low, high float64) {
	low, high = math.NaN(), math.NaN()
	if slot == 0 || b.Kind != features.Number && b.Kind != features.Date {
		return low, high
	}
	if slot >= 2 {
		low = b.Edges[slot-2]
	}
	if slot <= len(b.Edges) {
		high = b.Edges[slot-1]
	}
	return low, high
}

// Short writes a number as people read it in a report: "1,250", "2.5".
func Short(v float64) string {
	if a := math.Abs(v); a >= 1000 && a < 1e15 {
		s := fmt.Sprintf("%.0f", a)
		var out strings.Builder
		for i, r := range s {
			if i > 0 && (len(s)-i)%3 == 0 {
				out.WriteByte(',')
			}
			out.WriteRune(r)
		}
		if v < 0 {
			return "-" + out.String()
		}
		return out.String()
	}
	return fmt.Sprintf("%.4g", v)
}

// mostFaults is how many faults of a binning are reported.
const mostFaults = 20

// Validate checks what a binning read from a file must satisfy before it is
// used, and reports the first faults: a known kind and pillar, ascending finite edges,
// distinct folded values with a label each, no more codes than fit.
func (b *Binning) Validate() error {
	var errs []error
	check := func(ok bool, format string, args ...any) {
		if !ok && len(errs) < mostFaults {
			errs = append(errs, fmt.Errorf("bin: feature %q: %w", b.Feature, fmt.Errorf(format, args...)))
		}
	}
	check(b.IsSet() || b.Slots() <= MaxCodes, "%d codes; want at most %d", b.Slots(), MaxCodes)
	check(len(b.Items) <= MaxItems, "%d items; want at most %d", len(b.Items), MaxItems)
	check(slices.Contains(features.Kinds, b.Kind), "kind is %q; want one of %v", b.Kind, features.Kinds)
	check(slices.Contains(features.Pillars, b.Pillar), "pillar is %q; want one of %v", b.Pillar, features.Pillars)
	for i, e := range b.Edges {
		ok := !math.IsNaN(e) && !math.IsInf(e, 0) && (i == 0 || e > b.Edges[i-1])
		check(ok, "edge %d is %v; want ascending finite numbers", i, e)
	}
	numeric := b.Kind == features.Number || b.Kind == features.Date
	check(len(b.Edges) == 0 || numeric, "%d edges of a %s", len(b.Edges), b.Kind)
	check(len(b.Values) == 0 || b.Kind == features.Category, "%d values of a %s", len(b.Values), b.Kind)
	check(len(b.Items) == 0 || b.IsSet(), "%d items of a %s", len(b.Items), b.Kind)
	texts := slices.Concat(b.Values, b.Items)
	check(len(b.Labels) == len(texts), "%d labels for %d values", len(b.Labels), len(texts))
	seen := make(map[string]bool, len(texts))
	for _, text := range texts {
		check(text == Fold(text), "value %q is not folded; want %q", text, Fold(text))
		check(!seen[text], "value %q is there twice", text)
		seen[text] = true
	}
	return errors.Join(errs...)
}
