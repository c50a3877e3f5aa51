package train

import (
	"math"
	"slices"
	"strconv"
	"testing"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
	"github.com/icpfit/icpfit/model/evaluate"
)

// described returns a frame of 40 customers in France and 25 in Spain against 30
// pool accounts each there and 40 in Chad, with the sizes 1 to 20, and the model
// that describe needs.
func described() (*evaluate.Frame, *model.Model, []float64) {
	country := datasets.Column{Field: datasets.Field{Name: "hq_country", Type: datasets.Category}, Dictionary: []string{"France", "Spain", "Chad"}}
	size := datasets.Column{Field: datasets.Field{Name: "employees", Type: datasets.Number}}
	f := &evaluate.Frame{Batch: &datasets.Batch{}, Seed: 1, Bins: bin.DefaultOptions()}
	var margins []float64
	add := func(code int32, customer bool, n int) {
		for i := range n {
			country.Codes = append(country.Codes, code)
			size.Numbers = append(size.Numbers, float64(1+i%20))
			f.Customer, f.Weights, f.Keys = append(f.Customer, customer), append(f.Weights, 1), append(f.Keys, uint64(len(f.Keys)/2))
			f.WonAt = append(f.WonAt, datasets.MissingDay)
			margins = append(margins, float64(i%20)*model.Micro)
		}
	}
	add(0, true, 40)
	add(1, true, 25)
	add(0, false, 30)
	add(1, false, 30)
	add(2, false, 40)
	f.WonAt[3], f.WonAt[7] = 19_000, 18_000
	f.Batch.Rows, f.Batch.Columns = len(f.Customer), []datasets.Column{country, size}
	f.Specs = []features.Spec{
		{Name: "hq_country", Pillar: features.Firmographic, Kind: features.Category, Column: "hq_country"},
		{Name: "employees", Pillar: features.Firmographic, Kind: features.Number, Column: "employees"},
	}
	m := &model.Model{BasePoints: 50, Grades: model.Grades{On: "fit", Cuts: []model.Cut{{Grade: "A", Margin: 15 * model.Micro}, {Grade: "B", Margin: 10 * model.Micro}, {Grade: "F", Margin: math.MinInt64}}}}
	for _, s := range f.Specs {
		t := model.Term{Binning: bin.Fit(s, f.Batch.Column(s.Name), f.All(), f.AsOf, f.Bins)}
		var c bin.Column
		bin.NewApplier(&t.Binning, f.AsOf).Apply(&c, f.Batch.Column(s.Name), f.Batch.Rows)
		t.Customers, t.Pool = slots(f, &t.Binning, &c)
		t.MicroPoints = make([]int32, t.Slots())
		m.Terms = append(m.Terms, t)
	}
	return f, m, margins
}

// TestDescribe checks the counts by hand: nobody is a customer in Chad, where 40
// of the 100 pool accounts are, half of them graded A or B as everywhere.
func TestDescribe(t *testing.T) {
	f, m, margins := described()
	e := &Evaluation{Customers: 65, Pool: 100}
	if err := e.describe(f, m, margins); err != nil {
		t.Fatal(err)
	}
	if c := e.Composition; c == nil || c.Accounts != 100 || len(c.Features) != len(m.Terms) {
		t.Errorf("composition %+v, want one of 100 accounts and every feature", c)
	}
	if want := (Sample{CustomerGroups: 33, PoolGroups: 51, Dated: 2, WonFirst: "2019-04-14", WonLast: "2022-01-08"}); *e.Sample != want {
		t.Errorf("sample %+v, want %+v", *e.Sample, want)
	}
	var labels []string
	for _, s := range e.Segments {
		labels = append(labels, s.Role+" "+s.Label+" "+strconv.Itoa(s.Customers))
		if s.AUC.Low > s.AUC.Value || s.AUC.High < s.AUC.Value {
			t.Errorf("%s: %+v", s.Label, s.AUC)
		}
	}
	if want := []string{"country France 40", "country Spain 25"}; len(labels) < 4 || !slices.Equal(labels[:2], want) {
		t.Errorf("segments %v", labels)
	}
	s := e.Support
	if s.Features[0].Role != Country || math.Abs(s.Features[0].Share-0.4) > 1e-12 || s.Features[1].Share != 0 || math.Abs(s.Share-0.4) > 1e-12 {
		t.Errorf("support %+v", s)
	}
	top := 0.0 // margins of 10 or more: i % 20 ≥ 10
	chad, all := 0.0, 0.0
	for i, customer := range f.Customer {
		if customer || margins[i] < 10*model.Micro {
			continue
		}
		all++
		if f.Batch.Columns[0].Codes[i] == 2 {
			chad++
		}
	}
	if top = chad / all; s.Top == nil || math.Abs(*s.Top-top) > 1e-12 {
		t.Errorf("top %v, want %v", s.Top, top)
	}
	m.Grades.On = "priority"
	if err := e.describe(f, m, margins); err != nil || e.Support.Top != nil {
		t.Errorf("grades on priority: top %v, %v", e.Support.Top, err)
	}
}

// TestDescribeWithout checks what is left of a description without customers, and
// without features to tell accounts apart by.
func TestDescribeWithout(t *testing.T) {
	f, m, margins := described()
	e := &Evaluation{Pool: 100}
	if err := e.describe(f, m, margins); err != nil || e.Support != nil || len(e.Segments) != 0 || e.Segments == nil {
		t.Errorf("without customers: %+v, %v", e, err)
	}
	for k := range f.Specs {
		f.Specs[k].Name, f.Specs[k].Column = "a"+strconv.Itoa(k), "b"
		f.Batch.Columns[k].Name, m.Terms[k].Feature = f.Specs[k].Name, f.Specs[k].Name
	}
	e = &Evaluation{Customers: 65, Pool: 100}
	if err := e.describe(f, m, margins); err != nil || e.Support != nil || len(e.Segments) != 0 {
		t.Errorf("without roles: %+v, %v", e, err)
	}
}

// TestSetSegments checks that an account of a set is in the segment of each item,
// and stands for its most frequent one.
func TestSetSegments(t *testing.T) {
	d := division{binning: bin.Binning{Kind: features.Set, Items: []string{"a", "b"}, Labels: []string{"A", "B"}}}
	d.part(&bin.Column{Codes: []uint8{0, 1, 1, 1}, Offsets: []int32{0, 0, 0, 2, 3}, Items: []uint16{0, 1, 1}})
	if want := []int32{0, 1, 2, 3}; !slices.Equal(d.codes, want) {
		t.Errorf("codes %v, want %v", d.codes, want)
	}
	if !slices.Equal(d.rows[2], []int32{2}) || !slices.Equal(d.rows[3], []int32{2, 3}) {
		t.Errorf("rows %v", d.rows)
	}
}

// TestBands checks that every band has a quarter of the customers, and 20.
func TestBands(t *testing.T) {
	term := &model.Term{Binning: bin.Binning{Kind: features.Number, Edges: []float64{1, 2, 3, 4}}, Customers: []int{7, 30, 10, 15, 40, 5}}
	if got, want := sizeBands(term), []float64{1, 3}; !slices.Equal(got, want) { // 30 | 25 | 45
		t.Errorf("edges %v, want %v", got, want)
	}
	term.Customers = []int{0, 5, 5, 5, 5, 5}
	if got := sizeBands(term); got != nil {
		t.Errorf("too few customers: edges %v", got)
	}
}
