package nearest

import (
	"cmp"
	"slices"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
)

// Find answers a question; nil where there is no better grade to be had.
func Find(q Question) *Answer {
	m := q.Model
	now := slices.IndexFunc(m.Grades.Cuts, func(c model.Cut) bool { return c.Grade == q.Grade })
	s := &search{Question: q, now: now}
	if now <= 0 || !s.aim() {
		return nil
	}
	var unknown, all []int
	for k := range m.Terms {
		missing := q.Columns[k].Codes[0] == 0
		if m.Terms[k].Kind == features.Words || !missing && Settled(m.Specs[k]) {
			continue
		}
		if all = append(all, k); missing {
			unknown = append(unknown, k)
		}
	}
	a := &Answer{Grade: m.Grades.Cuts[m.Grades.Keep(s.target, q.Grade)].Grade}
	s.prepare(all)
	size, ways, searched := s.fewest(unknown)
	a.Unknown, a.Searched = ways, searched
	if fewer, both, searched := s.fewest(all); len(both) > 0 && (len(ways) == 0 || fewer < size) {
		a.Any, a.Searched = both, searched
	} else {
		a.Searched = min(a.Searched, searched)
	}
	return a
}

// A search is one question being answered.
type search struct {
	Question
	now     int   // cut of the grade
	target  int64 // least that what grades are cut on must come to
	have    int64 // what it comes to
	bounded bool  // a change's part in it can be bounded: it is the margin, of a table and trees
	trees   int64 // what trees add

	options [][]option // by term
	most    []int64    // by term: of the options' gains
	probe   *probe
	left    int // rows that may still be scored
}

// An option is a value that a term could have.
type option struct {
	slot int
	gain int64 // most micro-points it adds in the table
}

// aim sets the target and reports whether any margin reaches a better grade.
func (s *search) aim() bool {
	g := &s.Model.Grades
	slack := int64(g.Hysteresis*model.Micro + 0.5)
	found := false
	for i := range s.now {
		for _, margin := range []int64{g.Cuts[i].Margin, g.Cuts[i].Margin + slack} {
			if g.Keep(margin, s.Grade) < s.now && (!found || margin < s.target) {
				s.target, found = margin, true
			}
		}
	}
	return found
}

// prepare sets what all searches over these terms share.
func (s *search) prepare(terms []int) {
	m := s.Model
	s.bounded = m.Grid == nil && m.Grades.On != "priority"
	s.probe = newProbe(s.Question)
	var scores model.Scores
	s.Scorer.ScoreBins(&scores, s.Columns, 1)
	s.have = m.CutOn(&scores, 0)
	s.trees = m.TreesMost(s.Columns, 0, make([]bool, len(m.Terms)))
	s.options, s.most = make([][]option, len(m.Terms)), make([]int64, len(m.Terms))
	for _, k := range terms {
		s.options[k] = s.optionsOf(k)
		for i, o := range s.options[k] {
			if i == 0 || o.gain > s.most[k] {
				s.most[k] = o.gain
			}
		}
	}
}

// optionsOf lists what else a term could be.
func (s *search) optionsOf(k int) (out []option) {
	t, c := &s.Model.Terms[k], &s.Columns[k]
	code := int(c.Codes[0])
	if !t.IsSet() {
		for slot := 1; slot < t.Slots(); slot++ {
			if slot != code {
				out = append(out, option{slot, int64(t.MicroPoints[slot]) - int64(t.MicroPoints[code])})
			}
		}
		return out
	}
	for slot := 2; slot < t.Slots(); slot++ {
		if slices.Contains(c.Items, uint16(slot-2)) {
			continue
		}
		gain := int64(t.MicroPoints[slot])
		if code == 0 {
			gain += int64(t.MicroPoints[1]) - int64(t.MicroPoints[0])
		}
		out = append(out, option{slot, max(0, gain)}) // what a set gives is limited, so a loss may be none
	}
	return out
}

// fewest returns the least number of these terms whose change is enough, the ways
// with that number, and up to which number all were looked at.
func (s *search) fewest(terms []int) (size int, ways []Way, searched int) {
	s.left = mostRows
	for size = 1; size <= min(MostChanges, len(terms)); size++ {
		var found []solution
		for _, chosen := range s.subsets(terms, size) {
			ok, whole := s.try(chosen.terms, &found)
			if !whole && len(found) == 0 {
				return 0, nil, size - 1
			}
			if ok && size > 1 && len(found) >= enough || !whole {
				break
			}
		}
		if len(found) > 0 {
			return size, s.best(found), size
		}
	}
	return 0, nil, min(MostChanges, len(terms))
}

// A subset is a choice of terms, with the most that it can come to.
type subset struct {
	terms []int
	most  int64
}

// subsets returns the choices of so many terms that could be enough, the most
// promising first.
func (s *search) subsets(terms []int, size int) (out []subset) {
	free := make([]bool, len(s.Model.Terms))
	var choose func(from int, chosen []int)
	choose = func(from int, chosen []int) {
		if len(chosen) < size {
			for i := from; i < len(terms); i++ {
				choose(i+1, append(chosen[:len(chosen):len(chosen)], terms[i]))
			}
			return
		}
		most := s.bound(chosen, free)
		if !s.bounded || most >= s.target {
			out = append(out, subset{chosen, most})
		}
	}
	choose(0, nil)
	slices.SortStableFunc(out, func(a, b subset) int { return cmp.Compare(b.most, a.most) })
	return out
}

// bound returns the most that the margin can come to where these terms change.
func (s *search) bound(terms []int, free []bool) int64 {
	most := s.have
	for _, k := range terms {
		if len(s.options[k]) == 0 {
			return s.target - 1
		}
		most += s.most[k]
		free[k] = true
	}
	if len(s.Model.Trees) > 0 {
		most += s.Model.TreesMost(s.Columns, 0, free) - s.trees
	}
	for _, k := range terms {
		free[k] = false
	}
	return most
}

// try scores every combination of the terms' options that could be enough. It adds
// the solution, if there is one, and reports whether there is and whether all
// could be scored.
func (s *search) try(terms []int, found *[]solution) (ok, whole bool) {
	spare := s.bound(terms, make([]bool, len(s.Model.Terms))) - s.target
	lists := make([][]option, len(terms))
	rows := 1
	for i, k := range terms {
		for _, o := range s.options[k] {
			if !s.bounded || s.most[k]-o.gain <= spare {
				lists[i] = append(lists[i], o)
			}
		}
		if rows *= len(lists[i]); rows == 0 {
			return false, true
		}
		if rows > s.left {
			return false, false
		}
	}
	s.left -= rows
	reached := s.probe.score(terms, lists, rows, s.reaches)
	if !slices.Contains(reached, true) {
		return false, true
	}
	*found = append(*found, s.solve(terms, lists, reached))
	return true, true
}

func (s *search) reaches(cutOn int64) bool {
	return s.Model.Grades.Keep(cutOn, s.Grade) < s.now
}
