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

// A Fill says what filling one field could do for an account of which nothing is
// known: Share of the pool's accounts whose Feature is known would earn Grade or
// better by it alone. Without a Feature, none stands out.
type Fill struct {
	Feature, Grade string
	Share          float64
}

// String writes it as a fix, as grade tables have it.
func (f Fill) String() string {
	if f.Feature == "" {
		return Fix(datasets.LowFirmographic)
	}
	return fmt.Sprintf("add %s: would be %s or better with %.0f %%", f.Feature, f.Grade, 100*f.Share)
}

// Coverage returns the reason of an account of which no feature of the model is
// known, and the feature that most often would lift it to the second grade or
// better, or to the best grade that one can: by the pool's shares of its bins. The
// reason names the fit's pillar with the most features.
func Coverage(m *model.Model) (datasets.Reason, Fill) {
	reason := datasets.LowFirmographic
	techno := 0
	for i := range m.Terms {
		if m.Terms[i].Pillar == features.Technographic {
			techno++
		}
	}
	if 2*techno > len(m.Terms) {
		reason = datasets.LowTechnographic
	}
	if len(m.Grades.Cuts) < 2 || m.Grades.On != "fit" || m.Grid != nil {
		return reason, Fill{}
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
			return reason, Fill{feature, m.Grades.Cuts[target].Grade, best}
		}
	}
	return reason, Fill{}
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
