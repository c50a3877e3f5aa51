package predict

import (
	"fmt"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
)

// Fix returns the cheapest thing to do about a row that could not be scored.
func Fix(r datasets.Reason) string {
	switch r {
	case datasets.NoDomain:
		return "add the company's website"
	case datasets.BadDomain:
		return "correct the website: it is no domain name"
	case datasets.FreeMailDomain:
		return "replace the mail provider by the company's own website"
	case datasets.SharedHost:
		return "replace the page on a shared site by the company's own website"
	case datasets.DuplicateOf:
		return "merge it with the account of the same domain, which is graded"
	case datasets.Excluded:
		return "lift the exclusion"
	case datasets.OutsideExperience:
		return "review by hand: no customer is like it"
	case datasets.NewSinceFeatures:
		return "wait for the next run of features"
	default:
		return "fill in any field of the model"
	}
}

// fixes knows what filling one field could do for an account of which nothing
// is known.
type fixes struct {
	reason  datasets.Reason
	message string
}

// newFixes finds the feature that most often would lift an account, of which
// nothing else is known, to the second grade or better: by the pool's shares of
// its bins. The reason names the fit's pillar with the most features.
func newFixes(m *model.Model) *fixes {
	f := &fixes{reason: datasets.LowFirmographic, message: Fix(datasets.LowFirmographic)}
	techno := 0
	for i := range m.Terms {
		if m.Terms[i].Pillar == features.Technographic {
			techno++
		}
	}
	if 2*techno > len(m.Terms) {
		f.reason = datasets.LowTechnographic
	}
	if len(m.Grades.Cuts) < 2 || m.Grades.On != "fit" || m.Grid != nil {
		return f
	}
	unknown := int64(0) // the margin of an account of which nothing is known
	for i := range m.Terms {
		unknown += int64(m.Terms[i].Shape()[0])
	}
	for target := 1; target < len(m.Grades.Cuts)-1; target++ {
		best, feature := 0.0, ""
		for i := range m.Terms {
			t := &m.Terms[i]
			if share := chance(t, m.Grades.Cuts[target].Margin-unknown+int64(t.Shape()[0])); share > best {
				best, feature = share, t.Feature
			}
		}
		if best >= 0.01 {
			f.message = fmt.Sprintf("add %s: would be %s or better with %.0f %%", feature, m.Grades.Cuts[target].Grade, 100*best)
			return f
		}
	}
	return f
}

// chance returns the share of the pool's known values of a term that earn so
// many micro-points.
func chance(t *model.Term, points int64) float64 {
	if t.IsSet() {
		return 0 // items come together; their shares do not add up
	}
	reached, known := 0, 0
	for slot := 1; slot < len(t.Pool); slot++ {
		known += t.Pool[slot]
		if int64(t.Shape()[slot]) >= points {
			reached += t.Pool[slot]
		}
	}
	if known == 0 {
		return 0
	}
	return float64(reached) / float64(known)
}

// Coverage returns the reason and the fix of an account of which no feature of
// the model is known.
func Coverage(m *model.Model) (datasets.Reason, string) {
	f := newFixes(m)
	return f.reason, f.message
}
