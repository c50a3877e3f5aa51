package nearest_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
	"github.com/icpfit/icpfit/model/nearest"
)

// A value is what a test's account has of a feature: a code, and items of a set.
type value struct {
	code  int
	items []int
}

// A small is a random model with an account.
type small struct {
	m       *model.Model
	account []value
	grade   string
}

// draw makes a model of three to five features, with and without trees, and an
// account of which some features are unknown.
func draw(r *rand.Rand) *small {
	s := &small{m: &model.Model{Format: 2, BasePoints: 50}}
	for k := range 3 + r.IntN(3) {
		kind := []features.Kind{features.Number, features.Category, features.Flag, features.Set, features.Date, features.Words}[r.IntN(6)]
		b := bin.Binning{Feature: fmt.Sprintf("f%d", k), Pillar: features.Firmographic, Kind: kind}
		spec := features.Spec{Name: b.Feature, Kind: kind, Pillar: b.Pillar}
		switch kind {
		case features.Number, features.Date:
			b.Edges = []float64{1, 2, 3}[:1+r.IntN(3)]
			spec.Parser = []string{"", "year"}[r.IntN(2)]
		case features.Category:
			b.Values, b.Labels = []string{"x", "y"}, []string{"X", "Y"}
		case features.Set, features.Words:
			b.Items, b.Labels = []string{"i", "j", "k"}, []string{"I", "J", "K"}
		}
		t := model.Term{Binning: b}
		for range t.Slots() {
			t.MicroPoints = append(t.MicroPoints, int32(r.IntN(11)-5)*model.Micro)
			t.Pool, t.Customers = append(t.Pool, r.IntN(50)), append(t.Customers, 1)
		}
		s.m.Terms, s.m.Specs = append(s.m.Terms, t), append(s.m.Specs, spec)
		v := value{}
		if r.IntN(2) > 0 {
			v.code = 1 + r.IntN(max(1, codes(&t)-1))
			for item := range b.Items {
				if r.IntN(3) == 0 {
					v.items = append(v.items, item)
				}
			}
		}
		s.account = append(s.account, v)
	}
	for range r.IntN(4) {
		s.m.Trees = append(s.m.Trees, tree(r, s.m))
	}
	first := s.margin(s.account)
	var err error
	if s.m.Grades, err = model.NewGrades("A-D", []int64{first + 14*model.Micro, first + int64(1+r.IntN(12))*model.Micro, first - 5*model.Micro}); err != nil {
		panic(err)
	}
	s.m.Grades.On, s.m.Grades.Hysteresis = "fit", float64(r.IntN(2))
	s.grade = s.m.Grades.Cuts[s.m.Grades.Index(first)].Grade
	return s
}

func codes(t *model.Term) int {
	if t.IsSet() {
		return 2
	}
	return t.Slots()
}

// tree returns a tree of two levels.
func tree(r *rand.Rand, m *model.Model) model.PointTree {
	split := func(left, right, missing int32) model.Node {
		n := model.Node{Feature: int32(r.IntN(len(m.Terms))), Left: left, Right: right, Missing: missing}
		switch t := &m.Terms[n.Feature]; {
		case t.IsSet():
			n.At = int32(2 + r.IntN(len(t.Items)))
		case t.Ordered():
			n.At = int32(1 + r.IntN(t.Slots()-1))
		default:
			n.In = []int32{int32(1 + r.IntN(t.Slots()-1))}
		}
		return n
	}
	t := model.PointTree{{Node: split(1, 2, 3)}, {Node: split(4, 5, 4)}, {Node: split(6, 7, 7)}, {}, {}, {}, {}, {}}
	for i := range t[1:] {
		t[i+1].MicroPoints = int32(r.IntN(13)-6) * model.Micro
	}
	return t
}

// margin is the model's, worked out from the definition.
func (s *small) margin(account []value) (sum int64) {
	for k, v := range account {
		sum += int64(s.m.Terms[k].MicroPoints[v.code])
		for _, item := range v.items {
			sum += int64(s.m.Terms[k].MicroPoints[2+item])
		}
	}
	for _, t := range s.m.Trees {
		at := int32(0)
		for !t[at].Leaf() {
			n, v := t[at].Node, account[t[at].Feature]
			right := int32(v.code) > n.At
			switch term := &s.m.Terms[n.Feature]; {
			case term.IsSet():
				right = slices.Contains(v.items, int(n.At)-2)
			case !term.Ordered():
				right = !slices.Contains(n.In, int32(v.code))
			}
			switch {
			case v.code == 0:
				at = n.Missing
			case right:
				at = n.Right
			default:
				at = n.Left
			}
		}
		sum += int64(t[at].MicroPoints)
	}
	return sum
}

// better reports whether an account would be graded better.
func (s *small) better(account []value) bool {
	index := func(grade string) int {
		return slices.IndexFunc(s.m.Grades.Cuts, func(c model.Cut) bool { return c.Grade == grade })
	}
	return s.m.Grades.Keep(s.margin(account), s.grade) < index(s.grade)
}

// others lists what feature k can be changed to.
func (s *small) others(k int) (out []value) {
	t, v := &s.m.Terms[k], s.account[k]
	settled := t.Kind == features.Date || s.m.Specs[k].Parser == "year"
	if t.Kind == features.Words || v.code != 0 && settled {
		return nil
	}
	if !t.IsSet() {
		for code := 1; code < t.Slots(); code++ {
			if code != v.code {
				out = append(out, value{code: code})
			}
		}
		return out
	}
	for item := range t.Items {
		if !slices.Contains(v.items, item) {
			with := append(slices.Clone(v.items), item)
			slices.Sort(with)
			out = append(out, value{1, with})
		}
	}
	return out
}

// fewest tries everything: the least number of changes that is enough, 0 for none.
func (s *small) fewest(onlyUnknown bool) int {
	best := 0
	account := slices.Clone(s.account)
	var walk func(k, changes int)
	walk = func(k, changes int) {
		if best > 0 && changes >= best || changes > nearest.MostChanges {
			return
		}
		if k == len(account) {
			if changes > 0 && s.better(account) {
				best = changes
			}
			return
		}
		walk(k+1, changes)
		if s.account[k].code == 0 || !onlyUnknown {
			for _, v := range s.others(k) {
				account[k] = v
				walk(k+1, changes+1)
			}
			account[k] = s.account[k]
		}
	}
	walk(0, 0)
	return best
}

func (s *small) columns() (out []bin.Column) {
	for k, v := range s.account {
		c := bin.Column{Codes: []uint8{uint8(v.code)}}
		if s.m.Terms[k].IsSet() {
			c.Offsets = []int32{0, int32(len(v.items))}
			for _, item := range v.items {
				c.Items = append(c.Items, uint16(item))
			}
		}
		out = append(out, c)
	}
	return out
}

// TestFewest compares with trying everything, on small random models: no fewer
// changes are enough, and every combination of the values that a way names is.
func TestFewest(t *testing.T) {
	met := map[string]int{}
	for seed := range uint64(4_000) {
		s := draw(rand.New(rand.NewPCG(seed, 1)))
		unknown, any := s.fewest(true), s.fewest(false)
		a := nearest.Find(nearest.Question{Model: s.m, Scorer: model.NewScorer(s.m, 0), Columns: s.columns(), Grade: s.grade})
		if a == nil {
			t.Fatalf("model %d: no answer", seed)
		}
		wantAny := any
		if any == unknown {
			wantAny = 0 // what is unknown is enough
		}
		s.check(t, fmt.Sprintf("model %d, unknown", seed), a.Unknown, unknown, true)
		s.check(t, fmt.Sprintf("model %d, any", seed), a.Any, wantAny, false)
		met[fmt.Sprintf("unknown %d, any %d, trees %t", unknown, any, len(s.m.Trees) > 0)]++
		if t.Failed() {
			t.FailNow()
		}
	}
	for _, size := range []string{"unknown 0, any 0", "unknown 0, any 1", "unknown 1, any 1", "unknown 2, any 1", "unknown 2, any 2", "unknown 0, any 3", "unknown 3, any 3"} {
		for _, trees := range []bool{true, false} {
			if n := met[fmt.Sprintf("%s, trees %t", size, trees)]; n == 0 {
				t.Errorf("%s, trees %t: not met; %v", size, trees, met)
			}
		}
	}
}

// check checks ways against the number of changes that they must have, 0: none.
func (s *small) check(t *testing.T, name string, ways []nearest.Way, want int, onlyUnknown bool) {
	t.Helper()
	if (len(ways) == 0) != (want == 0) {
		t.Errorf("%s: %d ways, want %d changes", name, len(ways), want)
	}
	for _, w := range ways {
		if len(w.Changes) != want {
			t.Errorf("%s: %d changes, want %d", name, len(w.Changes), want)
		}
		account := slices.Clone(s.account)
		var walk func(i int)
		walk = func(i int) {
			if i == len(w.Changes) {
				if !s.better(account) {
					t.Errorf("%s: %v does not do it, as %+v", name, w, account)
				}
				return
			}
			c := w.Changes[i]
			if c.Known != (s.account[c.Term].code != 0) || c.Known && onlyUnknown || len(c.Slots) == 0 {
				t.Errorf("%s: change %+v of %+v", name, c, s.account[c.Term])
			}
			for _, slot := range c.Slots {
				at := slices.IndexFunc(s.others(c.Term), func(v value) bool {
					if s.m.Terms[c.Term].IsSet() {
						return slices.Contains(v.items, slot-2)
					}
					return v.code == slot
				})
				if at < 0 {
					t.Errorf("%s: term %d cannot become %d", name, c.Term, slot)
					continue
				}
				account[c.Term] = s.others(c.Term)[at]
				walk(i + 1)
			}
			account[c.Term] = s.account[c.Term]
		}
		walk(0)
	}
}

// TestShare works an answer out by hand: three of four known values lift the
// account, which 60 of 80 known accounts of the pool have; the best grade has no
// better one, and a grade that no margin earns is passed over.
func TestShare(t *testing.T) {
	m := &model.Model{Terms: []model.Term{{
		Binning:     bin.Binning{Feature: "size", Kind: features.Number, Edges: []float64{10, 100, 1000}},
		MicroPoints: []int32{0, -2_000_000, 4_000_000, 3_000_000, 5_000_000}, Pool: []int{20, 20, 30, 10, 20},
	}}, Specs: []features.Spec{{Name: "size", Kind: features.Number}}}
	var err error
	if m.Grades, err = model.NewGrades("A-D", []int64{9_000_000, 2_000_000, 2_000_000}); err != nil {
		t.Fatal(err)
	}
	q := nearest.Question{Model: m, Scorer: model.NewScorer(m, 0), Columns: []bin.Column{{Codes: []uint8{0}}}, Grade: "D"}
	a := nearest.Find(q)
	if a == nil || a.Grade != "B" || len(a.Unknown) != 1 || len(a.Any) != 0 || a.Searched != 1 {
		t.Fatalf("answer %+v", a)
	}
	if c := a.Unknown[0].Changes[0]; !slices.Equal(c.Slots, []int{2, 3, 4}) || c.Share != 0.75 || c.Known {
		t.Errorf("change %+v", c)
	}
	q.Grade = "A"
	if a := nearest.Find(q); a != nil {
		t.Errorf("the best grade has a better one: %+v", a)
	}
	m.Specs[0].Parser, q.Grade, q.Columns[0].Codes[0] = "year", "D", 1
	if a := nearest.Find(q); a == nil || len(a.Unknown)+len(a.Any) > 0 {
		t.Errorf("a founding year becomes another: %+v", a)
	}
}

// TestScaled checks a written grid, whose scale depends on what is known: finding
// out a second criterion may lower the score, and here only the third lifts it.
func TestScaled(t *testing.T) {
	term := func(name string, points int32) model.Term {
		return model.Term{Binning: bin.Binning{Feature: name, Pillar: features.Firmographic, Kind: features.Flag}, MicroPoints: []int32{0, 0, points}, Pool: make([]int, 3)}
	}
	m := &model.Model{
		Terms: []model.Term{term("a", 10_000_000), term("b", 1_000_000), term("c", 50_000_000)},
		Specs: []features.Spec{{Name: "a", Kind: features.Flag}, {Name: "b", Kind: features.Flag}, {Name: "c", Kind: features.Flag}},
		Grid:  &model.Grid{Mode: "sum", Maximum: []int32{10_000_000, 1_000_000, 50_000_000}},
	}
	var err error
	if m.Grades, err = model.NewGrades("A-D", []int64{80_000_000, 70_000_000, 60_000_000}); err != nil {
		t.Fatal(err)
	}
	q := nearest.Question{Model: m, Scorer: model.NewScorer(m, 0), Columns: []bin.Column{{Codes: []uint8{1}}, {Codes: []uint8{0}}, {Codes: []uint8{0}}}, Grade: "D"}
	a := nearest.Find(q) // a is no: b alone gives 1/11, c alone 50/60
	if a == nil || len(a.Unknown) != 1 || a.Unknown[0].Changes[0].Term != 2 || a.Unknown[0].Changes[0].Share >= 0 {
		t.Errorf("answer %+v", a)
	}
}
