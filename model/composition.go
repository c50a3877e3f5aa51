package model

import (
	"cmp"
	"math"
	"slices"

	"github.com/icpfit/icpfit/model/bin"
)

// A Composition says what the points of accounts are made of: the table, what
// trees give by one feature on its own, and what they give by features together.
// Every figure is the mean, over accounts of the pool, of a part's absolute points.
type Composition struct {
	Accounts int        `json:"accounts"` // that it was worked out from
	Shares   PartShares `json:"shares"`
	Features []Parts    `json:"features"` // in the order of the terms
	Pairs    []Pair     `json:"pairs"`    // most points first, at most MostPairs
	Deeper   float64    `json:"deeper"`   // points that three features or more decide
}

// Parts are the mean absolute points that one feature's contribution is made of.
// The contribution is their sum before the sign is dropped, so its own mean is at
// most theirs together.
type Parts struct {
	Feature  string  `json:"feature"`
	Table    float64 `json:"table"`
	Alone    float64 `json:"alone"`    // of trees, by splits above which the path knows no other feature
	Together float64 `json:"together"` // of trees, by splits below those of other features
}

// PartShares are the features' parts, summed and divided by their sum; zeros where
// no account has points.
type PartShares struct {
	Table    float64 `json:"table"`
	Alone    float64 `json:"alone"`
	Together float64 `json:"together"`
}

// A Pair is two features and the mean absolute points that trees give by both:
// those of splits whose path, itself included, knows these two and no other.
type Pair struct {
	Features [2]string `json:"features"` // in the order of the terms
	Points   float64   `json:"points"`
}

// MostPairs is how many pairs a composition lists.
const MostPairs = 20

// Ways below zero in which a split may depend on features; from zero on it is the
// number of a pair.
const (
	alone  = -1
	deeper = -2
)

// Compose works out the composition from the rows of t, which must be binned as
// the terms are; w has a weight a row. It walks every tree with every row: with
// many trees, pass few rows.
func (m *Model) Compose(t *bin.Table, w []float64) *Composition {
	c := &Composition{Accounts: t.Rows, Features: make([]Parts, len(m.Terms)), Pairs: []Pair{}}
	pairs, ways := m.ways()
	most := m.treeReach()
	sums, both := make([][2]int64, len(m.Terms)), make([]int64, len(pairs)) // of a row: alone and together, by feature; by pair
	points, total := make([]float64, len(pairs)), 0.0
	for i := range t.Rows {
		clear(sums)
		clear(both)
		var deep int64
		for number, tree := range m.Trees {
			for at := int32(0); !tree[at].Leaf(); {
				n := &tree[at]
				next := n.next(&t.Binnings[n.Feature], &t.Columns[n.Feature], i)
				step := int64(tree[next].MicroPoints) - int64(n.MicroPoints)
				switch way := ways[number][at]; way {
				case alone:
					sums[n.Feature][0] += step
				case deeper:
					sums[n.Feature][1] += step
					deep += step
				default:
					sums[n.Feature][1] += step
					both[way] += step
				}
				at = next
			}
		}
		for k := range c.Features {
			of := &c.Features[k]
			of.Table += w[i] * math.Abs(float64(m.Terms[k].inTable(&t.Columns[k], i, math.MaxInt32-most[k])))
			of.Alone += w[i] * math.Abs(float64(sums[k][0]))
			of.Together += w[i] * math.Abs(float64(sums[k][1]))
		}
		for p, v := range both {
			points[p] += w[i] * math.Abs(float64(v))
		}
		c.Deeper += w[i] * math.Abs(float64(deep))
		total += w[i]
	}
	c.divide(m, pairs, points, max(total, 1e-300)*Micro)
	return c
}

// inTable returns what the table gives row i.
func (t *Term) inTable(c *bin.Column, i int, most int64) int64 {
	if t.IsSet() {
		return t.tablePoints(c.Items[c.Offsets[i]:c.Offsets[i+1]], c.Codes[i], most)
	}
	return int64(t.MicroPoints[c.Codes[i]])
}

// divide turns sums of weighted micro-points into means of points.
func (c *Composition) divide(m *Model, pairs [][2]int32, points []float64, by float64) {
	var all PartShares
	for k := range c.Features {
		f := &c.Features[k]
		f.Feature, f.Table, f.Alone, f.Together = m.Terms[k].Feature, f.Table/by, f.Alone/by, f.Together/by
		all.Table, all.Alone, all.Together = all.Table+f.Table, all.Alone+f.Alone, all.Together+f.Together
	}
	if sum := all.Table + all.Alone + all.Together; sum > 0 {
		c.Shares = PartShares{all.Table / sum, all.Alone / sum, all.Together / sum}
	}
	c.Deeper /= by
	for p, pair := range pairs {
		c.Pairs = append(c.Pairs, Pair{[2]string{m.Terms[pair[0]].Feature, m.Terms[pair[1]].Feature}, points[p] / by})
	}
	slices.SortStableFunc(c.Pairs, func(a, b Pair) int { return cmp.Compare(b.Points, a.Points) })
	c.Pairs = c.Pairs[:min(len(c.Pairs), MostPairs)]
}

// ways returns the pairs of features that decide in trees, and by tree and node on
// which features its split depends.
func (m *Model) ways() (pairs [][2]int32, ways [][]int32) {
	numbers := map[[2]int32]int32{}
	for _, tree := range m.Trees {
		of := make([]int32, len(tree))
		known := make([][]int32, len(tree)) // by node: the features that the path to it knows; more than two are not told apart
		for at := range tree {              // parents come before their children
			n := &tree[at]
			if n.Leaf() {
				continue
			}
			here := known[at]
			if !slices.Contains(here, n.Feature) {
				here = append(slices.Clone(here), n.Feature)
			}
			switch len(here) {
			case 1:
				of[at] = alone
			case 2:
				pair := [2]int32{min(here[0], here[1]), max(here[0], here[1])}
				number, ok := numbers[pair]
				if !ok {
					number = int32(len(pairs))
					numbers[pair], pairs = number, append(pairs, pair)
				}
				of[at] = number
			default:
				of[at] = deeper
			}
			for _, child := range []int32{n.Left, n.Right, n.Missing} {
				known[child] = here[:min(len(here), 3)]
			}
		}
		ways = append(ways, of)
	}
	return pairs, ways
}
