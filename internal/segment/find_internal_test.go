package segment

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model/bin"
)

// planted makes accounts of so many kinds, 0 for none: two numbers, two
// categories, a flag and a set, a fifth of the cells missing.
func planted(kinds, n int, seed uint64) (*datasets.Batch, []int32, []features.Spec) {
	specs := []features.Spec{
		{Name: "a", Kind: features.Number, Pillar: features.Firmographic, Column: "a"},
		{Name: "b", Kind: features.Number, Pillar: features.Firmographic, Column: "b"},
		{Name: "c", Kind: features.Category, Pillar: features.Firmographic, Column: "c"},
		{Name: "d", Kind: features.Category, Pillar: features.Firmographic, Column: "d"},
		{Name: "e", Kind: features.Flag, Pillar: features.Firmographic, Column: "e"},
		{Name: "f", Kind: features.Set, Pillar: features.Technographic, Column: "f"},
	}
	rng := rand.New(rand.NewPCG(seed, 7))
	b := &datasets.Batch{}
	var fields []datasets.Field
	for _, s := range specs {
		fields = append(fields, datasets.Field{Name: s.Name, Type: s.Kind.Type()})
	}
	b.Prepare(fields)
	words := func(p string, n int) (out []string) {
		for i := range n {
			out = append(out, fmt.Sprint(p, i))
		}
		return out
	}
	b.Columns[2].Dictionary, b.Columns[3].Dictionary, b.Columns[5].Dictionary = words("c", 8), words("d", 4), words("f", 20)
	truth := make([]int32, n)
	for i := range n {
		z := 0
		if kinds > 0 {
			z = rng.IntN(kinds)
		}
		truth[i] = int32(z)
		pick := func(own, of int) int32 { // mostly one of the kind's own
			if kinds > 0 && rng.Float64() < 0.85 {
				return int32((z*own + rng.IntN(own)) % of)
			}
			return int32(rng.IntN(of))
		}
		b.Columns[0].Numbers = append(b.Columns[0].Numbers, rng.NormFloat64()+float64(2*z*min(kinds, 1)))
		b.Columns[1].Numbers = append(b.Columns[1].Numbers, rng.NormFloat64()+float64(3*(z%2)*min(kinds, 1)))
		b.Columns[2].Codes = append(b.Columns[2].Codes, pick(2, 8))
		b.Columns[3].Codes = append(b.Columns[3].Codes, pick(1, 4))
		b.Columns[4].Flags = append(b.Columns[4].Flags, int8(pick(1, 2)))
		for range 1 + rng.IntN(4) {
			b.Columns[5].Codes = append(b.Columns[5].Codes, pick(5, 20))
		}
		b.Columns[5].Offsets = append(b.Columns[5].Offsets, int32(len(b.Columns[5].Codes)))
		b.Columns[5].Null = append(b.Columns[5].Null, false)
		if rng.Float64() < 0.2 {
			b.Columns[2].Codes[i] = -1
		}
		if rng.Float64() < 0.2 {
			b.Columns[4].Flags[i] = -1
		}
		b.Rows++
	}
	return b, truth, specs
}

// divide looks for segments in a batch.
func divide(t *testing.T, b *datasets.Batch, specs []features.Spec, o Options) (*Definition, []int32) {
	t.Helper()
	d := &Definition{Format: DefinitionFormat, AsOf: "2026-01-31", Options: o, Trials: []Trial{}, Measure: *NewMeasure(specs, b, 0), Sample: b.Rows}
	c := &chooser{m: &d.Measure, t: d.Codes(b, 0), seed: o.Seed, minimum: o.Minimum, most: 5}
	if err := d.find(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	labels := make([]int32, b.Rows)
	r := newRuler(d.table)
	for i := range labels {
		at, _ := r.nearest(c.t, i)
		labels[i] = int32(at)
	}
	return d, labels
}

// TestFind finds planted segments, and none in noise: in both every column is as
// frequent, a flag that is yes for half of the accounts among them.
func TestFind(t *testing.T) {
	for _, kinds := range []int{4, 0} {
		b, truth, specs := planted(kinds, 3000, 3)
		d, labels := divide(t, b, specs, DefaultOptions())
		if want := max(kinds, 1); len(d.Segments) != want {
			t.Errorf("%d kinds of accounts: %d segments: %+v", kinds, len(d.Segments), d.Trials)
			continue
		}
		if got := agreement(labels, truth, 8); kinds > 0 && got < 0.9 {
			t.Errorf("%d kinds of accounts: adjusted Rand index %.3f; want over .9", kinds, got)
		}
		if want := map[int]string{4: Found, 0: None}[kinds]; d.Verdict() != want {
			t.Errorf("%d kinds of accounts: verdict %s; want %s", kinds, d.Verdict(), want)
		}
		for _, s := range d.Segments {
			if kinds > 0 && (s.Stability == nil || *s.Stability < 0.9 || len(s.Named) == 0 || s.Name == "mixed") {
				t.Errorf("segment %+v of planted ones; want a name of its values, and found again", s)
			}
		}
		text, err := d.Encode()
		if err != nil {
			t.Fatal(err)
		}
		again, err := Decode(text)
		if err != nil || again.Fingerprint() != d.Fingerprint() {
			t.Errorf("read again: %v", err)
		}
	}
}

// TestAsked gives as many segments as are asked for, though none are there, and
// another number, minimum or seed changes the result.
func TestAsked(t *testing.T) {
	b, _, specs := planted(0, 600, 3)
	o := DefaultOptions()
	o.Segments = 3
	d, labels := divide(t, b, specs, o)
	if len(d.Segments) != 3 || d.Verdict() != Asked || len(d.Trials) != 1 || least(labels, 3) == 0 {
		t.Errorf("asked for 3: %d segments, verdict %s, %d trials", len(d.Segments), d.Verdict(), len(d.Trials))
	}
	o.Seed = 2
	if e, _ := divide(t, b, specs, o); e.Fingerprint() == d.Fingerprint() {
		t.Error("another seed gives the same")
	}
	b, _, specs = planted(4, 600, 3)
	o = DefaultOptions()
	o.Minimum = 0.45 // more than a fourth
	if d, _ := divide(t, b, specs, o); len(d.Segments) > 2 {
		t.Errorf("%d segments of at least 0.45 of the accounts", len(d.Segments))
	}
}

// TestDistances holds the distance from the middle of one account against that of
// the two accounts: it is the same.
func TestDistances(t *testing.T) {
	b, _, specs := planted(3, 300, 5)
	m := NewMeasure(specs, b, 0)
	codes := m.Codes(b, 0)
	whole := newSearcher(m, codes, []int32{0}).whole
	x := newMixer(m, 1)
	dst, known := make([]float64, 1), make([]int32, 1)
	for i := range int32(60) {
		for j := range int32(60) {
			x.reset()
			x.add(codes, []int32{j}, []int32{0})
			measureRows(m, codes, []int32{i}, x.shares(whole).distances(m, 1), 1, dst, known)
			want, ok := m.Distance(codes, int(i), int(j))
			both := true // what one account lacks is the whole's; any other value is like none, not even in the middle
			for f := range codes.Columns {
				both = both && (codes.Columns[f].Codes[i] == 0) == (codes.Columns[f].Codes[j] == 0)
				both = both && (m.Features[f].Kind != features.Category || int(codes.Columns[f].Codes[j]) <= m.Features[f].named())
			}
			if got := dst[0] / float64(max(known[0], 1)); both && ok && math.Abs(got-want) > 1e-12 {
				t.Fatalf("accounts %d and %d: %v from the middle, %v from each other", i, j, got, want)
			}
		}
	}
}

// complete fills the cells that planted leaves out.
func complete(b *datasets.Batch) {
	for i := range b.Rows {
		b.Columns[2].Codes[i], b.Columns[4].Flags[i] = max(b.Columns[2].Codes[i], 0), max(b.Columns[4].Flags[i], 0)
	}
}

// TestSearch holds what a search and a ruler compute from shares against all pairs of
// accounts: an account's distance from a segment is the mean of those from its
// accounts. By these none is nearer to another segment than to its own; where the
// nearest middle counts, none is when half the mean distance between the segment's
// own accounts is taken off, which is how far they are from its middle.
func TestSearch(t *testing.T) {
	for _, nearestMiddle := range []bool{false, true} {
		b, _, specs := planted(3, 200, 5)
		complete(b)
		d := &Definition{Measure: *NewMeasure(specs, b, 0), Segments: make([]Segment, 3)}
		c := &chooser{m: &d.Measure, t: d.Codes(b, 0), seed: 1}
		s := newSearcher(&d.Measure, c.t, c.spread(b.Rows))
		v := s.search(3, starts, rand.New(rand.NewPCG(1, 1)))
		if s.improve(v, mostRounds); !nearestMiddle {
			s.move(v, settleRounds, shares.towards)
		}
		v.nearestMiddle = nearestMiddle
		d.keep(v)
		r := newRuler(d.table)
		apart, n := pairsApart(d, c.t, v)
		var width [3]float64
		for i, label := range v.labels {
			if nearestMiddle {
				width[label] += apart[i][label] / n[label] / 2
			}
		}
		inside := 0.0
		for i := range b.Rows {
			at, micro := r.nearest(c.t, i)
			for k, mean := range apart[i] {
				if got := float64(r.sums[k]) / 1e6 / float64(len(specs)); math.Abs(got-mean) > 1e-5 {
					t.Fatalf("account %d: %v from segment %d; the mean of all pairs is %v", i, got, k, mean)
				}
				if mean-width[k] < apart[i][at]-width[at]-1e-5 || at != int(v.labels[i]) {
					t.Fatalf("nearest middle %t: account %d is in segment %d and nearer to %d", nearestMiddle, i, v.labels[i], k)
				}
			}
			inside += float64(micro)/1e6 - width[at]
		}
		if got := v.spread / float64(len(specs)); math.Abs(got-inside/float64(b.Rows)) > 1e-5 {
			t.Errorf("nearest middle %t: spread %v; the mean of all pairs is %v", nearestMiddle, got, inside/float64(b.Rows))
		}
	}
}

// pairsApart returns the mean distance of every account from those of each segment,
// itself among them, and how many these are, from all pairs.
func pairsApart(d *Definition, codes *bin.Table, v *division) (apart [][]float64, n []float64) {
	apart, n = make([][]float64, codes.Rows), make([]float64, v.k)
	for _, label := range v.labels {
		n[label]++
	}
	for i := range apart {
		apart[i] = make([]float64, v.k)
		for j, label := range v.labels {
			distance, _ := d.Distance(codes, i, j)
			if other := &codes.Columns[2]; i == j && int(other.Codes[i]) > d.Features[2].named() {
				distance = 1.0 / float64(len(d.Features)) // any other value is unlike any, its own among them
			}
			apart[i][label] += distance / n[label]
		}
	}
	return apart, n
}

// TestSilhouette holds the mean silhouette against its definition on all pairs. Of
// what k-means found and what it settles to, the one with the greater silhouette is
// taken: the nearest middle in some bases, the nearest accounts in others.
func TestSilhouette(t *testing.T) {
	chosen := map[bool]int{}
	for seed := range uint64(4) {
		const k = 5 // of three kinds
		b, _, specs := planted(3, 600, seed)
		complete(b)
		d := &Definition{Measure: *NewMeasure(specs, b, 0)}
		codes := d.Codes(b, 0)
		s := newSearcher(&d.Measure, codes, (&chooser{t: codes}).spread(b.Rows))
		s.dist = make([]float64, b.Rows*k)
		found := &division{k: k, middle: s.start(k, rand.New(rand.NewPCG(1, seed))), labels: make([]int32, b.Rows)}
		s.improve(found, mostRounds)
		moved := &division{k: k, middle: found.middle, labels: slices.Clone(found.labels)}
		s.move(moved, settleRounds, shares.towards)
		middles, accounts := silhouetteOfPairs(d, codes, found), silhouetteOfPairs(d, codes, moved)
		for want, v := range map[float64]*division{middles: found, accounts: moved} {
			if got := s.silhouette(v); math.Abs(got-want) > 1e-9 {
				t.Errorf("seed %d: mean silhouette %v; %v from all pairs", seed, got, want)
			}
		}
		v := s.settle(found)
		if want := middles >= accounts; v.nearestMiddle != want || !want && !slices.Equal(v.labels, moved.labels) {
			t.Errorf("seed %d: nearest middle %t; its silhouette is %v, that of the nearest accounts %v", seed, v.nearestMiddle, middles, accounts)
		}
		chosen[v.nearestMiddle]++
	}
	if chosen[true] == 0 || chosen[false] == 0 {
		t.Errorf("nearest middle: %v; want both", chosen)
	}
}

// silhouetteOfPairs returns the mean silhouette of a division of all rows, from all pairs.
func silhouetteOfPairs(d *Definition, codes *bin.Table, v *division) (mean float64) {
	apart, n := pairsApart(d, codes, v)
	for i, label := range v.labels {
		own, next := apart[i][label]*n[label]/(n[label]-1), math.Inf(1)
		for c, mean := range apart[i] {
			if c != int(label) {
				next = min(next, mean)
			}
		}
		mean += (next - own) / max(own, next) / float64(codes.Rows)
	}
	return mean
}

// TestDefinitionFormat reads a definition of the first format, whose accounts belong
// to the nearest accounts, and no later format than this icpfit's.
func TestDefinitionFormat(t *testing.T) {
	b, _, specs := planted(4, 600, 3)
	d, _ := divide(t, b, specs, DefaultOptions())
	for _, tt := range []struct {
		format        int
		nearestMiddle bool
		ok            bool
	}{{0, false, false}, {1, false, true}, {1, true, false}, {2, false, true}, {2, true, true}, {3, false, false}} {
		d.Format, d.NearestMiddle = tt.format, tt.nearestMiddle
		text, err := d.Encode()
		if err != nil {
			t.Fatal(err)
		}
		again, err := Decode(text)
		if (err == nil) != tt.ok {
			t.Errorf("%+v: %v", tt, err)
		}
		if err == nil && (again.table.widths != nil) != tt.nearestMiddle {
			t.Errorf("%+v: read again, accounts belong to another segment", tt)
		}
	}
}
