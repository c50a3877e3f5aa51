package leak_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/sample"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
	"github.com/icpfit/icpfit/model/evaluate"
	"github.com/icpfit/icpfit/model/leak"
	"github.com/icpfit/icpfit/model/modeltest"
)

// counted returns the model of a frame as far as detectors look at it: its bins,
// and how many customers and pool accounts are in each.
func counted(f *evaluate.Frame) *model.Model {
	m := &model.Model{Missing: "neutral", Specs: f.Specs}
	for _, spec := range f.Specs {
		c := f.Batch.Column(spec.Name)
		t := model.Term{Binning: bin.Fit(spec, c, f.All(), f.AsOf, f.Bins)}
		t.Customers, t.Pool = make([]int, t.Slots()), make([]int, t.Slots())
		var binned bin.Column
		bin.NewApplier(&t.Binning, f.AsOf).Apply(&binned, c, f.Batch.Rows)
		for i, code := range binned.Codes {
			to := t.Pool
			if f.Customer[i] {
				to = t.Customers
			}
			to[code]++
			if binned.Offsets != nil {
				for _, item := range binned.Items[binned.Offsets[i]:binned.Offsets[i+1]] {
					to[2+item]++
				}
			}
		}
		m.Terms = append(m.Terms, t)
	}
	return m
}

// generated returns the frame of a generated base, a quarter of its cells empty.
func generated(t *testing.T, seed uint64) *evaluate.Frame {
	t.Helper()
	o := sample.DefaultOptions()
	o.Accounts, o.Customers, o.Mess, o.Seed = 6000, 300, 0, seed
	base, err := sample.Generate(o)
	if err != nil {
		t.Fatal(err)
	}
	return modeltest.Frame(base, 0.25)
}

// TestClean checks that generated bases, whose features are all known before the
// sale, give no warning: 19 of 20 at least.
func TestClean(t *testing.T) {
	warned := 0
	for seed := range uint64(20) {
		if w := leak.Detect(counted(generated(t, seed)), 0.85); len(w) > 0 {
			warned++
			t.Logf("seed %d: %+v", seed, w)
		}
	}
	if warned > 1 {
		t.Errorf("%d of 20 clean bases give warnings, want at most 1", warned)
	}
}

// TestPlanted plants leaks, each in a base that is clean otherwise: the warning
// must name the feature.
func TestPlanted(t *testing.T) {
	for _, tt := range []struct {
		name, code, feature string
		plant               func(f *evaluate.Frame)
	}{
		{"a cell that is filled after the sale", leak.Missingness, "annual_revenue", func(f *evaluate.Frame) {
			c := f.Batch.Column("annual_revenue")
			for i := range f.Customer {
				if !f.Customer[i] && i%2 == 0 {
					c.Numbers[i] = math.NaN()
				}
			}
		}},
		{"a cell that is emptied after the sale", leak.Missingness, "founded", func(f *evaluate.Frame) {
			c := f.Batch.Column("founded")
			for i := range f.Customer {
				if f.Customer[i] && i%2 == 0 {
					c.Numbers[i] = math.NaN()
				}
			}
		}},
		{"sets that are looked up for customers", leak.Missingness, "technologies", func(f *evaluate.Frame) {
			c := f.Batch.Column("technologies")
			for i := range f.Customer {
				c.Null[i] = c.Null[i] || !f.Customer[i] && i%3 > 0
			}
		}},
		{"a number that counts invoices", leak.SingleFeature, "employees", func(f *evaluate.Frame) {
			c := f.Batch.Column("employees")
			for i := range f.Customer {
				if f.Customer[i] {
					c.Numbers[i] = 1e7 + float64(i%50)
				}
			}
		}},
		{"a flag that says customer", leak.SingleFeature, "hiring", func(f *evaluate.Frame) {
			c := f.Batch.Column("hiring")
			for i := range f.Customer {
				c.Flags[i] = 0
				if f.Customer[i] && i%5 > 0 {
					c.Flags[i] = 1
				}
			}
		}},
		{"a value that customers get", leak.Purity, "crm_in_use", func(f *evaluate.Frame) {
			c := f.Batch.Column("crm_in_use")
			c.Dictionary = append(slices.Clone(c.Dictionary), "Our partner portal")
			for i := range f.Customer {
				if f.Customer[i] && i%10 == 0 {
					c.Codes[i] = int32(len(c.Dictionary) - 1)
				}
			}
		}},
		{"an item that customers get", leak.Purity, "technologies", func(f *evaluate.Frame) {
			c := f.Batch.Column("technologies")
			code := int32(len(c.Dictionary))
			c.Dictionary = append(slices.Clone(c.Dictionary), "Our SDK")
			out := datasets.Column{Field: c.Field, Dictionary: c.Dictionary, Offsets: []int32{0}, Null: c.Null}
			for i := range f.Customer {
				out.Codes = append(out.Codes, c.Items(i)...)
				if f.Customer[i] && i%3 == 0 {
					out.Codes = append(out.Codes, code)
				}
				out.Offsets = append(out.Offsets, int32(len(out.Codes)))
			}
			*c = out
		}},
	} {
		f := generated(t, 3)
		tt.plant(f)
		got := leak.Detect(counted(f), 0.85)
		found := slices.ContainsFunc(got, func(w leak.Warning) bool {
			return w.Code == tt.code && w.Feature == tt.feature && strings.Contains(w.Message, tt.feature)
		})
		if !found {
			t.Errorf("%s: no warning %s of %s in %+v", tt.name, tt.code, tt.feature, got)
		}
		for _, w := range got {
			if w.Feature != tt.feature {
				t.Errorf("%s: a warning of %s, which is clean: %+v", tt.name, w.Feature, w)
			}
		}
	}
}

// two returns a model of one category with these counts: missing, value, other.
func two(customers, pool []int) *model.Model {
	b := bin.Binning{Feature: "c", Pillar: features.Firmographic, Kind: features.Category, Values: []string{"a"}, Labels: []string{"A"}}
	return &model.Model{Missing: "neutral", Specs: []features.Spec{{Name: "c"}}, Terms: []model.Term{{Binning: b, Customers: customers, Pool: pool}}}
}

// TestLimits checks each detector on both sides of its limit, by hand.
func TestLimits(t *testing.T) {
	for _, tt := range []struct {
		name            string
		customers, pool []int
		want            string // "": none
	}{
		{"known for 80 % and 60 %: AUC 0.60", []int{20, 40, 40}, []int{400, 300, 300}, ""},
		{"known for 81 % and 60 %", []int{19, 41, 40}, []int{400, 300, 300}, leak.Missingness},
		{"known for 19 % and 40 %", []int{81, 10, 9}, []int{600, 200, 200}, leak.Missingness},
		// 10,000 customers: standard error 0.003 by Hanley and McNeil.
		{"80 % of customers, 20 % of the pool: AUC 0.80", []int{0, 8000, 2000}, []int{0, 20_000, 80_000}, ""},
		{"80.8 % of customers: within the interval", []int{0, 8080, 1920}, []int{0, 20_000, 80_000}, ""},
		{"82 % of customers: beyond it", []int{0, 8200, 1800}, []int{0, 20_000, 80_000}, leak.SingleFeature},
		{"18 % of customers, 80 % of the pool", []int{0, 1800, 8200}, []int{0, 80_000, 20_000}, leak.SingleFeature},
		{"81 of 100 customers", []int{0, 81, 19}, []int{0, 200, 800}, ""},
		{"90 of 100 customers", []int{0, 90, 10}, []int{0, 200, 800}, leak.SingleFeature},
		{"10 % of customers, 0.2 % of the pool: lift 50", []int{0, 10, 90}, []int{0, 20, 9980}, ""},
		{"10 % of customers, 0.1 % of the pool", []int{0, 10, 90}, []int{0, 10, 9990}, leak.Purity},
		{"9 customers only", []int{0, 9, 91}, []int{0, 1, 9999}, ""},
		{"no pool account at all", []int{0, 10, 90}, []int{0, 0, 9999}, leak.Purity},
		{"no customers", []int{0, 0, 0}, []int{0, 1, 1}, ""},
		{"nothing known", []int{100, 0, 0}, []int{1000, 0, 0}, ""},
	} {
		got := leak.Detect(two(tt.customers, tt.pool), 0.7)
		switch {
		case tt.want == "" && len(got) > 0:
			t.Errorf("%s: %+v, want none", tt.name, got)
		case tt.want != "" && (len(got) != 1 || got[0].Code != tt.want):
			t.Errorf("%s: %+v, want %s", tt.name, got, tt.want)
		}
	}
}

func TestTooGood(t *testing.T) {
	m := two([]int{0, 1, 1}, []int{0, 1, 1})
	if got := leak.Detect(m, 0.97); got == nil || len(got) != 0 { // a list, not null
		t.Errorf("at 0.97: %#v, want an empty list", got)
	}
	got := leak.Detect(m, math.Nextafter(0.97, 1))
	if len(got) != 1 || got[0].Code != leak.TooGood || got[0].Feature != "" {
		t.Errorf("above 0.97: %+v", got)
	}
}

// TestAdvice checks that the advice fits the policy: the feature's own, if it
// has one.
func TestAdvice(t *testing.T) {
	for _, tt := range []struct{ model, own, want string }{
		{"neutral", "", "keeps it out"}, {"learn", "", "set missing: neutral"}, {"learn", "neutral", "keeps it out"}, {"neutral", "learn", "set missing: neutral"},
	} {
		m := two([]int{0, 50, 50}, []int{500, 250, 250})
		m.Missing, m.Specs[0].Missing = tt.model, tt.own
		got := leak.Detect(m, 0.7)
		if len(got) != 1 || !strings.Contains(got[0].Message, tt.want) {
			t.Errorf("model %s, feature %q: %+v, want advice %q", tt.model, tt.own, got, tt.want)
		}
	}
}
