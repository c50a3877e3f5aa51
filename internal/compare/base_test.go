package compare_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/parquetfile"
	"github.com/icpfit/icpfit/datasets/sample"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/internal/compare"
	"github.com/icpfit/icpfit/internal/page"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
	"github.com/icpfit/icpfit/model/evaluate"
	"github.com/icpfit/icpfit/model/predict"
	"github.com/icpfit/icpfit/model/train"
)

var specs = []features.Spec{
	{Name: "industry", Pillar: features.Firmographic, Kind: features.Category, Column: "industry"},
	{Name: "employees", Pillar: features.Firmographic, Kind: features.Number, Column: "employees", Parser: "range"},
	{Name: "country", Pillar: features.Firmographic, Kind: features.Category, Column: "country", Parser: "country"},
	{Name: "technologies", Pillar: features.Technographic, Kind: features.Set, Column: "technologies"},
	{Name: "visits", Pillar: features.Intent, Kind: features.Number, Column: "web_visits_90d"},
}

// A base is a feature table of two row groups, and two models trained on it: the
// champion lacks the country and grades A to F, the challenger A to D.
type base struct {
	folder   string
	asOf     int32
	accounts *features.Table
	models   [2]*model.Model
	rows     map[*model.Model][]row // by graded
}

var shared struct {
	sync.Once
	base
	err error
}

func TestMain(m *testing.M) {
	code := m.Run()
	if shared.accounts != nil {
		_ = shared.accounts.Close()
	}
	if shared.folder != "" {
		_ = os.RemoveAll(shared.folder)
	}
	os.Exit(code)
}

func setUp(t *testing.T) *base {
	t.Helper()
	shared.Do(func() { shared.err = shared.make() })
	if shared.err != nil {
		t.Fatal(shared.err)
	}
	return &shared.base
}

func (b *base) make() error {
	ctx := context.Background()
	o := sample.DefaultOptions()
	o.Accounts, o.Customers = 36_000, 500
	generated, err := sample.Generate(o)
	if err != nil {
		return err
	}
	customers, err := features.LoadCustomers(ctx, generated.Customers(), features.CustomerColumns{Domain: "domain", WonAt: "won_at"})
	if err != nil {
		return err
	}
	var accounts, best bytes.Buffer
	if _, err := features.Build(ctx, features.Input{
		Accounts: generated.Source(), Domain: "website", ID: "id", Name: "company_name", Specs: specs, Customers: customers, AsOf: o.AsOf,
	}, features.Output{Accounts: &accounts, Customers: &best}); err != nil {
		return err
	}
	if b.folder, err = os.MkdirTemp("", "compare"); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(b.folder, "part-0.parquet"), accounts.Bytes(), 0o600); err != nil {
		return err
	}
	b.asOf, b.rows = o.AsOf, map[*model.Model][]row{}
	if b.accounts, err = features.OpenTable(b.folder); err != nil {
		return err
	}
	if b.models[0], err = b.train(ctx, []features.Spec{specs[0], specs[1], specs[3]}, "A-F"); err != nil {
		return err
	}
	b.models[1], err = b.train(ctx, specs[:4], "A-D")
	return err
}

func (b *base) train(ctx context.Context, fit []features.Spec, scale string) (*model.Model, error) {
	f := &evaluate.Frame{AsOf: b.asOf, Seed: 1, Bins: bin.DefaultOptions(), Specs: fit}
	columns := []string{"domain"}
	for _, s := range specs {
		columns = append(columns, s.Name)
	}
	var err error
	f.Batch, err = b.accounts.Load(ctx, columns, func(r features.Row) bool {
		keep := r.Reason == "" && (r.Customer || r.Number%20 == 0)
		if keep {
			f.Customer, f.Keys = append(f.Customer, r.Customer), append(f.Keys, r.Hash)
			f.Weights = append(f.Weights, map[bool]float64{true: 1, false: 20}[r.Customer])
		}
		return keep
	})
	if err != nil {
		return nil, err
	}
	result, err := train.Run(ctx, f, train.Options{
		Name: "main", AsOf: b.accounts.AsOf, SpecHash: b.accounts.SpecHash, Learner: "logistic", Intent: specs[4:],
		Grades: train.GradeOptions{Scale: scale, Method: "lift", On: "fit", Hysteresis: 5},
	})
	if err != nil {
		return nil, err
	}
	return result.Model, nil
}

func (b *base) input() compare.Input {
	return compare.Input{Champion: b.models[0], Challenger: b.models[1], Accounts: b.accounts, AsOf: b.asOf}
}

// A row is what predict says of a row of the base.
type row struct {
	domain, id, grade string
	points            float64
	customer          bool
	unscored          string
}

// graded returns the rows of a run of predict, in the order of the base.
func (b *base) graded(t *testing.T, m *model.Model) []row {
	t.Helper()
	if b.rows[m] != nil {
		return b.rows[m]
	}
	var grades, changes bytes.Buffer
	if _, err := predict.Run(t.Context(), predict.Input{Model: m, Accounts: b.accounts, AsOf: b.asOf}, &grades, &changes); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "part-0.parquet")
	if err := os.WriteFile(path, grades.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := parquetfile.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []row
	for g := range f.Groups() {
		r, err := f.Group(g, f.Schema())
		if err != nil {
			t.Fatal(err)
		}
		var batch datasets.Batch
		for r.Read(t.Context(), &batch) == nil {
			for i := range batch.Rows {
				x := row{domain: cell(&batch, "domain", i), id: cell(&batch, "account_id", i), grade: cell(&batch, "cut_grade", i), points: batch.Column("points").Numbers[i]}
				x.customer, x.unscored = batch.Column("customer").Flags[i] == 1, cell(&batch, "unscored_reason", i)
				if x.grade == "" {
					x.grade = compare.Unscored
				}
				out = append(out, x)
			}
		}
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if int64(len(out)) != b.accounts.Rows() {
		t.Fatalf("%d rows of %d", len(out), b.accounts.Rows())
	}
	b.rows[m] = out
	return out
}

func cell(b *datasets.Batch, name string, i int) string {
	c := b.Column(name)
	switch {
	case c.Missing(i):
		return ""
	case c.Type == datasets.Category:
		return c.Dictionary[c.Codes[i]]
	}
	return string(c.Cell(i))
}

// TestBase counts again, from two runs of predict, what one pass counts.
func TestBase(t *testing.T) {
	b := setUp(t)
	if b.accounts.Groups() < 2 {
		t.Fatalf("%d row groups; want some", b.accounts.Groups())
	}
	got, err := compare.Run(t.Context(), b.input())
	if err != nil {
		t.Fatal(err)
	}
	before, after := b.graded(t, b.models[0]), b.graded(t, b.models[1])
	type cross struct {
		from, to string
		customer bool
	}
	want := map[cross]int64{}
	var unscorable, a, ab, lost int64
	for i, x := range before {
		y := after[i]
		want[cross{x.grade, y.grade, false}]++
		scorable := x.unscored == "" || y.unscored == "" || x.unscored == string(datasets.LowFirmographic)
		if x.customer && scorable {
			want[cross{x.grade, y.grade, true}]++
			if x.grade == "A" && y.grade != "A" {
				lost++
			}
		}
		if !scorable {
			unscorable++
		}
		if x.grade != "A" && y.grade == "A" {
			a++
		}
		if (x.grade == "A" || x.grade == "B") && y.grade != "A" && y.grade != "B" {
			ab++
		}
	}
	for customer, c := range map[bool]*compare.Crossing{false: &got.Accounts, true: &got.Customers} {
		for i, from := range c.Before {
			for j, to := range c.After {
				if c.Counts[i][j] != want[cross{from, to, customer}] {
					t.Errorf("%s to %s, customers %t: %d, want %d", from, to, customer, c.Counts[i][j], want[cross{from, to, customer}])
				}
			}
		}
		if !slices.Equal(c.Before, []string{"A", "B", "C", "D", "E", "F", "unscored"}) || !slices.Equal(c.After, []string{"A", "B", "C", "D", "unscored"}) {
			t.Errorf("from %v to %v", c.Before, c.After)
		}
		for _, f := range []compare.Flow{c.A, c.AB} {
			if f.After != f.Before+f.Enter-f.Leave {
				t.Errorf("%+v does not add up", f)
			}
		}
	}
	if total := sum(&got.Accounts); total != b.accounts.Rows() || got.Rows != total || got.Unscorable != unscorable || unscorable == 0 {
		t.Errorf("%d rows in the matrix, %d of %d counted, %d unscorable of %d", total, got.Rows, b.accounts.Rows(), got.Unscorable, unscorable)
	}
	if got.Accounts.A.Enter != a || got.Accounts.AB.Leave != ab || got.Customers.A.Leave != lost || a == 0 || ab == 0 || lost == 0 {
		t.Errorf("%d enter A of %d, %d leave A and B of %d, %d customers lost of %d", got.Accounts.A.Enter, a, got.Accounts.AB.Leave, ab, got.Customers.A.Leave, lost)
	}
	checkMoves(t, got, before, after)
}

func sum(c *compare.Crossing) (n int64) {
	for _, counts := range c.Counts {
		for _, v := range counts {
			n += v
		}
	}
	return n
}

// checkMoves sorts all that move, and compares the first with the lists.
func checkMoves(t *testing.T, got *compare.Base, before, after []row) {
	t.Helper()
	rank := func(grade string) int { return strings.Index("ABCDEFu", grade[:1]) }
	type move struct {
		i, steps int
		apart    float64
	}
	var risers, fallers, lost []move
	for i := range before {
		m := move{i, rank(after[i].grade) - rank(before[i].grade), math.Abs(after[i].points - before[i].points)}
		if math.IsNaN(m.apart) {
			m.apart = 0
		}
		switch {
		case m.steps < 0:
			risers = append(risers, m)
		case m.steps > 0:
			fallers = append(fallers, m)
		}
		if before[i].customer && before[i].grade == "A" && after[i].grade != "A" {
			lost = append(lost, m)
		}
	}
	if got.Up != int64(len(risers)) || got.Down != int64(len(fallers)) || got.Changed != got.Up+got.Down {
		t.Errorf("%d up, %d down, %d in all; want %d and %d", got.Up, got.Down, got.Changed, len(risers), len(fallers))
	}
	for name, x := range map[string]struct {
		got  []compare.Move
		want []move
	}{"risers": {got.Risers, risers}, "fallers": {got.Fallers, fallers}, "lost": {got.Lost, lost}} {
		slices.SortStableFunc(x.want, func(a, b move) int {
			return cmp.Or(cmp.Compare(max(b.steps, -b.steps), max(a.steps, -a.steps)), cmp.Compare(b.apart, a.apart))
		})
		if len(x.got) != min(25, len(x.want)) || len(x.got) == 0 {
			t.Errorf("%s: %d of %d", name, len(x.got), len(x.want))
			continue
		}
		for i, m := range x.got {
			was, is := before[x.want[i].i], after[x.want[i].i]
			if m.Domain != was.domain || m.AccountID != was.id || m.Before.Grade != was.grade || m.After.Grade != is.grade || m.Customer != was.customer {
				t.Errorf("%s %d: %+v, want %+v and %+v", name, i, m, was, is)
			}
			for k, s := range []compare.Stand{m.Before, m.After} {
				want := []row{was, is}[k]
				if (s.Points == nil) != (want.grade == compare.Unscored) || s.Points != nil && *s.Points != want.points || s.Points != nil && len(s.Reasons) == 0 {
					t.Errorf("%s %d: %+v, want %+v", name, i, s, want)
				}
			}
		}
	}
}

// TestSegments counts by the values of the one category that both models use,
// from the table as it is.
func TestSegments(t *testing.T) {
	b := setUp(t)
	got, err := compare.Run(t.Context(), b.input())
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Segments) != 1 || got.Segments[0].Feature != "industry" {
		t.Fatalf("%+v", got.Segments)
	}
	all, err := b.accounts.Load(t.Context(), []string{"industry", "row_reason"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]string{}
	for i := len(b.models) - 1; i >= 0; i-- {
		for k, v := range b.models[i].Terms[0].Values {
			if known[v] == "" {
				known[v] = page.Clean(b.models[i].Terms[0].Labels[k])
			}
		}
	}
	before, after := b.graded(t, b.models[0]), b.graded(t, b.models[1])
	best := func(grade string, of string) bool { return strings.Contains(of, grade[:1]) }
	want := map[string]*compare.SegmentValue{}
	for i := range all.Rows {
		if cell(all, "row_reason", i) != "" {
			continue
		}
		label := "unknown"
		if text := cell(all, "industry", i); text != "" {
			if label = known[bin.Fold(text)]; label == "" {
				label = "any other"
			}
		}
		v := want[label]
		if v == nil {
			v = &compare.SegmentValue{Value: label}
			want[label] = v
		}
		v.Accounts++
		for _, x := range []struct {
			flow *compare.Flow
			of   string
		}{{&v.A, "A"}, {&v.AB, "AB"}} {
			was, is := best(before[i].grade, x.of), best(after[i].grade, x.of)
			if was {
				x.flow.Before++
			}
			if is {
				x.flow.After++
			}
			if is && !was {
				x.flow.Enter++
			}
			if was && !is {
				x.flow.Leave++
			}
		}
	}
	values := got.Segments[0].Values
	if len(values) != len(want) || len(values) < 5 {
		t.Errorf("%d values, want %d", len(values), len(want))
	}
	var accounts int64
	for i, v := range values {
		if w := want[v.Value]; w == nil || v != *w {
			t.Errorf("%+v, want %+v", v, w)
		}
		if i > 0 && v.Accounts > values[i-1].Accounts {
			t.Errorf("%s with %d accounts comes after %d", v.Value, v.Accounts, values[i-1].Accounts)
		}
		accounts += v.Accounts
	}
	if accounts != got.Rows-got.Unscorable {
		t.Errorf("segments hold %d accounts of %d", accounts, got.Rows-got.Unscorable)
	}
}

// TestSame compares a model with itself: nobody moves.
func TestSame(t *testing.T) {
	b := setUp(t)
	in := b.input()
	in.Challenger = in.Champion
	var moves bytes.Buffer
	in.Moves = &moves
	got, err := compare.Run(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	if got.Changed+got.Up+got.Down != 0 || len(got.Risers)+len(got.Fallers)+len(got.Lost) != 0 || got.Risers == nil || strings.Count(moves.String(), "\n") != 1 {
		t.Errorf("%d change: %s", got.Changed, moves.String())
	}
	for i, counts := range got.Accounts.Counts {
		for j, n := range counts {
			if i != j && n > 0 {
				t.Errorf("%d go from %s to %s", n, got.Accounts.Before[i], got.Accounts.After[j])
			}
		}
	}
}

// TestProcessors: the result and moves.csv are the same for any number of
// processors, and moves.csv has every account that moves, in the base's order.
func TestProcessors(t *testing.T) {
	b := setUp(t)
	before, after := b.graded(t, b.models[0]), b.graded(t, b.models[1])
	run := func(processors int) (*compare.Base, string) {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(processors))
		in := b.input()
		var moves bytes.Buffer
		in.Moves = &moves
		in.Trained = [2]map[uint64]bool{nil, {}}
		got, err := compare.Run(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		return got, moves.String()
	}
	one, text := run(1)
	two, other := run(2)
	if !reflect.DeepEqual(one, two) || text != other {
		t.Error("two processors come to something else than one")
	}
	if one.Trained.Champion != nil || one.Trained.Challenger == nil || *one.Trained.Challenger != 0 {
		t.Errorf("%+v", one.Trained)
	}
	lines, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || int64(len(lines)-1) != one.Changed {
		t.Fatalf("%d lines for %d moves: %v", len(lines), one.Changed, err)
	}
	at := 1
	for i := range before {
		if before[i].grade == after[i].grade {
			continue
		}
		want := []string{before[i].domain, before[i].grade, after[i].grade, points(before[i]), points(after[i])}
		if l := lines[at]; !slices.Equal([]string{l[0], l[4], l[5], l[6], l[7]}, want) {
			t.Fatalf("line %d: %q, want %q", at+1, l, want)
		}
		at++
	}
}

func points(r row) string {
	if r.grade == compare.Unscored {
		return ""
	}
	return fmt.Sprintf("%.1f", r.points)
}

// TestTrainedCustomers counts the customers of the base that each has learned from.
func TestTrainedCustomers(t *testing.T) {
	b := setUp(t)
	all := map[uint64]bool{}
	if _, err := b.accounts.Load(t.Context(), []string{"domain"}, func(r features.Row) bool {
		if r.Customer && r.Reason == "" {
			all[r.Hash] = true
		}
		return false
	}); err != nil {
		t.Fatal(err)
	}
	in := b.input()
	some := map[uint64]bool{1: true}
	for hash := range all {
		if some[hash] = true; len(some) == 11 {
			break
		}
	}
	in.Trained = [2]map[uint64]bool{all, some}
	got, err := compare.Run(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	if *got.Trained.Champion != int64(len(all)) || *got.Trained.Challenger != 10 || sum(&got.Customers) != int64(len(all)) {
		t.Errorf("%d and %d of %d customers, want all and 10", *got.Trained.Champion, *got.Trained.Challenger, sum(&got.Customers))
	}
}

// TestRefused: a model whose golden accounts do not score as they did, a table
// without a column, and a caller who gave up are errors.
func TestRefused(t *testing.T) {
	b := setUp(t)
	in := b.input()
	wrong := *in.Challenger
	wrong.Terms = slices.Clone(wrong.Terms)
	wrong.Terms[0].MicroPoints = slices.Clone(wrong.Terms[0].MicroPoints)
	for i := range wrong.Terms[0].MicroPoints {
		wrong.Terms[0].MicroPoints[i] += 5
	}
	in.Challenger = &wrong
	if _, err := compare.Run(t.Context(), in); err == nil || !strings.Contains(err.Error(), "golden") {
		t.Errorf("another table of points: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := compare.Run(ctx, b.input()); err == nil {
		t.Error("a caller who gave up gets a result")
	}
	in = b.input()
	in.Moves = full{}
	if _, err := compare.Run(t.Context(), in); err == nil || !strings.Contains(err.Error(), "disk full") {
		t.Errorf("a full disk: %v", err)
	}
}

// full takes the header and nothing else.
type full struct{}

func (full) Write(p []byte) (int, error) {
	if bytes.HasPrefix(p, []byte("domain,")) {
		return len(p), nil
	}
	return 0, fmt.Errorf("disk full")
}
