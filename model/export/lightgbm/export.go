package lightgbm

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
)

// ErrWrittenGrid is returned for a model that trees cannot say.
var ErrWrittenGrid = errors.New("a written grid is scaled by the criteria that are known of an account, which a sum of trees cannot do; export a learned model")

// rawScore is what exported models call their raw score.
const rawScore = "natural logarithm of the lift: points = 50 + 10 * raw / ln 2"

// Export returns the text of a model, and how its matrix is made.
func Export(m *model.Model) ([]byte, *Matrix, error) {
	if m.Grid != nil {
		return nil, nil, fmt.Errorf("export lightgbm: %s: %w", m.Version, ErrWrittenGrid)
	}
	e := &exporter{m: m, numbers: map[key]int32{}, booster: &Booster{Objective: "regression"}}
	e.add(Tree{Leaves: []float64{(m.BasePoints - 50) / model.PointsPerE}, Counts: []int{1}})
	for k := range m.Terms {
		e.term(k)
	}
	for _, t := range m.Trees {
		g := &grower{e: e, nodes: t}
		g.node(0)
		e.add(g.tree)
	}
	if len(e.columns) == 0 { // LightGBM wants a column
		e.column(0, 1)
	}
	text := e.booster.Encode()
	sum := sha256.Sum256(text)
	return text, &Matrix{
		Format: MatrixFormat, Version: m.Version, AsOf: m.AsOf, ModelHash: hex.EncodeToString(sum[:]),
		BasePoints: m.BasePoints, Raw: rawScore, Trees: len(e.booster.Trees), Columns: e.columns,
	}, nil
}

// JSON returns the text of the file beside the model.
func (x *Matrix) JSON() ([]byte, error) {
	text, err := json.MarshalIndent(x, "", " ")
	if err != nil {
		return nil, fmt.Errorf("export lightgbm: %w", err)
	}
	return append(text, '\n'), nil
}

// raw converts micro-points.
func raw(p int32) float64 { return float64(p) / model.Micro / model.PointsPerE }

// An exporter gathers trees and the columns that they use.
type exporter struct {
	m       *model.Model
	booster *Booster
	columns []Column
	numbers map[key]int32
}

// A key is a column: a feature, and for a set the slot.
type key struct{ feature, slot int }

// column returns the number of the column by which a slot of a feature is
// asked for, a new one where it is the first.
func (e *exporter) column(feature, slot int) int32 {
	b := &e.m.Terms[feature].Binning
	k := key{feature, slot}
	if !b.IsSet() {
		k.slot = 0
	}
	if n, ok := e.numbers[k]; ok {
		return n
	}
	n := int32(len(e.columns))
	c := newColumn(b, slot)
	e.numbers[k], e.columns = n, append(e.columns, c)
	e.booster.Features, e.booster.Infos = append(e.booster.Features, c.Name), append(e.booster.Infos, c.info(b))
	return n
}

func (e *exporter) add(t Tree) { e.booster.Trees = append(e.booster.Trees, t) }

// known returns the split that sends every known value of a feature to the left
// and an unknown one to the right.
func (e *exporter) known(feature, slot int) Split {
	b := &e.m.Terms[feature].Binning
	s := Split{Feature: e.column(feature, slot), Missing: MissingNaN, Threshold: 1e300}
	switch b.Kind {
	case features.Number:
		s.Threshold = math.Inf(1) // so that an infinite number is known
	case features.Category:
		s.Categories = bits(b, func(int32) bool { return true })
	}
	return s
}

// bits returns the set of the category's codes for which in holds. A code of
// LightGBM is one less than a code of a binning: there is none for unknown.
func bits(b *bin.Binning, in func(code int32) bool) []uint32 {
	out := make([]uint32, (b.Slots()-1+31)/32)
	for code := range b.Slots() - 1 {
		if in(int32(code) + 1) {
			out[code>>5] |= 1 << (code & 31)
		}
	}
	return out
}

// A grower makes one tree, from the root down.
type grower struct {
	e     *exporter
	tree  Tree
	nodes model.PointTree // of the model, where it is one of its trees
}

func (g *grower) leaf(value float64, count int) int32 {
	g.tree.Leaves, g.tree.Counts = append(g.tree.Leaves, value), append(g.tree.Counts, max(1, count))
	return ^int32(len(g.tree.Leaves) - 1)
}

// split adds a split and its subtrees.
func (g *grower) split(s Split, left, right func() int32) int32 {
	at := int32(len(g.tree.Splits))
	g.tree.Splits = append(g.tree.Splits, s)
	l := left()
	r := right()
	g.tree.Splits[at].Left, g.tree.Splits[at].Right = l, r
	return at
}

// node adds a node of the model's tree with all below it.
func (g *grower) node(at int32) int32 {
	n := &g.nodes[at]
	if n.Leaf() {
		return g.leaf(raw(n.MicroPoints), 0)
	}
	child := func(c int32) func() int32 { return func() int32 { return g.node(c) } }
	decide := func() int32 {
		s, left, right := g.decision(&n.Node)
		return g.split(s, child(left), child(right))
	}
	if n.Missing == n.Left || n.Missing == n.Right {
		return decide()
	}
	return g.split(g.e.known(int(n.Feature), int(n.At)), decide, child(n.Missing))
}

// decision returns the split of a node whose third child, if it has one, is
// taken care of, and its children.
func (g *grower) decision(n *model.Node) (s Split, left, right int32) {
	b := &g.e.m.Terms[n.Feature].Binning
	s = Split{Feature: g.e.column(int(n.Feature), int(n.At)), Missing: MissingNaN, DefaultLeft: n.Missing == n.Left}
	switch {
	case b.IsSet() || b.Kind == features.Flag && n.At == 1:
		s.Threshold = 0.5
	case b.Kind == features.Category:
		in := map[int32]bool{}
		for _, code := range n.In {
			in[code] = true
		}
		// LightGBM sends an unknown category to the right.
		swap := n.Missing == n.Left
		s.Categories, s.DefaultLeft = bits(b, func(code int32) bool { return in[code] != swap }), false
		if swap {
			return s, n.Right, n.Left
		}
	case int(n.At) <= len(b.Edges):
		s.Threshold = b.Edges[n.At-1]
	default: // every known value is at most the last code
		s.Threshold = g.e.known(int(n.Feature), 0).Threshold
	}
	return s, n.Left, n.Right
}
