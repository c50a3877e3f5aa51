package backtest

import (
	"math"

	"github.com/icpfit/icpfit/model/metrics"
)

// Measures are what A and B are held against the rest by.
const (
	Conversion = "conversion" // share of accounts won since
	WinRate    = "win_rate"   // share of closed deals that were won
	Size       = "size"       // median size of deals won
	Cycle      = "cycle"      // median days from opened to closed, of deals won
)

// Measures lists them in the order in which they are shown.
var Measures = []string{Conversion, WinRate, Size, Cycle}

// What a difference comes to.
const (
	Higher        = "higher" // A and B are
	Lower         = "lower"
	NoneShown     = "no_difference_shown" // the interval reaches 0
	NotComputable = "not_computable"
)

// Verdicts lists them.
var Verdicts = []string{Higher, Lower, NoneShown, NotComputable}

// An Against is the two best grades' figure against that of the others. Least is
// the smallest true difference that data like these would show 4 times in 5; nil
// where they could show none.
type Against struct {
	Measure    string            `json:"measure"`
	Verdict    string            `json:"verdict"`
	Top        *metrics.Interval `json:"top"`
	Rest       *metrics.Interval `json:"rest"`
	Difference *metrics.Interval `json:"difference"`
	Least      *float64          `json:"least_shown"`
	Needs      []string          `json:"needs,omitempty"`   // columns, as table.column, without which there is no figure
	TooFew     bool              `json:"too_few,omitempty"` // accounts or deals for a difference
}

// against makes every comparison; what cannot be made says why.
func (f *figures) against(top, rest *group) []Against {
	conversion := Against{Measure: Conversion, Top: top.Conversion, Rest: rest.Conversion}
	if top.Conversion == nil && rest.Conversion == nil && !f.in.HasWins {
		conversion.Needs = f.table.Needs("won", "closed_at")
	}
	conversion.rates(float64(top.Won), float64(top.Accounts), float64(rest.Won), float64(rest.Accounts))

	rate := Against{Measure: WinRate, Top: top.WinRate, Rest: rest.WinRate, Needs: f.table.Needs("won", "closed_at")}
	rate.rates(float64(top.DealsWon)/top.effect, float64(top.Deals)/top.effect, float64(rest.DealsWon)/rest.effect, float64(rest.Deals)/rest.effect)

	size := Against{Measure: Size, Needs: f.table.Needs("won", "closed_at", "amount")}
	size.medians(top.Size, rest.Size, top.size.medians, rest.size.medians)
	cycle := Against{Measure: Cycle, Needs: f.table.Needs("won", "closed_at", "created_at")}
	cycle.medians(top.Cycle, rest.Cycle, top.cycle.medians, rest.cycle.medians)
	return []Against{conversion, rate, size, cycle}
}

// rates sets the difference of k1 of n1 and k2 of n2.
func (a *Against) rates(k1, n1, k2, n2 float64) {
	a.Verdict = NotComputable
	if a.Needs != nil || a.Top == nil || a.Rest == nil {
		a.TooFew = a.Needs == nil
		return
	}
	d, ok := metrics.RateDifference(k1, n1, k2, n2)
	if !ok || k1+k2 == 0 {
		a.TooFew = true
		return
	}
	a.Difference = &d
	if least, ok := metrics.LeastRate(a.Rest.Value, n1, n2); ok {
		least -= a.Rest.Value
		a.Least = &least
	}
	a.judge()
}

// medians sets the difference of medians from independent draws of both.
func (a *Against) medians(top, rest *Spread, one, other []float64) {
	a.Verdict = NotComputable
	if a.Needs != nil {
		return
	}
	if top != nil {
		a.Top = &top.Median
	}
	if rest != nil {
		a.Rest = &rest.Median
	}
	if one == nil || other == nil {
		a.TooFew = true
		return
	}
	differences := make([]float64, len(one))
	sum, square := 0.0, 0.0
	for i := range one {
		differences[i] = one[i] - other[i]
		sum += differences[i]
	}
	mean := sum / float64(len(differences))
	for _, d := range differences {
		square += (d - mean) * (d - mean)
	}
	least := metrics.PowerFactor * math.Sqrt(square/float64(len(differences)-1))
	d := metrics.Percentile(top.Median.Value-rest.Median.Value, differences, 1)
	a.Difference, a.Least = &d, &least
	a.judge()
}

func (a *Against) judge() {
	switch {
	case a.Difference.Low > 0:
		a.Verdict = Higher
	case a.Difference.High < 0:
		a.Verdict = Lower
	default:
		a.Verdict = NoneShown
	}
}
