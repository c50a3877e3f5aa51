package predict

import (
	"fmt"
	"math"
	"slices"
	"sync/atomic"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/model"
)

// decisions are what holds for the whole of a night.
type decisions struct {
	overrides   *Overrides
	exploration Exploration
	low         map[string]bool // grades that exploration is of
	met         []atomic.Bool   // by override: its account is in the base

	newModel bool // another model than the night before
	newCuts  bool // the same points, other cuts
	looks    bool // the hash of every account is asked for

	join    *join    // with the night before; nil: there was none
	scatter *scatter // of that night, likewise
}

// newDecisions settles what holds for the night of in.
func newDecisions(in *Input) (*decisions, error) {
	d := &decisions{overrides: in.Overrides, exploration: in.Exploration, low: map[string]bool{}}
	for i, c := range in.Model.Grades.Cuts {
		d.low[c.Grade] = i >= 2 // A and B are sales's own
	}
	if in.Overrides != nil {
		d.met = make([]atomic.Bool, len(in.Overrides.List))
	}
	d.looks = in.Overrides != nil || in.Exploration.Share > 0 || in.Shard.Count > 1
	if in.Previous == nil {
		return d, nil
	}
	marks, err := marksOf(in.Model)
	if err != nil {
		return nil, err
	}
	same := samePoints(in.Previous.marks, marks)
	d.newModel = in.Previous.Version != in.Model.Version && !same
	d.newCuts = same && in.Previous.marks != marks
	return d, nil
}

// cutOf returns which cut has a grade, -1 for none.
func cutOf(g *model.Grades, grade string) int {
	return slices.IndexFunc(g.Cuts, func(c model.Cut) bool { return c.Grade == grade })
}

// An Exploration is the share of low-graded accounts that are offered to sales
// nevertheless, so that the next training is not blind to them. Which accounts
// these are depends on their domain and Seed alone, so an account stays in it
// from night to night.
type Exploration struct {
	Share float64 `json:"share"` // of the accounts graded below the two best grades, in [0, 1]
	Seed  uint64  `json:"seed"`
}

// explores reports whether an account is offered though graded low.
func (d *decisions) explores(hash uint64, grade string) bool {
	return d.exploration.Share > 0 && hash != 0 && d.low[grade] && model.Uniform(hash, d.exploration.Seed) < d.exploration.Share
}

// A standing is what a row's grade is set against: what the night before gave
// the account, and what people have decided about it.
type standing struct {
	hash    uint64    // of the account, 0: the row is none, or nobody asks
	then    int       // its row in past, -1: it was not there
	grade   string    // of the night before, "": none
	by      *Override // tonight's, nil: none
	expired bool      // by does not hold any more
}

// excluded reports whether the account is left out by hand.
func (at *standing) excluded() bool { return at.by != nil && !at.expired && at.by.Grade == Exclude }

// graded reports whether the account has a grade by hand, once it is scored.
func (at *standing) graded() bool { return at.by != nil && !at.expired && at.by.Grade != Exclude }

// fix returns what to do about an exclusion.
func (o *Override) fix() string {
	return fmt.Sprintf("lift the exclusion by %s: %s", o.Author, o.Reason)
}

// stand returns the standing of the next row of the group.
func (w *rowWriter) stand() standing {
	at := standing{then: -1}
	row := w.row
	w.row++
	if w.in.Previous != nil {
		if at.then = int(w.past.row[row]); at.then >= 0 {
			at.grade = w.past.grade[at.then]
		}
	}
	if !w.night.looks {
		return at
	}
	if at.hash = w.hashes[row]; at.hash == 0 {
		return at
	}
	if i := w.night.overrides.find(at.hash); i >= 0 {
		at.by, at.expired = &w.night.overrides.List[i], w.night.overrides.expired[i]
		w.night.met[i].Store(true)
	}
	return at
}

// keep applies hysteresis to a margin that falls into cut fell; another model
// starts afresh. A grade that was given by hand holds nothing: the one below it
// does.
func (w *rowWriter) keep(margin int64, fell int, at *standing) int {
	if w.in.Previous == nil || w.in.Previous.Version != w.in.Model.Version {
		return fell
	}
	held := at.grade
	if at.then >= 0 && w.past.overridden[at.then] {
		held = w.past.cut[at.then]
	}
	return w.in.Model.Grades.Keep(margin, held)
}

// cause returns why a grade, "" for none, differs from that of the night before;
// "" if it does not. The package comment has the order.
func (w *rowWriter) cause(grade string, at *standing) string {
	if w.in.Previous == nil || grade == at.grade {
		return ""
	}
	byHand := at.then >= 0 && (w.past.overridden[at.then] || w.past.excluded[at.then])
	switch {
	case at.grade == "" && !byHand:
		return CauseNew
	case at.excluded(), at.graded() && grade != "":
		return CauseOverride
	case byHand && at.by == nil:
		return CauseOverride // withdrawn
	case byHand && at.expired:
		return CauseExpiry
	case w.night.newModel:
		return CauseModel
	case w.night.newCuts:
		return CauseCut
	default:
		return CauseData
	}
}

// changed sets the cause of the change of row i, "" for none, and its feature.
func (w *rowWriter) changed(i int, cause, feature string, sum *Summary) {
	if cause == "" {
		return
	}
	w.text(colCause, i, cause)
	w.text(colCauseFeature, i, feature)
	sum.Changed++
	sum.Causes[cause]++
}

// mover returns the feature whose contribution moved most since the night
// before, of those whose value changed; "" where that cannot be told. That night
// holds the margin and the strongest reasons only, so of the other features it is
// known what they moved by together. Where that is more than any of those held
// moved by, it is the one of them that can have done it alone, if no other can.
// Where grades are cut on priority and nothing of the fit moved, it is the intent
// signal.
func (w *rowWriter) mover(s *model.Scores, i int, at *standing) string {
	m := w.in.Model
	from, to := w.past.offsets[at.then], w.past.offsets[at.then+1]
	then := int64(math.Round((w.past.points[at.then] - m.BasePoints) * model.Micro))
	others := s.Margin[i] - then // what those that are not held moved by
	best, rival, name := int64(0), int64(0), ""
	var free []int // terms that are not held
	for k := range m.Terms {
		r := w.reason(m.Terms[k].Feature, from, to)
		if r < 0 {
			free = append(free, k)
			continue
		}
		moved := int64(s.Contributions[k][i]) - w.past.micro[r]
		others -= moved
		switch changed, sure := w.isOther(s, k, i, r); {
		case !sure:
			rival = max(rival, magnitude(moved))
		case changed && magnitude(moved) > best:
			best, name = magnitude(moved), m.Terms[k].Feature
		}
	}
	switch {
	case magnitude(others) > best && len(m.Trees) == 0:
		weakest := int64(0)
		if to-from == Reasons {
			weakest = magnitude(w.past.micro[to-1])
		}
		return w.alone(s, i, free, others, weakest)
	case magnitude(others) > best && best == 0 && rival == 0 && len(free) == 1:
		return m.Terms[free[0]].Feature
	case max(magnitude(others), rival) > best:
		return ""
	}
	if name == "" && m.Grades.On == "priority" && len(m.Intent) > 0 {
		return m.Intent[0].Feature
	}
	return name
}

// isOther reports whether row i has another value of feature k than reason r of
// the night before says, and whether that is sure. Without trees a feature's
// contribution moves with its value alone. In trees it also moves with the values
// of others, so that the texts tell, where they hold the whole value.
func (w *rowWriter) isOther(s *model.Scores, k, i int, r int32) (changed, sure bool) {
	if len(w.in.Model.Trees) == 0 {
		return true, true
	}
	then, now := w.past.valueOf(r), "unknown"
	if !s.Unknown[k][i] {
		now = w.reasons.display[k].Value(w.reasons.columns[k], i)
	}
	if then != now {
		return true, true
	}
	c := w.reasons.columns[k]
	switch {
	case now == "unknown":
		return false, true
	case w.in.Model.Terms[k].IsSet():
		return false, len(c.Items(i)) <= model.ShownItems
	case c.Type == datasets.Number:
		return false, !model.Rounded(c.Numbers[i])
	}
	return false, true
}

// reason returns which reason of the night before is about a feature, -1: none.
func (w *rowWriter) reason(feature string, from, to int32) int32 {
	for r := from; r < to; r++ {
		if w.past.feature.list[w.past.features[r]] == feature {
			return r
		}
	}
	return -1
}

// alone returns the one of some features of a model without trees that can have
// moved by so much and gave no more than weakest before; "" where none can, or
// several.
func (w *rowWriter) alone(s *model.Scores, i int, terms []int, by, weakest int64) string {
	name := ""
	for _, k := range terms {
		t := &w.in.Model.Terms[k]
		then := int64(s.Contributions[k][i]) - by
		if magnitude(then) > weakest {
			continue
		}
		if !t.IsSet() && !slices.Contains(t.MicroPoints, int32(then)) {
			continue // none of its bins gives that
		}
		if name != "" {
			return ""
		}
		name = t.Feature
	}
	return name
}

// strongest returns the feature that gave an account most on the night before:
// what is missed most where nothing is known of it any more.
func (p *past) strongest(then int) string {
	if p.offsets[then] == p.offsets[then+1] {
		return ""
	}
	return p.feature.list[p.features[p.offsets[then]]]
}

func magnitude(v int64) int64 {
	if v < 0 {
		return -v
	}
	return v
}
