package train

import (
	"errors"
	"fmt"

	"github.com/icpfit/icpfit/model/bin"
	"github.com/icpfit/icpfit/model/evaluate"
)

// ErrNoSignal is returned where the features cannot tell accounts apart at all.
var ErrNoSignal = errors.New("nothing to learn from")

// checkVaried refuses features that hold one value everywhere, and customers
// who are all alike in every one of them: no model of these means anything.
func checkVaried(f *evaluate.Frame) error {
	varied, alike := false, true
	for _, s := range f.Specs {
		c := f.Batch.Column(s.Name)
		b := bin.Fit(s, c, f.All(), f.AsOf, f.Bins)
		var column bin.Column
		bin.NewApplier(&b, f.AsOf).Apply(&column, c, f.Batch.Rows)
		varied = varied || differs(&column, nil)
		alike = alike && !differs(&column, f.Customer)
	}
	customers, _ := f.Totals()
	switch {
	case !varied:
		return fmt.Errorf("train: %w: every feature holds one value, or too few rows of any other, for all accounts; add features that differ", ErrNoSignal)
	case alike && customers > 1:
		return fmt.Errorf("train: %w: all %d customers are alike in every feature; check that the list is of companies and that the features are those of the accounts", ErrNoSignal, customers)
	}
	return nil
}

// differs reports whether the rows (those that are set in only, if not nil)
// have more than one value.
func differs(c *bin.Column, only []bool) bool {
	first := -1
	for i, code := range c.Codes {
		if only != nil && !only[i] {
			continue
		}
		if first < 0 {
			first = i
			continue
		}
		if code != c.Codes[first] || c.Offsets != nil && !sameItems(c, first, i) {
			return true
		}
	}
	return false
}

func sameItems(c *bin.Column, i, j int) bool {
	a, b := c.Items[c.Offsets[i]:c.Offsets[i+1]], c.Items[c.Offsets[j]:c.Offsets[j+1]]
	if len(a) != len(b) {
		return false
	}
	for k := range a {
		if a[k] != b[k] {
			return false
		}
	}
	return true
}
