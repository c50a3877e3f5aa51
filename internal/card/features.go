package card

import (
	"fmt"
	"math"
	"slices"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/internal/page"
	"github.com/icpfit/icpfit/model"
)

func (b *builder) features(order []int) []Feature {
	out := []Feature{}
	for _, k := range order {
		t := &b.Model.Terms[k]
		f := Feature{Feature: page.Clean(t.Feature), Pillar: string(t.Pillar), Kind: string(t.Kind), Missing: b.Model.Missing}
		if own := b.Model.Specs[k].Missing; own != "" {
			f.Missing = own
		}
		f.Customers, f.Pool = known(t.Customers, t.IsSet()), known(t.Pool, t.IsSet())
		if !t.IsSet() {
			f.IV, f.Noise = information(t)
		}
		out = append(out, f)
	}
	return out
}

// known returns the share of accounts whose value is known, 0 of none.
func known(counts []int, set bool) float64 {
	if set {
		counts = counts[:min(2, len(counts))]
	}
	total := 0
	for _, n := range counts {
		total += n
	}
	if total == 0 {
		return 0
	}
	return 1 - float64(counts[0])/float64(total)
}

// information returns the information value of a feature's known bins,
//
//	IV = Σ (P_b/P − U_b/U) ln((P_b/P) / (U_b/U))
//
// half an account added to every bin of either, and what it averages for a
// feature that says nothing, (bins − 1)(1/P + 1/U). nil where fewer than two bins
// have accounts.
func information(t *model.Term) (iv, noise *float64) {
	var p, u []float64
	var customers, pool float64
	for slot := 1; slot < len(t.Customers); slot++ {
		if t.Customers[slot] == 0 && t.Pool[slot] == 0 {
			continue
		}
		p, u = append(p, float64(t.Customers[slot])+0.5), append(u, float64(t.Pool[slot])+0.5)
		customers, pool = customers+p[len(p)-1], pool+u[len(u)-1]
	}
	if len(p) < 2 {
		return nil, nil
	}
	var sum float64
	for i := range p {
		a, e := p[i]/customers, u[i]/pool
		sum += (a - e) * math.Log(a/e)
	}
	chance := float64(len(p)-1) * (1/customers + 1/pool)
	return &sum, &chance
}

// excluded returns what icpfit.yaml names and the fit does not use.
func (b *builder) excluded() []Excluded {
	out := []Excluded{}
	fit := len(b.Model.Terms)
	in := func(specs []features.Spec, name string) bool {
		return slices.ContainsFunc(specs, func(s features.Spec) bool { return s.Name == name })
	}
	for _, s := range b.Features {
		switch {
		case in(b.Model.Specs[:fit], s.Name):
		case in(b.Model.Specs[fit:], s.Name):
			out = append(out, Excluded{page.Clean(s.Name), "a signal of intent: it says when to call, not who fits, and is scored beside the fit"})
		default:
			out = append(out, Excluded{page.Clean(s.Name), "in icpfit.yaml, and not in this model's fit"})
		}
	}
	if b.grid {
		return out
	}
	for k := range b.Model.Terms {
		t := &b.Model.Terms[k]
		if t.MeanAbsolute == 0 && !slices.ContainsFunc(t.Shape(), func(p int32) bool { return p != 0 }) {
			out = append(out, Excluded{page.Clean(t.Feature), fmt.Sprintf("in the fit, but worth 0 points everywhere: nothing that holds was found in its %d known values", inBins(t))})
		}
	}
	return out
}

// inBins counts the accounts trained on whose value is known.
func inBins(t *model.Term) int {
	n := 0
	for slot := 1; slot < len(t.Customers); slot++ {
		if t.IsSet() && slot > 1 {
			break
		}
		n += t.Customers[slot] + t.Pool[slot]
	}
	return n
}

func (b *builder) shapes(order []int) []page.Shape {
	out := []page.Shape{}
	for _, k := range order {
		t := &b.Model.Terms[k]
		out = append(out, page.NewShape(t, b.grid, page.NewLabeller(b.Printer, &t.Binning, b.Model.Specs[k].Parser)))
	}
	return out
}

func (b *builder) edits() []Edit {
	out := []Edit{}
	for k := range b.Model.Terms {
		if t := &b.Model.Terms[k]; t.Provenance == "edited" {
			out = append(out, Edit{page.Clean(t.Feature), "its points were edited by hand"})
		}
	}
	return out
}
