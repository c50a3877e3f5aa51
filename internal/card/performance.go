package card

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/icpfit/icpfit/internal/page"
	"github.com/icpfit/icpfit/model/evaluate"
	"github.com/icpfit/icpfit/model/metrics"
	"github.com/icpfit/icpfit/model/train"
)

// shares are the percentages of the pool at which capture is shown.
var shares = []string{"1", "2", "5", "10", "20", "50"}

// performance says what a measurement means; of names its accounts, such as
// "held-out ".
func (b *builder) performance(m *evaluate.Measurement, of string) []Measure {
	out := []Measure{}
	if auc, ok := m.Metrics["auc"]; ok {
		means := fmt.Sprintf("A %scustomer ranks above an account of the pool %s times in 100 (%s to %s); drawing lots would reach 50. The pool holds customers to be, so 100 is out of reach: were 5%% of it such, the AUC against the others would be %s.",
			of, b.Num(100*auc.Value, 0), b.Num(100*auc.Low, 0), b.Num(100*auc.High, 0), b.Num(min(1, (auc.Value-0.025)/0.95), 3))
		out = append(out, Measure{Name: "auc", Label: "AUC against the pool", Interval: auc, Means: means})
	}
	for _, percent := range shares {
		c, ok := m.Metrics["capture_"+percent]
		if !ok {
			continue
		}
		var share float64
		fmt.Sscan(percent, &share)
		share /= 100
		row := Measure{Name: "capture_" + percent, Label: "Capture@" + percent + "%", Share: share, Interval: c}
		row.Means = fmt.Sprintf("Calling the best %s%% of the pool, %s of %s accounts, would have reached %s of the %scustomers", percent, b.Num(share*b.e.PoolStands, 0), b.Num(b.e.PoolStands, 0), b.Percent(c.Value), of)
		if lift, ok := m.Metrics["lift_"+percent]; ok && !b.grid {
			row.Lift = &lift
			row.Means += fmt.Sprintf(": %s times as many as a list of that length drawn at random", b.Num(lift.Value, 1))
		}
		row.Means += "."
		out = append(out, row)
	}
	return out
}

func (b *builder) candidates() []Candidate {
	out := []Candidate{}
	for i := range b.e.Candidates {
		k := &b.e.Candidates[i]
		c := Candidate{Learner: page.Clean(k.Learner), Kind: string(k.Kind), AUC: k.AUC, Capture: k.Capture, LogLoss: k.LogLoss, Difference: k.AUCDifference, Chosen: k.Chosen}
		d := k.AUCDifference
		switch {
		case k.Chosen:
			c.Means = "chosen"
		case !k.Apart:
			c.Means = fmt.Sprintf("cannot be told apart from the chosen one: the difference in AUC is anything from %s to %s", b.Signed(d.Low, 4), b.Signed(d.High, 4))
		case d.High < 0:
			c.Means = fmt.Sprintf("ranks worse, by %s of AUC (%s to %s)", b.Num(-d.Value, 4), b.Num(-d.High, 4), b.Num(-d.Low, 4))
		case d.Low > 0:
			c.Means = fmt.Sprintf("ranks better, by %s of AUC (%s to %s), and was not chosen: %s", b.Num(d.Value, 4), b.Num(d.Low, 4), b.Num(d.High, 4), b.chosen())
		default:
			c.Means = "ranks as well, but its lifts are further from what is observed"
		}
		out = append(out, c)
	}
	return out
}

// table says what a table alone would cost.
func (b *builder) table() string {
	t := b.e.TableAlone()
	switch {
	case b.grid:
		return "The model is a table written by people."
	case t == nil:
		return "No table was tried beside it, so what one would cost is not known."
	case t.Chosen:
		return "The model is a table of points that people can read and edit: that costs nothing here."
	}
	d, c := t.AUCDifference, t.CaptureDifference
	return fmt.Sprintf("The model has trees beside its table of points, so only a part of it can be edited. The best table alone (%s) would cost %s of AUC (%s to %s) and %s points of capture@10%% (%s to %s); `prefer: table` makes it.",
		page.Clean(t.Learner), b.Num(-d.Value, 4), b.Num(-d.High, 4), b.Num(-d.Low, 4), b.Num(-100*c.Value, 1), b.Num(-100*c.High, 1), b.Num(-100*c.Low, 1))
}

func (b *builder) weights() []Weight {
	out := []Weight{}
	for learner, w := range b.e.Weights {
		out = append(out, Weight{page.Clean(learner), w})
	}
	slices.SortFunc(out, func(a, b Weight) int { return strings.Compare(a.Learner, b.Learner) })
	return out
}

// unstable is by how much, relatively, the lift of the best tenth may fall on
// later customers before the card says that it is not stable over time.
const unstable = 0.30

func (b *builder) temporal() *Temporal {
	t := b.e.Temporal
	if t == nil {
		return nil
	}
	out := &Temporal{From: t.From, Trained: t.Trained, Customers: t.Customers, AUC: t.Metrics["auc"], Random: b.e.Metrics["auc"], Capture: t.Metrics["capture_10"]}
	d := out.AUC.Value - out.Random.Value
	half := math.Hypot(halfWidth(out.AUC), halfWidth(out.Random))
	out.Lower = d < -half
	what := fmt.Sprintf("The %s customers won since %s, ranked by a model that knew only the %s won before: AUC %s. On folds dealt at random it is %s.",
		b.Count(int64(t.Customers)), b.Date(t.From), b.Count(int64(t.Trained)), b.Plain(out.AUC), b.Plain(out.Random))
	switch {
	case out.Lower:
		out.Means = what + fmt.Sprintf(" That is lower by %s, more than chance explains: whom you win has changed. Expect the later figure of the next customers, and retrain as they come.", b.Num(-d, 3))
	case d > half:
		out.Means = what + fmt.Sprintf(" That is higher by %s, more than chance explains: the later customers are more alike. Do not count on it.", b.Num(d, 3))
	default:
		out.Means = what + fmt.Sprintf(" The difference, %s, is no more than chance explains (±%s): nothing says that the ranking wears off with time.", b.Signed(d, 3), b.Num(half, 3))
	}
	if lift, random := t.Metrics["lift_10"].Value, b.e.Metrics["lift_10"].Value; lift < (1-unstable)*random {
		out.Means += fmt.Sprintf(" Unstable over time: the best 10%% had a lift of %s× among later customers, against %s×.", b.Num(lift, 1), b.Num(random, 1))
	}
	return out
}

func halfWidth(i metrics.Interval) float64 { return (i.High - i.Low) / 2 }

func (b *builder) segments() []Segment {
	out := []Segment{}
	whole := b.e.Metrics["auc"]
	for _, s := range b.e.Segments {
		c := Segment{Role: s.Role, Feature: page.Clean(s.Feature), Label: page.Clean(s.Label), Customers: s.Customers, Pool: s.Pool, AUC: s.AUC, Capture: s.Capture}
		switch {
		case s.AUC.Low <= 0.5:
			c.Means = fmt.Sprintf("here the ranking may be no better than chance (%s is within its interval): do not rank by it inside this segment", b.Num(0.5, 1))
		case s.AUC.High < whole.Low:
			c.Means = fmt.Sprintf("ranks worse than over all accounts (%s)", b.Num(whole.Value, 3))
		case s.AUC.Low > whole.High:
			c.Means = fmt.Sprintf("ranks better than over all accounts (%s)", b.Num(whole.Value, 3))
		default:
			c.Means = fmt.Sprintf("as over all accounts (%s), as far as %s customers can tell", b.Num(whole.Value, 3), b.Count(int64(s.Customers)))
		}
		if s.Capture < 0.1 {
			c.Means += fmt.Sprintf("; only %s of its customers are in the best tenth of the pool: the model hardly sees it", b.Percent(s.Capture))
		}
		out = append(out, c)
	}
	return out
}

// headline says in a few sentences what the model is worth.
func (b *builder) headline(c *Card) string {
	if b.grid {
		return "A grid written by people: it claims no lift, and nothing was learned."
	}
	capture, auc := b.e.Metrics["capture_10"], b.e.Metrics["auc"]
	text := fmt.Sprintf("The best 10%% of the pool would have held %s of your customers, %s times as many as chance; AUC %s.", b.Percents(capture), b.Num(b.e.Metrics["lift_10"].Value, 1), b.Plain(auc))
	if len(c.Importance) > 0 {
		var names []string
		for _, i := range strongest(c.Importance, 3) {
			names = append(names, i.Feature)
		}
		text += " What drives it most: " + strings.Join(names, ", ") + "."
	}
	if b.e.Verdict == train.Provisional {
		text += " Provisional: it was learned from few customers, so read the intervals, not the figures."
	}
	return text
}

// strongest returns the first features by gain, where there is one.
func strongest(all []Importance, n int) []Importance {
	out := slices.Clone(all)
	slices.SortStableFunc(out, func(a, b Importance) int {
		if a.Gain == nil || b.Gain == nil {
			return 0
		}
		switch {
		case a.Gain.Value > b.Gain.Value:
			return -1
		case a.Gain.Value < b.Gain.Value:
			return 1
		}
		return 0
	})
	return out[:min(n, len(out))]
}
