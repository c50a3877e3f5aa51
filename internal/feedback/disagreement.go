package feedback

import (
	"cmp"
	"slices"

	"github.com/icpfit/icpfit/internal/activity"
	"github.com/icpfit/icpfit/internal/graded"
	"github.com/icpfit/icpfit/internal/page"
)

// What was found in common.
const (
	Named   = "named"   // values that chance does not explain
	Nothing = "nothing" // chance explains every one
	TooFew  = "too_few" // accounts to look for any
)

// Results lists them.
var Results = []string{Named, Nothing, TooFew}

// A Disagreement is accounts of which people say the opposite of their grade.
type Disagreement struct {
	Grades  []string `json:"grades"`
	Cases   int      `json:"cases"`
	Others  int      `json:"others"` // accounts of the same grades that they are held against, customers left out; a sample where there are many
	Listed  []Case   `json:"listed"` // at most 50, best grade first
	Reasons []Reason `json:"reasons"`

	Result string   `json:"result"`
	Tested int      `json:"tested"` // values looked at
	Shared []Shared `json:"shared"` // the surest first, at most 10

	of     []said    // all cases, by account
	strata []stratum // by grade
}

// A Case is one account of a disagreement.
type Case struct {
	Domain string `json:"domain"`
	Grade  string `json:"grade"`
	Reason string `json:"reason,omitempty"`
	Date   string `json:"date,omitempty"`
	Author string `json:"author,omitempty"`
}

// A Reason is one that people give, and how often.
type Reason struct {
	Reason string `json:"reason"`
	Cases  int    `json:"cases"`
}

// A Shared value is more frequent among the cases than among other accounts of the
// same grades.
type Shared struct {
	Feature string  `json:"feature"`
	Value   string  `json:"value"`
	Cases   int     `json:"cases"`       // that have it
	Share   float64 `json:"share"`       // of the cases
	Others  float64 `json:"other_share"` // of the other accounts, weighted by grade as the cases are
	Points  float64 `json:"points"`      // what the model gives for it, on average
	Chance  float64 `json:"chance"`      // share of draws in which any value differs as strongly

	term, first, last int // slots of the feature
}

// Limits.
const (
	leastCases   = 5
	mostListed   = 50
	mostReasons  = 10
	mostShared   = 10
	mostCases    = 2_000  // that values are counted of
	mostOthers   = 20_000 // of each grade
	leastSupport = 5      // accounts, cases among them, that a value looked at has
)

// newDisagreement lists the accounts of grades from to below to with a verdict.
func newDisagreement(night *graded.Night, all []said, verdict activity.Verdict, from, to int) Disagreement {
	d := Disagreement{Grades: night.Grades[from:to], Listed: []Case{}, Reasons: []Reason{}, Shared: []Shared{}}
	reasons := map[string]int{}
	for _, s := range all {
		if at := night.Grade(s.account); s.Verdict == verdict && at >= from && at < to {
			d.of = append(d.of, s)
			if s.Reason != "" {
				reasons[page.Clean(s.Reason)]++
			}
		}
	}
	d.Cases = len(d.of)
	sorted := slices.Clone(d.of)
	slices.SortFunc(sorted, func(a, b said) int {
		return cmp.Or(night.Grade(a.account)-night.Grade(b.account), cmp.Compare(b.Date, a.Date), cmp.Compare(a.Domain, b.Domain))
	})
	for _, s := range sorted[:min(len(sorted), mostListed)] {
		d.Listed = append(d.Listed, Case{page.Clean(s.Domain), night.Grades[night.Grade(s.account)], page.Clean(s.Reason), s.Date.String(), page.Clean(s.Author)})
	}
	for reason, n := range reasons {
		d.Reasons = append(d.Reasons, Reason{reason, n})
	}
	slices.SortFunc(d.Reasons, func(a, b Reason) int { return cmp.Or(b.Cases-a.Cases, cmp.Compare(a.Reason, b.Reason)) })
	d.Reasons = d.Reasons[:min(len(d.Reasons), mostReasons)]
	return d
}
