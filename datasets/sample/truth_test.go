package sample_test

import (
	"cmp"
	"math"
	"slices"
	"testing"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/sample"
)

func TestOracleAUC(t *testing.T) {
	// The AUC of one base of 600 customers has a standard error of about 0.010
	// (Hanley and McNeil 1982, equation 1), the mean of six 0.4 of it.
	const seeds = 6
	mean := 0.0
	for seed := range uint64(seeds) {
		auc := generate(t, func(o *sample.Options) { o.Seed = seed; o.Mess = 0 }).OracleAUC()
		within(t, "AUC of one base", auc, .85, .03)
		mean += auc / seeds
	}
	t.Logf("mean AUC of the oracle over %d bases: %.4f", seeds, mean)
	within(t, "mean AUC", mean, .85, .01)
	if weak := generate(t, func(o *sample.Options) { o.Signal = .5 }).OracleAUC(); weak > .78 || weak < .6 {
		t.Errorf("AUC at half the signal is %.3f", weak)
	}
}

func TestOracleAUCByPairs(t *testing.T) {
	for _, signal := range []float64{0, 1} {
		b := generate(t, func(o *sample.Options) { o.Accounts, o.Customers, o.Signal = 800, 50, signal })
		got, want := b.OracleAUC(), pairs(b, b.LogLift)
		if math.Abs(got-want) > 1e-12 {
			t.Errorf("signal %g: OracleAUC = %v, by pairs %v", signal, got, want)
		}
	}
}

// pairs is the AUC by its definition: the share of pairs of a customer and
// another company that score ranks rightly, ties half.
func pairs(b *sample.Base, score []float64) float64 {
	var customers, others []float64
	for i, s := range score {
		switch {
		case b.Domain[i] == "" || b.DuplicateOf[i] >= 0:
		case b.Customer[i]:
			customers = append(customers, s)
		default:
			others = append(others, s)
		}
	}
	wins := 0.0
	for _, c := range customers {
		for _, o := range others {
			switch {
			case c > o:
				wins++
			case c == o:
				wins += .5
			}
		}
	}
	return wins / float64(len(customers)*len(others))
}

// Without signal the truth of signal 1 ranks the customers no better than
// chance. The standard error of an AUC of 600 against 28,000 without signal is
// √(1/(12·600)) = 0.0118.
func TestNoSignal(t *testing.T) {
	for seed := range uint64(2) {
		none := generate(t, func(o *sample.Options) { o.Seed, o.Signal = seed, 0 })
		full := generate(t, func(o *sample.Options) { o.Seed = seed })
		within(t, "AUC of the truth", pairs(none, full.LogLift), .5, 4*.0118)
		if got := none.OracleAUC(); got != .5 {
			t.Errorf("AUC of an oracle that knows there is nothing to know is %v, want 0.5", got)
		}
	}
}

// LogLift is the log density ratio: the customers in a slice of the base are
// its share of Σ exp(LogLift). The draw is without replacement, so the very top
// (here the uppermost tenth, at a rate of 0.3 %) gets a little less.
func TestLogLiftIsTheDensityRatio(t *testing.T) {
	b := generate(t, func(o *sample.Options) { o.Accounts, o.Customers, o.Mess = 100_000, 300, 0 })
	order := make([]int, len(b.LogLift))
	total := 0.0
	for i, l := range b.LogLift {
		order[i] = i
		total += math.Exp(l)
	}
	within(t, "mean of exp(LogLift)", total/100_000, 1, 1e-9)
	slices.SortFunc(order, func(i, j int) int { return cmp.Compare(b.LogLift[i], b.LogLift[j]) })
	for decile := range 10 {
		expected, got := 0.0, 0.0
		for _, i := range order[decile*10_000 : (decile+1)*10_000] {
			expected += 300 * math.Exp(b.LogLift[i]) / total
			if b.Customer[i] {
				got++
			}
		}
		if math.Abs(got-expected) > 4*math.Sqrt(expected)+.5 {
			t.Errorf("decile %d: %g customers, expected %.1f", decile, got, expected)
		}
	}
}

// The signs that the package documents, as differences of the mean log lift.
func TestWhatRaisesTheLift(t *testing.T) {
	b := generate(t, func(o *sample.Options) { o.Mess = 0 })
	employees, industry, country := column(t, b, "employees"), column(t, b, "industry"), column(t, b, "country")
	tech, stage, hiring := column(t, b, "technologies"), column(t, b, "funding_stage"), column(t, b, "hiring")
	is := func(c *datasets.Column, values ...string) func(i int) bool {
		return func(i int) bool { return slices.Contains(values, c.Dictionary[c.Codes[i]]) }
	}
	uses := func(name string) func(i int) bool {
		code := int32(slices.Index(tech.Dictionary, name))
		return func(i int) bool { return slices.Contains(tech.Items(i), code) }
	}
	small := func(i int) bool { return employees.Numbers[i] < 50 }
	large := func(i int) bool { return employees.Numbers[i] > 500 }
	for _, tt := range []struct {
		name string
		in   func(i int) bool
		up   bool
	}{
		{"50 to 500 employees", func(i int) bool { return !small(i) && !large(i) }, true},
		{"less than 10 employees", func(i int) bool { return employees.Numbers[i] < 10 }, false},
		{"software, fintech, e-commerce", is(industry, "Software", "Financial technology", "E-commerce"), true},
		{"construction and public sector", is(industry, "Construction", "Public sector"), false},
		{"France", is(country, "FR"), true},
		{"Japan and India", is(country, "JP", "IN"), false},
		{"HubSpot", uses("HubSpot"), true},
		{"Snowflake", uses("Snowflake"), true},
		{"Shopify", uses("Shopify"), true},
		{"SAP", uses("SAP"), false},
		{"Series B", is(stage, "Series B"), true},
		{"hiring", func(i int) bool { return hiring.Flags[i] == 1 }, true},
	} {
		var sum, n [2]float64
		for i, l := range b.LogLift {
			k := 0
			if tt.in(i) {
				k = 1
			}
			sum[k] += l
			n[k]++
		}
		if diff := sum[1]/n[1] - sum[0]/n[0]; diff > 0 != tt.up || math.Abs(diff) < .1 || n[1] < 100 {
			t.Errorf("%s: %g companies, mean log lift differs by %+.2f, want up %v", tt.name, n[1], diff, tt.up)
		}
	}
}

// chiSquare is Pearson's statistic of the 2 × 2 table of two marks over
// companies with a domain; it has one degree of freedom.
func chiSquare(b *sample.Base, mark func(i int) bool) float64 {
	var n [2][2]float64
	total := 0.0
	for i := range b.Domain {
		if b.Domain[i] == "" || b.DuplicateOf[i] >= 0 {
			continue
		}
		r, c := 0, 0
		if b.Customer[i] {
			r = 1
		}
		if mark(i) {
			c = 1
		}
		n[r][c]++
		total++
	}
	x := 0.0
	for r := range 2 {
		for c := range 2 {
			e := (n[r][0] + n[r][1]) * (n[0][c] + n[1][c]) / total
			x += (n[r][c] - e) * (n[r][c] - e) / e
		}
	}
	return x
}

// What is missing must not tell who is a customer. Over 4 seeds × 15 columns
// the 0.01 % quantile of one test, 15.1 (chi-square tables, one degree of
// freedom), is passed by chance once in 160 runs; the seeds are fixed.
func TestMissingnessIsIndependent(t *testing.T) {
	const limit = 15.1
	for seed := range uint64(4) {
		b := generate(t, func(o *sample.Options) { o.Seed = seed })
		header, rows := records(t, files(t, b)[0])
		seen := 0
		for c, name := range header {
			if empty := func(i int) bool { return blank(rows[i][c]) }; name != "website" && slices.ContainsFunc(rows, func(r []string) bool { return blank(r[c]) }) {
				seen++
				if x := chiSquare(b, empty); x > limit {
					t.Errorf("seed %d: %s: chi-square of missing against customer is %.1f, want at most %.1f", seed, name, x, limit)
				}
			}
		}
		if seen < 14 {
			t.Errorf("seed %d: %d columns have empty cells, want 14 at least", seed, seen)
		}
		// The check can fail: hiring does tell.
		hiring := column(t, b, "hiring")
		if x := chiSquare(b, func(i int) bool { return hiring.Flags[i] == 1 }); x <= limit {
			t.Errorf("seed %d: chi-square of hiring against customer is %.1f, want it above %.1f", seed, x, limit)
		}
	}
}
