package feedback

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/internal/page"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
)

// world makes people of two grades: five categories, three numbers and a set,
// independent of each other and of everything else.
func world(rng *rand.Rand) (*people, *Input, []int) {
	m := &model.Model{}
	add := func(name string, b bin.Binning) {
		b.Feature, b.Pillar = name, features.Firmographic
		n := b.Slots()
		m.Terms = append(m.Terms, model.Term{Binning: b, MicroPoints: make([]int32, n), Pool: make([]int, n), Customers: make([]int, n)})
		m.Specs = append(m.Specs, features.Spec{Name: name, Kind: b.Kind})
	}
	for i := range 5 {
		b := bin.Binning{Kind: features.Category}
		for k := range 8 {
			b.Values, b.Labels = append(b.Values, fmt.Sprint("v", k)), append(b.Labels, fmt.Sprint("V", k))
		}
		add(fmt.Sprint("category", i), b)
	}
	for i := range 3 {
		b := bin.Binning{Kind: features.Number}
		for k := range 15 {
			b.Edges = append(b.Edges, float64(10*k+10))
		}
		add(fmt.Sprint("number", i), b)
	}
	set := bin.Binning{Kind: features.Set}
	for k := range 40 {
		set.Items, set.Labels = append(set.Items, fmt.Sprint("i", k)), append(set.Labels, fmt.Sprint("I", k))
	}
	add("set", set)
	p := &people{terms: m.Terms, slots: map[int][]int32{}}
	at := int32(0)
	for i := range m.Terms {
		p.offset = append(p.offset, at)
		at += int32(m.Terms[i].Slots())
	}
	p.offset = append(p.offset, at)
	var accounts []int
	for n := range 1500 {
		accounts = append(accounts, n)
		var slots []int32
		for f := range m.Terms {
			t := &m.Terms[f]
			if t.IsSet() {
				slots = append(slots, p.offset[f]+1)
				for item := range 40 {
					if rng.IntN(40) <= item {
						slots = append(slots, p.offset[f]+2+int32(item))
					}
				}
				continue
			}
			slots = append(slots, p.offset[f]+int32(rng.IntN(t.Slots())))
		}
		p.slots[n] = slots
	}
	words, err := page.NewPrinter("en", page.Catalogue{})
	if err != nil {
		panic(err)
	}
	return p, &Input{Model: m, Seed: 1, Words: words}, accounts
}

// strataOf puts the first 600 accounts into one grade and the others into the next.
func strataOf(accounts []int, isCase func(int) bool) []stratum {
	out := make([]stratum, 2)
	for i, at := range accounts {
		s := &out[min(i/600, 1)]
		if isCase(at) {
			s.cases = append(s.cases, at)
		} else {
			s.others = append(s.others, at)
		}
	}
	return out
}

// TestRandomRejections: where accounts are rejected by chance, nothing is named in
// at least 95 % of the draws, whatever their grades: half of A's are rejected here
// as often again as B's.
func TestRandomRejections(t *testing.T) {
	worlds, most := 100, 12 // the binomial's 99.9 % quantile at 5 %
	if testing.Short() {
		worlds, most = 40, 7
	}
	rng := rand.New(rand.NewPCG(1, 1))
	named := 0
	for range worlds {
		p, in, accounts := world(rng)
		d := Disagreement{Shared: []Shared{}, strata: strataOf(accounts, func(at int) bool { return rng.IntN(30) < 1+at%2*min(1, 599/(at+1)) })}
		if d.share(p, in, 1); d.Result == Named {
			named++
		}
	}
	t.Logf("named in %d of %d worlds without a cause", named, worlds)
	if named > most {
		t.Errorf("named in %d of %d worlds without a cause", named, worlds)
	}
}

// TestPlantedCause: what the rejected share is named, first, and the model's
// points for it beside it.
func TestPlantedCause(t *testing.T) {
	for n, tt := range []struct {
		feature, value string
		has            func(p *people, at int) bool
	}{
		{"category2", "V3", func(p *people, at int) bool { return p.slots[at][2] == p.offset[2]+4 }},
		{"category0", "unknown", func(p *people, at int) bool { return p.slots[at][0] == p.offset[0] }},
		{"number1", "over 120", func(p *people, at int) bool { return p.slots[at][6] > p.offset[6]+12 }},
		{"set", "I7", func(p *people, at int) bool { return slices.Contains(p.slots[at], p.offset[8]+2+7) }},
	} {
		rng := rand.New(rand.NewPCG(2, uint64(n)))
		p, in, accounts := world(rng)
		for f := range p.terms {
			for slot := range p.terms[f].MicroPoints {
				p.terms[f].MicroPoints[slot] = int32(f+1) * model.Micro
			}
		}
		left := 14
		d := Disagreement{Shared: []Shared{}, strata: strataOf(accounts, func(at int) bool {
			if left > 0 && tt.has(p, at) && rng.IntN(3) == 0 {
				left--
				return true
			}
			return false
		})}
		d.share(p, in, 1)
		if d.Result != Named || d.Shared[0].Feature != tt.feature || d.Shared[0].Value != tt.value || d.Shared[0].Share != 1 || d.Shared[0].Cases != 14 || d.Shared[0].Chance > 0.01 {
			t.Errorf("%s %s: %s, %+v", tt.feature, tt.value, d.Result, d.Shared)
			continue
		}
		if want := float64(d.Shared[0].term + 1); d.Shared[0].Points < want-1e-6 || d.Shared[0].Points > want+1e-6 {
			t.Errorf("%s: %v points, want %v", tt.feature, d.Shared[0].Points, want)
		}
	}
}

// TestGradeIsNoCause: what all of a grade have is not what its rejected share.
func TestGradeIsNoCause(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	p, in, accounts := world(rng)
	for _, at := range accounts[:600] {
		p.slots[at][0] = p.offset[0] + 1
	}
	n := 0
	d := Disagreement{Shared: []Shared{}, strata: strataOf(accounts, func(at int) bool {
		n++
		return at < 600 && n%20 == 0
	})}
	if d.share(p, in, 1); d.Result != Nothing {
		t.Errorf("%+v", d.Shared)
	}
}

// TestStrength: the statistic of one table, by hand: 3 of 4 cases against 1 of 4
// others: 2·(3 ln(3/2) + 1 ln(1/2) + 1 ln(1/2) + 3 ln(3/2)).
func TestStrength(t *testing.T) {
	x := &test{values: []value{{}, {}, {}}, cases: []int{4}, size: []float64{8}, total: [][]float64{{4, 4, 0}}, logs: logsUpTo(8)}
	got := make([]float64, 3)
	x.strength(got, [][]float64{{3, 1, 0}})
	const want = 2.0929926 // ln(3/2) = 0.4054651, ln(1/2) = -0.6931472
	if got[0] < want-1e-6 || got[0] > want+1e-6 || got[1] != 0 || got[2] != 0 {
		t.Errorf("%v, want %v for what is more frequent, 0 else", got, want)
	}
}

// TestWords: both languages have the same texts with the same arguments.
func TestWords(t *testing.T) {
	verbs := func(s string) int { return strings.Count(s, "%s") + strings.Count(s, "%[") }
	for key, text := range english {
		if other, ok := french[key]; !ok || verbs(text) != verbs(other) {
			t.Errorf("%s: %q and %q", key, text, other)
		}
	}
	if len(french) != len(english) {
		t.Errorf("%d texts in French, %d in English", len(french), len(english))
	}
}
