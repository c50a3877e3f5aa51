package predict_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/predict"
)

// TestRows checks, row by row, that there is one for each of the source, in its
// order, and that it is either graded with everything that goes with a grade or
// has a reason, a fix and no grade.
func TestRows(t *testing.T) {
	n := setUp(t)
	_, sum, out := grade(t, n.input())
	if out.Rows != n.all.Rows || sum.Rows != int64(out.Rows) || out.Rows != n.base.Options.Accounts {
		t.Fatalf("%d rows, %d by the summary, %d accounts", out.Rows, sum.Rows, n.all.Rows)
	}
	var s model.Scores
	if err := model.NewScorer(n.model, n.base.Options.AsOf).Score(&s, n.all); err != nil {
		t.Fatal(err)
	}
	grades, unscored := map[string]int64{}, map[string]int64{}
	for i := range out.Rows {
		for _, name := range []string{"domain", "account_id"} {
			if got, want := text(out, name, i), text(n.all, name, i); got != want {
				t.Fatalf("row %d: %s is %q, want %q", i, name, got, want)
			}
		}
		if got, want := out.Column("customer").Flags[i], n.all.Column("customer").Flags[i]; got != want {
			t.Fatalf("row %d: customer is %d, want %d", i, got, want)
		}
		if got := text(out, "model_version", i); got != n.model.Version {
			t.Fatalf("row %d: version %q", i, got)
		}
		if why := text(n.all, "row_reason", i); why != "" || !s.Known[i] {
			checkUnscored(t, out, i, why)
			unscored[text(out, "unscored_reason", i)]++
		} else {
			n.checkScored(t, out, &s, i)
			grades[text(out, "grade", i)]++
		}
		if t.Failed() {
			t.FailNow()
		}
	}
	if !equal(grades, sum.Grades) || !equal(unscored, sum.Unscored) || sum.Changed != 0 || len(sum.Causes) != 0 {
		t.Errorf("summary %+v, counted %v and %v", sum, grades, unscored)
	}
	if len(grades) < 4 || len(unscored) < 4 {
		t.Errorf("grades %v and reasons %v are too few for this test", grades, unscored)
	}
}

func equal(a, b map[string]int64) bool {
	if len(a) != len(b) {
		return false
	}
	for k, v := range a {
		if b[k] != v {
			return false
		}
	}
	return true
}

func checkUnscored(t *testing.T, out *datasets.Batch, i int, why string) {
	t.Helper()
	reason := datasets.Reason(text(out, "unscored_reason", i))
	if why != "" && string(reason) != why || !slices.Contains(datasets.Reasons, reason) {
		t.Errorf("row %d: reason %q, in the feature table %q", i, reason, why)
	}
	if text(out, "unscored_fix", i) == "" {
		t.Errorf("row %d: %s has no fix", i, reason)
	}
	for _, name := range []string{"grade", "cut_grade", "cause_feature"} {
		if got := text(out, name, i); got != "" {
			t.Errorf("row %d is unscored, and its %s %q", i, name, got)
		}
	}
	for _, name := range []string{"tier", "margin", "points", "lift", "firmographic", "technographic", "intent", "priority", "percentile", "reasons"} {
		if !out.Column(name).Missing(i) {
			t.Errorf("row %d is unscored and has %s", i, name)
		}
	}
}

func (n *night) checkScored(t *testing.T, out *datasets.Batch, s *model.Scores, i int) {
	t.Helper()
	m := n.model
	number := func(name string) float64 { return out.Column(name).Numbers[i] }
	margin := out.Column("margin").Integers[i]
	cut := m.Grades.Cuts[m.Grades.Index(margin)]
	if margin != s.Margin[i] || text(out, "grade", i) != cut.Grade || text(out, "cut_grade", i) != cut.Grade || out.Column("tier").Integers[i] != int64(cut.Tier) {
		t.Errorf("row %d: margin %d, grade %s, tier %d, want %d, %s, %d", i, margin, text(out, "grade", i), out.Column("tier").Integers[i], s.Margin[i], cut.Grade, cut.Tier)
	}
	if number("points") != m.BasePoints+float64(margin)/1e6 || number("lift") != math.Exp2((number("points")-50)/10) {
		t.Errorf("row %d: %v points, lift %v", i, number("points"), number("lift"))
	}
	pillars := []float64{number("firmographic"), number("technographic"), number("intent")}
	for p, v := range pillars {
		if math.IsNaN(v) != (s.PillarKnown[p][i] == 0) || v < 0 || v > 100 {
			t.Errorf("row %d: pillar %d scores %v, %d features known", i, p, v, s.PillarKnown[p][i])
		}
	}
	if got := number("priority"); got != model.Priority(pillars) || !(got >= 0 && got <= 100) {
		t.Errorf("row %d: priority %v of %v", i, got, pillars)
	}
	if got := number("percentile"); !(got >= 0 && got <= 100) || got != model.Percentile(m.Quantiles, margin) {
		t.Errorf("row %d: percentile %v", i, got)
	}
	for _, name := range []string{"previous_grade", "cause", "cause_feature", "unscored_reason", "unscored_fix"} {
		if got := text(out, name, i); got != "" {
			t.Errorf("row %d: %s is %q on a first night", i, name, got)
		}
	}
	n.checkReasons(t, out, s, i)
}

// checkReasons checks that the reasons are the strongest contributions, exact,
// each feature once, and that there is one at least.
func (n *night) checkReasons(t *testing.T, out *datasets.Batch, s *model.Scores, i int) {
	t.Helper()
	var strengths []int64
	for k := range n.model.Terms {
		c := int64(s.Contributions[k][i])
		if c != 0 || !s.Unknown[k][i] {
			strengths = append(strengths, max(c, -c))
		}
	}
	slices.Sort(strengths)
	slices.Reverse(strengths)
	c := out.Column("reasons")
	from, to := int(c.Offsets[i]), int(c.Offsets[i+1])
	if to-from != min(len(strengths), predict.Reasons) || to == from || c.Missing(i) {
		t.Fatalf("row %d has %d reasons, want the strongest %d of %d", i, to-from, predict.Reasons, len(strengths))
	}
	seen := map[string]bool{}
	for at := from; at < to; at++ {
		feature, micro := c.Children[0].Dictionary[c.Children[0].Codes[at]], c.Children[2].Integers[at]
		k := slices.IndexFunc(n.model.Terms, func(t model.Term) bool { return t.Feature == feature })
		if k < 0 || seen[feature] || micro != int64(s.Contributions[k][i]) || max(micro, -micro) != strengths[at-from] {
			t.Errorf("row %d: reason %d is %s with %d; strengths %v", i, at-from, feature, micro, strengths)
		}
		seen[feature] = true
		if code := c.Children[1].Codes[at]; code < 0 || c.Children[1].Dictionary[code] == "" {
			t.Errorf("row %d: reason %s has no value", i, feature)
		}
	}
}

// TestColumns checks the file against the contract: names, order and the types
// that a reader of Parquet sees.
func TestColumns(t *testing.T) {
	n := setUp(t)
	file, _, _ := grade(t, n.input())
	f, err := parquet.OpenFile(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	want := [][2]string{ // DESIGN section 7
		{"domain", "STRING"},
		{"account_id", "STRING"},
		{"customer", "BOOLEAN"},
		{"grade", "STRING"},
		{"cut_grade", "STRING"},
		{"previous_grade", "STRING"},
		{"cause", "STRING"},
		{"cause_feature", "STRING"},
		{"tier", "INT(32,true)"},
		{"margin", "INT(64,true)"},
		{"points", "DOUBLE"},
		{"lift", "DOUBLE"},
		{"firmographic", "DOUBLE"},
		{"technographic", "DOUBLE"},
		{"intent", "DOUBLE"},
		{"priority", "DOUBLE"},
		{"percentile", "DOUBLE"},
		{"reasons", "LIST"},
		{"unscored_reason", "STRING"},
		{"unscored_fix", "STRING"},
		{"model_version", "STRING"},
		{"overridden", "BOOLEAN"},
		{"exploration", "BOOLEAN"},
	}
	var got [][2]string
	for _, c := range f.Root().Columns() {
		kind := "LIST"
		if c.Leaf() {
			kind = c.Type().String()
		}
		got = append(got, [2]string{c.Name(), kind})
	}
	if !slices.Equal(got, want) {
		t.Errorf("columns %v, want %v", got, want)
	}
	if v, ok := f.Lookup("icpfit.model_version"); !ok || v != n.model.Version {
		t.Errorf("the file names model %q", v)
	}
	var fields []string
	for _, field := range f.Root().Column("reasons").Column("list").Column("element").Columns() {
		fields = append(fields, field.Name()+" "+field.Type().String())
	}
	if !slices.Equal(fields, []string{"feature STRING", "value STRING", "micro_points INT(64,true)"}) {
		t.Errorf("reasons are of %v", fields)
	}
}

// TestProcessors checks the same bytes for any number of processors, and that
// progress counts up to the last row.
func TestProcessors(t *testing.T) {
	n := setUp(t)
	if n.accounts.Groups() < 2 {
		t.Fatal("one row group tests nothing")
	}
	var files [2][]byte
	for p := range files {
		before := runtime.GOMAXPROCS(p + 1)
		in := n.input()
		var last int64
		in.Progress = func(rows int64) {
			if rows <= last {
				t.Errorf("progress went from %d to %d rows", last, rows)
			}
			last = rows
		}
		files[p], _, _ = grade(t, in)
		runtime.GOMAXPROCS(before)
		if last != int64(n.all.Rows) {
			t.Errorf("progress ended at %d rows of %d", last, n.all.Rows)
		}
	}
	if !bytes.Equal(files[0], files[1]) {
		t.Error("files of one and two processors differ")
	}
}

// edited returns a copy of the model that change has changed, its golden
// accounts made anew, under its old version.
func (n *night) edited(t *testing.T, change func(m *model.Model)) *model.Model {
	t.Helper()
	text, err := n.model.Encode()
	if err != nil {
		t.Fatal(err)
	}
	m, err := model.Load(text)
	if err != nil {
		t.Fatal(err)
	}
	change(m)
	if err := m.MakeGolden(); err != nil {
		t.Fatal(err)
	}
	return m
}

// TestOnPriority checks grades cut on the priority.
func TestOnPriority(t *testing.T) {
	n := setUp(t)
	in := n.input()
	in.Model = n.edited(t, func(m *model.Model) {
		m.Grades.On = "priority"
		for i := range m.Grades.Cuts[:5] {
			m.Grades.Cuts[i].Margin = int64(80-15*i) * model.Micro
		}
	})
	_, _, out := grade(t, in)
	for i := range out.Rows {
		p := out.Column("priority").Numbers[i]
		if g := text(out, "grade", i); g != "" && g != in.Model.Grades.Cuts[in.Model.Grades.Index(int64(math.Round(p*1e6)))].Grade {
			t.Fatalf("row %d: priority %v is graded %s", i, p, g)
		}
	}
}

// TestRunRefuses checks a model that does not score its golden accounts, a table
// that lacks a column, a writer that fails, and a caller who gave up.
func TestRunRefuses(t *testing.T) {
	n := setUp(t)
	in := n.input()
	in.Model = n.edited(t, func(*model.Model) {})
	in.Model.Golden.Margins[3]++
	if _, err := predict.Run(t.Context(), in, &bytes.Buffer{}, io.Discard); err == nil || !strings.Contains(err.Error(), "golden account 3") {
		t.Errorf("a golden account that differs: %v", err)
	}
	in.Model = n.edited(t, func(m *model.Model) { m.Specs[0].Name, m.Terms[0].Feature = "colour", "colour" })
	if _, err := predict.Run(t.Context(), in, &bytes.Buffer{}, io.Discard); err == nil || !strings.Contains(err.Error(), "colour") {
		t.Errorf("a missing column: %v", err)
	}
	if _, err := predict.Run(t.Context(), n.input(), full{}, io.Discard); !errors.Is(err, errFull) {
		t.Errorf("a full disk: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := predict.Run(ctx, n.input(), &bytes.Buffer{}, io.Discard); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// full is a disk with no room left.
type full struct{}

var errFull = errors.New("no space left")

func (full) Write([]byte) (int, error) { return 0, errFull }

// TestFixes ranges over all reasons: each has a fix.
func TestFixes(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range datasets.Reasons {
		fix := predict.Fix(r)
		if fix == "" || strings.HasSuffix(fix, ".") {
			t.Errorf("%s: fix %q", r, fix)
		}
		if low := r == datasets.LowFirmographic || r == datasets.LowTechnographic; seen[fix] && !low {
			t.Errorf("%s: fix %q is another reason's", r, fix)
		}
		seen[fix] = true
	}
}

// TestCoverage checks the cheapest fix of an account of which nothing is known,
// by hand: of 100 accounts 30 have a sector that earns B by itself, 10 a size.
func TestCoverage(t *testing.T) {
	n := setUp(t)
	made := func(change func(m *model.Model)) (datasets.Reason, string) {
		reason, fill := predict.Coverage(n.edited(t, func(m *model.Model) {
			m.Terms, m.Specs, m.Intent = m.Terms[3:5], m.Specs[3:5], nil
			for i, earn := range [][]int{{20, 90}, {70, 30}} { // founded: two bins; hiring: no, yes
				term := &m.Terms[i]
				if i == 0 {
					term.Edges = []float64{2000}
				}
				term.MicroPoints, term.Pool, term.Customers, term.Spread = []int32{0, 1_000_000, 9_000_000}, []int{50, earn[0], earn[1]}, []int{0, 0, 0}, nil
			}
			m.Terms[0].MicroPoints[1], m.Terms[0].MicroPoints[2] = 9_000_000, 1_000_000
			for i, margin := range []int64{12_000_000, 8_000_000, 4_000_000, 0, -4_000_000} {
				m.Grades.Cuts[i].Margin = margin
			}
			change(m)
		}))
		return reason, fill.String()
	}
	reason, fix := made(func(*model.Model) {})
	if reason != datasets.LowFirmographic || fix != "add hiring: would be B or better with 30 %" { // 30 of 100, against 20 of 110
		t.Errorf("%s: %q", reason, fix)
	}
	_, fix = made(func(m *model.Model) { m.Grades.Cuts[1].Margin = 10_000_000 })
	if fix != "add hiring: would be C or better with 30 %" {
		t.Errorf("where nothing earns B: %q", fix)
	}
	_, fix = made(func(m *model.Model) { m.Terms[0].MicroPoints[0] = -2_000_000 }) // what is unknown costs two points
	if fix != "add founded: would be B or better with 18 %" {
		t.Errorf("where empty cells carry points: %q", fix)
	}
	_, fix = made(func(m *model.Model) { m.Grades.On = "priority" })
	if fix != predict.Fix(datasets.LowFirmographic) {
		t.Errorf("on priority: %q", fix)
	}
	reason, _ = made(func(m *model.Model) {
		for i := range m.Terms {
			m.Terms[i].Pillar, m.Specs[i].Pillar = features.Technographic, features.Technographic
		}
	})
	if reason != datasets.LowTechnographic {
		t.Errorf("of a technographic fit: %s", reason)
	}
}
