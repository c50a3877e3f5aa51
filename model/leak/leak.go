// Package leak looks for features that tell customers from the pool for the
// wrong reason: because somebody filled a cell, or wrote it after the sale.
package leak

import (
	"fmt"
	"math"
	"slices"

	"github.com/icpfit/icpfit/model"
)

// A Warning says that a figure looks too good, and what to do about it.
type Warning struct {
	Code    string  `json:"code"`    // one of the Code constants
	Feature string  `json:"feature"` // "" for the whole model
	Value   float64 `json:"value"`   // the detector's figure
	Message string  `json:"message"`
}

// Codes of warnings.
const (
	Missingness   = "missingness"
	SingleFeature = "single_feature"
	Purity        = "purity"
	TooGood       = "too_good"
)

// Limits beyond which a detector warns.
const (
	missingnessAUC = 0.60 // of "the cell is empty"
	singleAUC      = 0.80 // of one feature's bins, ordered by their share of customers: beyond its 95 % interval
	pureLift       = 50   // a bin with so many times its share of customers
	pureCustomers  = 10   // and at least so many of them
	tooGoodAUC     = 0.97 // of the model, out of fold
)

// Detect returns the warnings on a model whose out-of-fold AUC is given, from
// the customers and pool accounts counted in its bins.
func Detect(m *model.Model, auc float64) []Warning {
	warnings := []Warning{}
	for i := range m.Terms {
		learns := m.Missing == "learn"
		if own := m.Specs[i].Missing; own != "" {
			learns = own == "learn"
		}
		warnings = append(warnings, term(&m.Terms[i], learns)...)
	}
	if auc > tooGoodAUC {
		warnings = append(warnings, Warning{TooGood, "", auc, fmt.Sprintf(
			"customers rank above the pool with probability %.3f out of fold; company attributes rarely exceed %.2f: look for a column that is filled after the sale", auc, tooGoodAUC)})
	}
	return warnings
}

func term(t *model.Term, learns bool) []Warning {
	var out []Warning
	customers, pool := total(t.Customers, t.IsSet()), total(t.Pool, t.IsSet())
	if customers == 0 || pool == 0 {
		return nil
	}
	missing := math.Abs(float64(t.Customers[0])/customers-float64(t.Pool[0])/pool)/2 + 0.5
	if missing > missingnessAUC {
		advice := "missing: neutral keeps it out of the points"
		if learns {
			advice = "set missing: neutral to keep it out of the points"
		}
		out = append(out, Warning{Missingness, t.Feature, missing, fmt.Sprintf(
			"whether %s is filled tells customers from the pool by itself (AUC %.2f): known for %.0f %% of customers and %.0f %% of the pool; %s",
			t.Feature, missing, 100*(1-float64(t.Customers[0])/customers), 100*(1-float64(t.Pool[0])/pool), advice)})
	}
	if t.IsSet() {
		return append(out, pure(t, 2, customers, pool)...)
	}
	if auc, deviation := single(t); auc-1.96*deviation > singleAUC {
		out = append(out, Warning{SingleFeature, t.Feature, auc, fmt.Sprintf(
			"%s alone ranks customers above the pool with probability %.2f; check that it is known before the sale", t.Feature, auc)})
	}
	return append(out, pure(t, 1, customers, pool)...)
}

func total(counts []int, set bool) float64 {
	if set {
		counts = counts[:2]
	}
	sum := 0
	for _, n := range counts {
		sum += n
	}
	return float64(sum)
}

// single returns the AUC of the known bins of a feature, ordered by their ratio
// of customers to pool, with half an account added to each count so that empty
// bins do not count as certain; and its standard error by Hanley and McNeil
// (1982). An honest feature can come near the limit: only what is beyond it for
// certain is worth a warning.
func single(t *model.Term) (auc, deviation float64) {
	type pair struct{ customers, pool float64 }
	var bins []pair
	var customers, pool float64
	for i := 1; i < len(t.Customers); i++ {
		bins = append(bins, pair{float64(t.Customers[i]), float64(t.Pool[i])})
		customers += float64(t.Customers[i])
		pool += float64(t.Pool[i])
	}
	if customers == 0 || pool == 0 {
		return 0.5, 0
	}
	ratio := func(p pair) float64 { return (p.customers + 0.5) / (p.pool + 0.5*pool/customers) }
	slices.SortStableFunc(bins, func(a, b pair) int {
		switch {
		case ratio(a) > ratio(b):
			return -1
		case ratio(a) < ratio(b):
			return 1
		}
		return 0
	})
	var won, above float64
	for _, b := range bins {
		won += b.pool * (above + b.customers/2)
		above += b.customers
	}
	a := won / (customers * pool)
	q1, q2 := a/(2-a), 2*a*a/(1+a)
	return a, math.Sqrt((a*(1-a) + (customers-1)*(q1-a*a) + (pool-1)*(q2-a*a)) / (customers * pool))
}

// pure warns of values that nearly only customers have.
func pure(t *model.Term, first int, customers, pool float64) []Warning {
	var out []Warning
	for i := first; i < len(t.Customers); i++ {
		lift := float64(t.Customers[i]) / customers / (max(float64(t.Pool[i]), 0.5) / pool)
		if t.Customers[i] >= pureCustomers && lift > pureLift {
			out = append(out, Warning{Purity, t.Feature, lift, fmt.Sprintf(
				"%s = %s is held by %d customers and %d pool accounts; check that it is not written after the sale", t.Feature, t.Label(i), t.Customers[i], t.Pool[i])})
		}
	}
	return out
}
