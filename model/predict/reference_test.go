package predict_test

import (
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/parquetfile"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
	"github.com/icpfit/icpfit/model/predict"
)

// A cellValue is one value of one account: nothing, a number, a text, a list.
type cellValue struct {
	known  bool
	number float64
	text   string
	items  []string
}

// valueOf reads row i of a column, one cell at a time.
func valueOf(c *datasets.Column, i int, asOf int32) cellValue {
	if c.Missing(i) {
		return cellValue{}
	}
	v := cellValue{known: true}
	switch c.Type {
	case datasets.Number:
		v.number = c.Numbers[i]
	case datasets.Date:
		v.number = float64(asOf - c.Days[i])
	case datasets.Flag:
		v.number = float64(c.Flags[i])
	case datasets.Category:
		v.text = bin.Fold(c.Dictionary[c.Codes[i]])
	case datasets.Set:
		for _, code := range c.Items(i) {
			if item := bin.Fold(c.Dictionary[code]); !slices.Contains(v.items, item) {
				v.items = append(v.items, item)
			}
		}
	}
	return v
}

// slotOf returns the slot of a value, by the rules of bin's package comment; of a
// set, whether it is known.
func slotOf(t *model.Term, v cellValue) int {
	switch {
	case !v.known:
		return 0
	case t.Kind == features.Category:
		if at := slices.Index(t.Values, v.text); at >= 0 {
			return 1 + at
		}
		return 1 + len(t.Values)
	case t.Kind == features.Flag:
		return 1 + int(v.number)
	case t.IsSet():
		return 1
	}
	slot := 1
	for _, e := range t.Edges {
		if v.number > e {
			slot++
		}
	}
	return slot
}

// pointsOf returns what a term's own table gives a value, in points.
func pointsOf(t *model.Term, v cellValue) float64 {
	points := float64(t.MicroPoints[slotOf(t, v)]) / 1e6
	for _, item := range v.items {
		if at := slices.Index(t.Items, item); at >= 0 {
			points += float64(t.MicroPoints[2+at]) / 1e6
		}
	}
	return points
}

// goesLeft answers the question of a tree's node.
func goesLeft(n *model.PointNode, t *model.Term, v cellValue) bool {
	switch {
	case t.IsSet():
		return !slices.Contains(v.items, t.Items[n.At-2])
	case t.Kind == features.Category:
		return slices.Contains(n.In, int32(slotOf(t, v)))
	default:
		return slotOf(t, v) <= int(n.At)
	}
}

// A slowScore is what an account gets, by plain arithmetic.
type slowScore struct {
	known        bool
	points       float64   // without the base
	contribution []float64 // by feature of the fit
	unknown      []bool
	grade        string
}

// slow scores row i of b with m: one account, one feature, one tree at a time,
// in floating point.
func slow(m *model.Model, b *datasets.Batch, i int, asOf int32) slowScore {
	s := slowScore{}
	var values []cellValue
	for k := range m.Terms {
		v := valueOf(b.Column(m.Terms[k].Feature), i, asOf)
		values = append(values, v)
		s.known = s.known || v.known
		s.unknown = append(s.unknown, !v.known)
		s.contribution = append(s.contribution, pointsOf(&m.Terms[k], v))
	}
	for _, tree := range m.Trees {
		for at := int32(0); tree[at].Left != 0; {
			n := &tree[at]
			next := n.Right
			if v := values[n.Feature]; !v.known {
				next = n.Missing
			} else if goesLeft(n, &m.Terms[n.Feature], v) {
				next = n.Left
			}
			s.contribution[n.Feature] += float64(tree[next].MicroPoints-n.MicroPoints) / 1e6
			at = next
		}
	}
	for _, c := range s.contribution {
		s.points += c
	}
	micro := int64(math.Round(s.points * 1e6))
	for _, c := range m.Grades.Cuts {
		if micro >= c.Margin {
			s.grade = c.Grade
			break
		}
	}
	return s
}

// strongest returns the features of the strongest contributions, as reasons
// should name them: known ones, and unknown ones that carry points.
func (s *slowScore) strongest() []int {
	var order []int
	for k, c := range s.contribution {
		if !s.unknown[k] || math.Round(c*1e6) != 0 {
			order = append(order, k)
		}
	}
	sort.SliceStable(order, func(a, b int) bool {
		return math.Round(math.Abs(s.contribution[order[a]])*1e6) > math.Round(math.Abs(s.contribution[order[b]])*1e6)
	})
	return order[:min(len(order), predict.Reasons)]
}

// scrambled returns rows whose every cell is of another row of b, so that values
// come together which never did: domains and ids are new.
func scrambled(b *datasets.Batch, first, rows int, r *rand.Rand) *datasets.Batch {
	out := &datasets.Batch{Rows: rows, Columns: make([]datasets.Column, len(b.Columns))}
	for k := range b.Columns {
		pick := make([]int, rows)
		for i := range pick {
			pick[i] = r.IntN(b.Rows)
		}
		c := &out.Columns[k]
		takeColumn(c, &b.Columns[k], pick)
		if name := c.Name; name == "domain" || name == "account_id" {
			c.Reset()
			for i := range rows {
				c.Data = fmt.Appendf(c.Data, "%s-%d.example", name, first+i)
				c.Offsets = append(c.Offsets, int32(len(c.Data)))
			}
		}
		if c.Name == "row_reason" {
			for i := range c.Codes {
				if c.Codes[i] >= 0 && i%8 != 0 {
					c.Codes[i] = -1 // few rows cannot be scored
				}
			}
		}
	}
	return out
}

// TestReference compares the grades of accounts that never were with a slow, simple
// scorer, for a table of points, for trees and for both. ICPFIT_REFERENCE_ROWS
// asks for another number of accounts than the fast suite's.
func TestReference(t *testing.T) {
	rows := 50_000
	if text := os.Getenv("ICPFIT_REFERENCE_ROWS"); text != "" {
		if _, err := fmt.Sscan(text, &rows); err != nil {
			t.Fatalf("ICPFIT_REFERENCE_ROWS is %q; want a number of rows", text)
		}
	}
	n := setUp(t)
	both := n.edited(t, func(m *model.Model) { m.Trees = grown(m, 60) })
	trees := n.edited(t, func(m *model.Model) {
		for k := range m.Terms {
			clear(m.Terms[k].MicroPoints)
		}
		m.Trees = grown(m, 60)
	})
	const file = 100_000
	var batches []*datasets.Batch
	r := rand.New(rand.NewPCG(1, 2))
	for first := 0; first < rows; first += file {
		batches = append(batches, scrambled(n.all, first, min(file, rows-first), r))
	}
	table := writeTable(t, filepath.Join(n.folder, "accounts"), 8_192, batches...)
	for name, m := range map[string]*model.Model{"table": n.model, "trees": trees, "both": both} {
		t.Run(name, func(t *testing.T) {
			if err := m.Validate(); err != nil {
				t.Fatal(err)
			}
			in := n.input()
			in.Accounts, in.Model = table, m
			compareSlow(t, in, batches)
		})
	}
}

// grown returns trees of depth 2 over the features of m, drawn at random: every
// kind of question, and unknown values that go left, right or their own way.
func grown(m *model.Model, count int) []model.PointTree {
	r := rand.New(rand.NewPCG(5, 6))
	var grow func(tree *model.PointTree, depth int) int32
	grow = func(tree *model.PointTree, depth int) int32 {
		at := int32(len(*tree))
		*tree = append(*tree, model.PointNode{MicroPoints: int32(r.IntN(4_000_001) - 2_000_000)})
		if depth == 0 {
			return at
		}
		k := r.IntN(len(m.Terms))
		node := ask(r, &m.Terms[k])
		node.Feature = int32(k)
		node.Left, node.Right = grow(tree, depth-1), grow(tree, depth-1)
		switch r.IntN(3) {
		case 0:
			node.Missing = node.Left
		case 1:
			node.Missing = node.Right
		default:
			node.Missing = grow(tree, 0)
		}
		(*tree)[at].Node = node
		return at
	}
	var trees []model.PointTree
	for range count {
		var tree model.PointTree
		grow(&tree, 2)
		tree[0].MicroPoints = 0
		trees = append(trees, tree)
	}
	return trees
}

// ask returns a random question about a feature.
func ask(r *rand.Rand, term *model.Term) (node model.Node) {
	switch {
	case term.IsSet():
		node.At = 2 + int32(r.IntN(len(term.Items)))
	case term.Kind == features.Category:
		for code := 1; code < term.Slots(); code++ {
			if code == 1 || r.IntN(2) == 0 {
				node.In = append(node.In, int32(code))
			}
		}
	default:
		node.At = 1 + int32(r.IntN(term.Slots()-2))
	}
	return node
}

// compareSlow grades in and compares row by row.
func compareSlow(t *testing.T, in predict.Input, batches []*datasets.Batch) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "part-0.parquet")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := predict.Run(t.Context(), in, f, io.Discard); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	grades, err := parquetfile.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer grades.Close()
	at, row := 0, 0
	scored := 0
	for g := range grades.Groups() {
		r, err := grades.Group(g, predict.Fields)
		if err != nil {
			t.Fatal(err)
		}
		var b datasets.Batch
		for {
			if err := r.Read(t.Context(), &b); err == io.EOF {
				break
			} else if err != nil {
				t.Fatal(err)
			}
			for i := range b.Rows {
				if row == batches[at].Rows {
					at, row = at+1, 0
				}
				scored += compareRow(t, in, &b, i, batches[at], row)
				row++
			}
		}
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if at != len(batches)-1 || row != batches[at].Rows || scored < 100 {
		t.Errorf("%d rows of batch %d of %d compared, %d scored", row, at, len(batches), scored)
	}
}

// compareRow compares row i of the grades with the slow score of row k of the
// accounts, and returns 1 if it is scored.
func compareRow(t *testing.T, in predict.Input, grades *datasets.Batch, i int, accounts *datasets.Batch, k int) int {
	t.Helper()
	fail := func(what string, got, want any) {
		t.Fatalf("%s: %s is %v, the reference says %v", text(accounts, "domain", k), what, got, want)
	}
	if got, want := text(grades, "domain", i), text(accounts, "domain", k); got != want {
		fail("domain", got, want)
	}
	want := slow(in.Model, accounts, k, in.AsOf)
	reason := text(accounts, "row_reason", k)
	if scored := want.known && reason == ""; scored == grades.Column("margin").Missing(i) {
		fail("scored", !scored, scored)
	} else if !scored {
		return 0
	}
	margin := grades.Column("margin").Integers[i]
	if got := math.Round(want.points * 1e6); float64(margin) != got {
		fail("margin", margin, got)
	}
	if got := grades.Column("points").Numbers[i]; math.Abs(got-in.Model.BasePoints-want.points) > 1e-9 {
		fail("points", got, in.Model.BasePoints+want.points)
	}
	if got := grades.Column("lift").Numbers[i]; math.Abs(got/math.Pow(2, (in.Model.BasePoints+want.points-50)/10)-1) > 1e-9 {
		fail("lift", got, math.Pow(2, (in.Model.BasePoints+want.points-50)/10))
	}
	if got := text(grades, "grade", i); got != want.grade {
		fail("grade", got, want.grade)
	}
	list := grades.Column("reasons")
	var got, expected []string
	for at := list.Offsets[i]; at < list.Offsets[i+1]; at++ {
		got = append(got, fmt.Sprint(list.Children[0].Dictionary[list.Children[0].Codes[at]], list.Children[2].Integers[at]))
	}
	for _, f := range want.strongest() {
		expected = append(expected, fmt.Sprint(in.Model.Terms[f].Feature, int64(math.Round(want.contribution[f]*1e6))))
	}
	if strings.Join(got, " ") != strings.Join(expected, " ") {
		fail("reasons", got, expected)
	}
	return 1
}

// TestOrder checks that neither the order of rows, nor how they stand in files and
// row groups, changes what is said of an account.
func TestOrder(t *testing.T) {
	n := setUp(t)
	base, in := n.some(t, 8_000)
	first, _, _ := run(t, in)
	in.Model = n.shifted(t, 2)
	in.Previous = after(t, first)
	in.Exploration = predict.Exploration{Share: 0.1, Seed: 7}
	said := func(in predict.Input) (grades, changes []string) {
		a, b, _ := run(t, in)
		return lines(read(t, a, predict.Fields)), lines(read(t, b, predict.ChangeFields))
	}
	grades, changes := said(in)
	if len(changes) < 100 {
		t.Fatalf("%d accounts changed; want more for this test", len(changes))
	}
	r := rand.New(rand.NewPCG(3, 4))
	for _, tt := range []struct {
		shuffle          bool
		files, groupRows int
	}{{false, 1, 1_000}, {false, 3, 40_000}, {true, 1, 5_000}, {true, 4, 777}} {
		order := make([]int, base.Rows)
		for i := range order {
			order[i] = i
		}
		if tt.shuffle {
			r.Shuffle(len(order), func(a, b int) { order[a], order[b] = order[b], order[a] })
		}
		var batches []*datasets.Batch
		for part := range tt.files {
			batches = append(batches, take(base, order[part*len(order)/tt.files:(part+1)*len(order)/tt.files]))
		}
		in := in
		in.Accounts = writeTable(t, filepath.Join(n.folder, "accounts"), tt.groupRows, batches...)
		otherGrades, otherChanges := said(in)
		if !slices.Equal(grades, otherGrades) || !slices.Equal(changes, otherChanges) {
			t.Errorf("%+v: %d and %d accounts, want %d and %d, and the same said of each", tt, len(otherGrades), len(otherChanges), len(grades), len(changes))
		}
	}
}

// lines returns the rows of a table as texts, sorted.
func lines(b *datasets.Batch) []string {
	out := make([]string, b.Rows)
	for i := range out {
		var cells []string
		for k := range b.Columns {
			cells = append(cells, cellText(&b.Columns[k], i))
		}
		out[i] = strings.Join(cells, "\t")
	}
	slices.Sort(out)
	return out
}

// cellText returns row i of a column as text; two cells are equal if it is.
func cellText(c *datasets.Column, i int) string {
	if c.Missing(i) {
		return "null"
	}
	switch c.Type {
	case datasets.Text:
		return string(c.Cell(i))
	case datasets.Number:
		return fmt.Sprintf("%x", math.Float64bits(c.Numbers[i]))
	case datasets.Integer:
		return fmt.Sprint(c.Integers[i])
	case datasets.Date:
		return fmt.Sprint(c.Days[i])
	case datasets.Flag:
		return fmt.Sprint(c.Flags[i])
	case datasets.Category:
		return c.Dictionary[c.Codes[i]]
	}
	var items []string
	if c.Type == datasets.Set {
		for _, code := range c.Items(i) {
			items = append(items, c.Dictionary[code])
		}
		return strings.Join(items, "|")
	}
	for at := c.Offsets[i]; at < c.Offsets[i+1]; at++ {
		for k := range c.Children {
			items = append(items, cellText(&c.Children[k], int(at)))
		}
	}
	return strings.Join(items, "|")
}
