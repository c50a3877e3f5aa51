package card

import (
	"fmt"
	"math"
	"slices"

	"github.com/icpfit/icpfit/internal/page"
	"github.com/icpfit/icpfit/model/train"
)

func (b *builder) importance(order []int) []Importance {
	out := []Importance{}
	points := page.Importances(b.Model)
	for _, k := range order {
		t := &b.Model.Terms[k]
		i := Importance{Feature: page.Clean(t.Feature), Pillar: string(t.Pillar), MeanAbsolute: points[k]}
		at := slices.IndexFunc(b.e.Importance, func(i train.Importance) bool { return i.Feature == t.Feature })
		if at >= 0 {
			from := &b.e.Importance[at]
			i.Gain, i.GainShare, i.CaptureDrop = from.Gain, from.GainShare, from.CaptureDrop
		}
		i.Means = b.drives(&i)
		out = append(out, i)
	}
	return out
}

// drives says what a feature's three figures mean.
func (b *builder) drives(i *Importance) string {
	if b.grid {
		return fmt.Sprintf("can give up to %s points of 100", b.Num(i.MeanAbsolute, 1))
	}
	text := fmt.Sprintf("moves an account by %s points on average", b.Num(i.MeanAbsolute, 1))
	if i.Gain == nil || i.CaptureDrop == nil {
		return text
	}
	switch share := *i.GainShare; {
	case i.MeanAbsolute == 0:
		return "does nothing"
	case i.Gain.High < 0:
		text += "; it misleads on accounts not seen before: take it out"
	case i.Gain.Low <= 0:
		text += "; that this helps on accounts not seen before is not shown"
	default:
		text += fmt.Sprintf("; %s of what the model gains on accounts not seen before comes through it", b.Percent(share))
	}
	d := i.CaptureDrop
	switch {
	case d.Low > 0:
		text += fmt.Sprintf("; shuffle its cells and the best tenth loses %s points of the customers (%s to %s)", b.Num(100*d.Value, 1), b.Num(100*d.Low, 1), b.Num(100*d.High, 1))
	default:
		text += "; the best tenth would hardly miss it, or others stand in for it"
	}
	return text
}

func (b *builder) curve() *Curve {
	from := b.e.Curve
	if from == nil || len(from.Points) == 0 {
		return nil
	}
	c := &Curve{Learner: page.Clean(from.Learner), Ceiling: from.Ceiling, Slope: from.Slope, Doubled: from.Doubled, Points: []CurvePoint{}}
	for _, p := range from.Points {
		c.Points = append(c.Points, CurvePoint{p.Customers, p.AUC, from.Ceiling - from.Slope/math.Sqrt(float64(max(p.Customers, 1)))})
	}
	d := from.Doubled
	n := from.Points[len(from.Points)-1].Customers
	figure := fmt.Sprintf("twice the customers would add about %s to the AUC (%s to %s)", b.Signed(d.Value, 3), b.Signed(d.Low, 3), b.Signed(d.High, 3))
	switch {
	case d.Low > 0 && d.Value >= little:
		c.Answer = "Yes: " + figure + ". Add customers before you add features."
	case d.High < little:
		c.Answer = "Hardly: " + figure + ". Other features would help more than more customers."
	case d.Low > 0:
		c.Answer = "A little: " + figure + "."
	default:
		c.Answer = "That cannot be told from this many: " + figure + "."
	}
	c.Answer += fmt.Sprintf(" The estimate is from %s with up to %s customers a fold, along AUC = %s − %s/√customers.", c.Learner, b.Count(int64(n)), b.Num(c.Ceiling, 3), b.Num(c.Slope, 3))
	return c
}

// little is the gain in AUC below which more customers are not worth the effort.
const little = 0.01

// stability says how much the model depends on the accounts that it happened to
// see.
func (b *builder) stability() []string {
	out := []string{}
	if b.grid {
		return append(out, "A written grid changes only when people change it.")
	}
	var worst string
	var sum, most float64
	for k := range b.Model.Terms {
		t := &b.Model.Terms[k]
		var of, weight float64
		for slot := range t.Spread {
			if t.IsSet() && slot < 2 {
				continue
			}
			of += float64(t.Pool[slot]) * float64(t.Spread[slot]) / 1e6
			weight += float64(t.Pool[slot])
		}
		if weight == 0 {
			continue
		}
		of /= weight
		sum += of * of
		if of > most {
			most, worst = of, page.Clean(t.Feature)
		}
	}
	if most > 0 {
		out = append(out, fmt.Sprintf("With other customers of the same kind, points would come out otherwise: the standard error of the points of an account is about %s, most of it from %s (%s). Two accounts closer than that are not told apart.",
			b.Num(math.Sqrt(sum), 1), worst, b.Num(most, 1)))
	}
	out = append(out, "How many accounts change grade when the model is trained anew is shown when a second version is there: `icpfit models compare`, and the causes in the refresh report.")
	if b.Model.Grades.Hysteresis > 0 {
		out = append(out, fmt.Sprintf("A grade changes only when the points pass a cut by %s; without a change of an account's data or of the model, no grade changes.", b.Num(b.Model.Grades.Hysteresis, 1)))
	}
	return out
}
