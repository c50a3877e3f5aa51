package trees

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
)

// drawn draws up to 80 accounts with a feature of each way to split.
func drawn(t *rapid.T) *model.Data {
	d := &model.Data{Monotone: make([]int, 3), Seed: rapid.Uint64().Draw(t, "seed"), Table: &bin.Table{Columns: make([]bin.Column, 3), Binnings: []bin.Binning{
		{Feature: "n", Kind: features.Number, Edges: []float64{1, 2, 3, 4}},
		{Feature: "c", Kind: features.Category, Values: []string{"a", "b", "c"}},
		{Feature: "s", Kind: features.Set, Items: []string{"x", "y", "z"}},
	}}}
	for range 3 {
		d.Learn = append(d.Learn, rapid.Bool().Draw(t, "learn"))
	}
	rng := rand.New(rand.NewPCG(d.Seed, 1))
	s := &d.Table.Columns[2]
	s.Offsets = []int32{0}
	d.Table.Rows = rapid.IntRange(8, 80).Draw(t, "rows")
	for i := range d.Table.Rows {
		n, c, known := rng.IntN(6), rng.IntN(5), rng.IntN(2)
		for item := range uint16(3) {
			if known == 1 && rng.IntN(2) == 0 {
				s.Items = append(s.Items, item)
			}
		}
		s.Offsets = append(s.Offsets, int32(len(s.Items)))
		for k, code := range []int{n, c, known} {
			d.Table.Columns[k].Codes = append(d.Table.Columns[k].Codes, uint8(code))
		}
		d.Customer = append(d.Customer, i < 2 || i > 4 && rng.IntN(6) < n) // of both classes
		d.Weights, d.Keys = append(d.Weights, float64(1+rng.IntN(2))), append(d.Keys, rng.Uint64())
	}
	return d
}

// fresh returns a grower of d with gradients of its first round.
func fresh(d *model.Data, o limits) *grower {
	var rows [2][]int32
	for i, customer := range d.Customer {
		class := 1
		if customer {
			class = 0
		}
		rows[class] = append(rows[class], int32(i))
	}
	t := newTable(d, append(rows[0], rows[1]...), 256)
	g := newGrower(t, o, 2)
	for i := range t.source {
		g.rows = append(g.rows, int32(i))
	}
	g.gh = make([]int64, t.rows())
	g.units = t.gradients(g.gh, g.rows, constant(-0.5, t.rows()), 7, newUnits(d.Totals()), 2)
	return g
}

// TestFind checks the best split of a root against all there are, from the
// definition: rows on either side, and the loss that the sides save.
func TestFind(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawn(t)
		o := limits{leaves: 2, depth: 1, l2: 1, leastHessian: rapid.Float64Range(0, 3).Draw(t, "least"), leastHeld: float64(rapid.IntRange(0, 3).Draw(t, "held"))}
		g := fresh(d, o)
		var best split
		g.grow(g.units, func(l *leaf) split {
			best = g.find(l, all(len(g.t.columns)))
			return best
		})
		if want, n := bruteForce(g, o); math.Abs(best.gain/g.units.g/g.units.g-want) > 1e-9*(1+want) {
			t.Fatalf("the best split saves %v, want %v by %+v", best.gain/g.units.g/g.units.g, want, n)
		}
		if len(g.leaves) > 1 { // the rows went where the split says
			n := g.tree.Nodes[0]
			for _, l := range g.leaves {
				for _, r := range g.rows[l.rows.from:l.rows.to] {
					if at := g.tree.Leaf(d.Table, int(g.t.source[r])); at != l.node {
						t.Fatalf("row %d is in leaf %d, want %d of %+v", r, l.node, at, n)
					}
				}
			}
		}
	})
}

func all(n int) []int32 {
	out := make([]int32, n)
	for i := range out {
		out[i] = int32(i)
	}
	return out
}

// bruteForce returns the most that a split of all rows saves.
func bruteForce(g *grower, o limits) (best float64, at model.Node) {
	for k := range g.t.features {
		f := &g.t.features[k]
		if !f.usable {
			continue
		}
		b := &g.t.d.Table.Binnings[k]
		for code := 1; code < b.Slots(); code++ {
			n := model.Node{Feature: int32(k), At: int32(code), Left: 1, Right: 2}
			switch {
			case f.kind == category:
				n.At, n.In = 0, []int32{int32(code)}
			case f.kind == set && (code < 2 || !slices.Contains(g.t.d.Table.Columns[k].Items, uint16(code-2))): // an item that nobody has tells nothing
				continue
			}
			ways := []int32{3}
			if f.learn {
				ways = []int32{1, 2}
			}
			for _, n.Missing = range ways {
				if f.kind == category && n.Missing == 1 {
					continue // a value alone: what is unknown is another
				}
				if s := saved(g, n, o); s > best {
					best, at = s, n
				}
			}
		}
		if f.kind == category && f.learn {
			n := model.Node{Feature: int32(k), Left: 1, Right: 2, Missing: 2, In: all(b.Slots())[1:]}
			if s := saved(g, n, o); s > best {
				best, at = s, n
			}
		}
	}
	return best, at
}

// saved returns what a split saves, or 0 where it is not allowed.
func saved(g *grower, n model.Node, o limits) float64 {
	tree := model.Tree{Nodes: []model.Node{n, {}, {}, {}}, Values: make([]float64, 4)}
	var gradient, hessian, held [4]float64
	for i, r := range g.rows {
		at := tree.Leaf(g.t.d.Table, int(g.t.source[r]))
		a, b := unpack(g.gh[i])
		gradient[at] += float64(a) / g.units.g
		hessian[at] += float64(b) / g.units.h
		if int(r) < g.t.customers {
			held[at] += g.t.weights[r]
		}
	}
	for _, side := range []int{1, 2} {
		if hessian[side] < max(o.leastHessian, 1e-9) || held[side] < o.leastHeld {
			return 0
		}
	}
	score := func(g, h float64) float64 { return g * g / (h + o.l2) }
	return score(gradient[1], hessian[1]) + score(gradient[2], hessian[2]) - score(gradient[1]+gradient[2], hessian[1]+hessian[2])
}

// TestGradients checks that packed gradients are those of log loss, rounded
// without a bias, and that a row of weight 2 has twice those of weight 1.
func TestGradients(t *testing.T) {
	const n = 20_000
	d := &model.Data{Table: &bin.Table{Rows: n}}
	for i := range n {
		d.Customer, d.Keys, d.Weights = append(d.Customer, i < n/2), append(d.Keys, model.Mix(uint64(i), 3)), append(d.Weights, 1)
	}
	table := newTable(d, all(n), 256)
	gh := make([]int64, n)
	for _, margin := range []float64{-40, -3, -0.1, 0, 2, 40} {
		table.gradients(gh, all(n), constant(margin, n), 1, units{g: 16, h: 32}, 2)
		p := 1 / (1 + math.Exp(-max(-farMargin, min(farMargin, margin))))
		var sumG, sumH float64
		for _, v := range gh {
			a, b := unpack(v)
			sumG, sumH = sumG+float64(a)/16, sumH+float64(b)/32
		}
		// The rounding of each has a standard deviation of at most half a unit.
		if want := n * (p - 0.5); math.Abs(sumG-want) > 4*math.Sqrt(n)*0.5/16 {
			t.Errorf("at margin %v gradients sum to %v, want %v", margin, sumG, want)
		}
		if want := n * p * (1 - p); math.Abs(sumH-want) > 4*math.Sqrt(n)*0.5/32 {
			t.Errorf("at margin %v hessians sum to %v, want %v", margin, sumH, want)
		}
		once := slices.Clone(gh)
		for i := range table.weights {
			table.weights[i] = 2
		}
		table.gradients(gh, all(n), constant(margin, n), 1, units{g: 16, h: 32}, 1)
		for i, v := range gh {
			if v != 2*once[i] {
				t.Fatalf("row %d: weight 2 has %x, weight 1 %x", i, v, once[i])
			}
			table.weights[i] = 1
		}
	}
	if u := table.gradients(gh, all(n), constant(-40, n), 1, units{g: 1 << 20, h: 1 << 21}, 2); u.g >= 1<<20 {
		t.Errorf("sums that do not fit keep units of %v", u.g)
	}
}

func TestPack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var sum, wantG, wantH int64
		for range rapid.IntRange(1, 50).Draw(t, "terms") {
			g, h := rapid.Int64Range(-1<<24, 1<<24).Draw(t, "g"), rapid.Int64Range(0, 1<<25).Draw(t, "h")
			sum, wantG, wantH = sum+pack(g, h), wantG+g, wantH+h
		}
		if g, h := unpack(sum); g != wantG || h != wantH {
			t.Errorf("sums are %d and %d, want %d and %d", g, h, wantG, wantH)
		}
	})
}

func TestExp(t *testing.T) {
	for x := -700.0; x <= 700; x += 0.37 {
		if got, want := exp(x), math.Exp(x); math.Abs(got-want) > 1e-8*want {
			t.Errorf("exp(%v) = %v, want %v", x, got, want)
		}
	}
}

// TestCentre checks trees that are centred 64 rows at a time against those that
// are centred row by row, and the sums of their values.
func TestCentre(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawn(t)
		g := fresh(d, limits{leaves: 6, depth: 4, l2: 1})
		var trees, want []model.Tree
		for i := range 3 {
			columns := all(len(g.t.columns))
			columns = columns[i*len(columns)/4:]
			g.rows = all(g.t.rows())
			g.units = g.t.gradients(g.gh, g.rows, constant(-0.5, g.t.rows()), uint64(i), g.units, 1)
			g.grow(g.units, func(l *leaf) split { return g.find(l, columns) })
			trees = append(trees, model.Tree{Nodes: g.tree.Nodes, Values: slices.Clone(g.tree.Values)})
			other := model.Tree{Nodes: g.tree.Nodes, Values: slices.Clone(g.tree.Values)}
			other.Centre(d)
			want = append(want, other)
		}
		margins := centre(d, trees, 2)
		for j := range trees {
			for at, v := range trees[j].Values {
				if math.Abs(v-want[j].Values[at]) > 1e-9 {
					t.Fatalf("tree %d, node %d has value %v, want %v", j, at, v, want[j].Values[at])
				}
			}
		}
		for i, m := range margins {
			var sum float64
			for j := range want {
				sum += want[j].Values[want[j].Leaf(d.Table, i)]
			}
			if math.Abs(m-sum) > 1e-9 {
				t.Fatalf("row %d has margin %v, want %v", i, m, sum)
			}
		}
	})
}
