package card

import (
	"fmt"
	"strings"

	"github.com/icpfit/icpfit/internal/page"
)

func (b *builder) grades() []Grade {
	out := []Grade{}
	for _, row := range b.e.Grades {
		g := Grade{Grade: page.Clean(row.Grade), Tier: row.Tier, From: row.Points, PoolShare: row.PoolShare, Accounts: row.PoolShare * b.e.PoolStands, Customers: row.Customers, Captured: row.Captured}
		if !b.grid && row.PoolShare > 0 {
			g.Lift, g.Predicted = &row.Lift, &row.Predicted
			g.Apart = row.Predicted < row.Lift.Low || row.Predicted > row.Lift.High
		}
		g.Means = b.worth(&g)
		out = append(out, g)
	}
	return out
}

// lift writes a lift: 21.9, or 0.14.
func (b *builder) lift(v float64) string {
	if v < 1 {
		return b.Num(v, 2)
	}
	return b.Num(v, 1)
}

// worth says what a grade is.
func (b *builder) worth(g *Grade) string {
	if g.PoolShare == 0 {
		return "no account of the pool is in it"
	}
	text := fmt.Sprintf("%s of the customers are among %s of the pool", b.Percent(g.Captured.Value), b.Percent(g.PoolShare))
	if g.Lift == nil {
		return text
	}
	text += fmt.Sprintf(": %s times what chance gives, where the points say %s", b.lift(g.Lift.Value), b.lift(*g.Predicted))
	switch {
	case g.Apart && *g.Predicted > g.Lift.High:
		text += "; the points promise too much here"
	case g.Apart:
		text += "; the points promise too little here"
	case g.Lift.High < 1:
		text += "; customers are rarer here than in the pool"
	}
	return text
}

// calibration says whether lifts can be taken at their word.
func (b *builder) calibration() *Calibration {
	m := b.more.Calibration
	if b.grid || m == nil {
		return nil
	}
	c := &Calibration{Slope: m.Slope, Shift: m.Shift, Means: []string{}}
	say := func(format string, args ...any) { c.Means = append(c.Means, fmt.Sprintf(format, args...)) }
	switch {
	case m.Slope == 1:
		say("The lifts as learned were right out of fold, within what chance explains, so they are in the points unchanged (slope 1).")
	case m.Slope < 1:
		say("The lifts as learned were too bold out of fold: their logarithm is multiplied by %s before it becomes points.", b.Num(m.Slope, 2))
	default:
		say("The lifts as learned were too shy out of fold: their logarithm is multiplied by %s before it becomes points.", b.Num(m.Slope, 2))
	}
	if f := m.Fitted; f != nil {
		c.Fitted = &f.Slope
		say("The slope that fits best is %s (%s to %s); 1 would be right.", b.Num(f.Slope.Value, 2), b.Num(f.Slope.Low, 2), b.Num(f.Slope.High, 2))
	}
	if e := m.ECE; e != nil {
		c.ECE, c.Noise = &e.Interval, &e.Noise
		verdict := "no more than chance gives a model that is right"
		if e.Low > e.Noise {
			verdict = "more than chance gives a model that is right"
		}
		say("Expected calibration error: %s%% of an account's chance to be a customer (%s to %s), %s (%s).", b.Num(100*e.Value, 2), b.Num(100*e.Low, 2), b.Num(100*e.High, 2), verdict, b.Num(100*e.Noise, 2))
	}
	if s := m.Support; s != nil && s.Most > 0 {
		c.Most = &s.Most
		say("No account is said to have a lift above %s×: with this many customers nothing more can be shown.", b.Num(s.Most, 0))
	}
	var apart []string
	for _, g := range b.grades() {
		if g.Apart {
			apart = append(apart, g.Grade)
		}
	}
	switch {
	case len(apart) == 0 && len(b.e.Grades) > 0:
		say("In every grade the predicted lift is within the interval of the observed one.")
	case len(apart) > 0:
		say("In %s the predicted lift is outside of the interval of the observed one: read the observed lift there.", strings.Join(apart, ", "))
	}
	return c
}
