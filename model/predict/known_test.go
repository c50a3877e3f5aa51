package predict_test

import (
	"bytes"
	"io"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
	"github.com/icpfit/icpfit/model/predict"
)

// TestKnown counts by hand, row by row from the table, of how many accounts each
// feature is known and of how many of these the model knows no value.
func TestKnown(t *testing.T) {
	n := setUp(t)
	m := *n.model
	m.Terms = slices.Clone(m.Terms)
	for i := range m.Terms { // what is left of the vocabulary leaves others unknown
		term := &m.Terms[i]
		if term.Kind == features.Category && len(term.Values) > 2 {
			term.MicroPoints, term.Customers, term.Pool = merge(term.MicroPoints), merge(term.Customers), merge(term.Pool)
			term.Spread, term.Effect = nil, nil
			term.Values, term.Labels = term.Values[:len(term.Values)-1], term.Labels[:len(term.Labels)-1]
		}
	}
	m.Golden = nil
	if err := m.Seal(); err != nil {
		t.Fatal(err)
	}
	want, accounts, strange := []predict.FeatureCount{}, int64(0), int64(0)
	why := n.all.Column("row_reason")
	for i := range n.all.Rows {
		if why.Missing(i) {
			accounts++
		}
	}
	for _, term := range append(slices.Clone(m.Terms), m.Intent...) {
		c := predict.FeatureCount{Feature: term.Feature}
		column := n.all.Column(term.Feature)
		for i := range n.all.Rows {
			if !why.Missing(i) || column.Missing(i) {
				continue
			}
			c.Known++
			if isStrange(&term, column, i) {
				c.New++
				strange++
			}
		}
		want = append(want, c)
	}
	if strange == 0 {
		t.Fatal("the model knows every value: nothing is counted")
	}
	in := predict.Input{Model: &m, Accounts: n.accounts, AsOf: n.base.Options.AsOf}
	_, _, sum := run(t, in)
	if diff := cmp.Diff(want, sum.Features); diff != "" || sum.Accounts != accounts {
		t.Errorf("%d accounts, want %d; features (-want +got):\n%s", sum.Accounts, accounts, diff)
	}
	total := predict.NewSummary()
	for i := range 3 {
		in.Shard = predict.Shard{Index: i, Count: 3}
		part, err := predict.Run(t.Context(), in, &bytes.Buffer{}, io.Discard)
		if err != nil {
			t.Fatal(err)
		}
		total.Add(part)
	}
	if diff := cmp.Diff(want, total.Features); diff != "" || total.Accounts != accounts {
		t.Errorf("three shards: %d accounts, want %d; features (-want +got):\n%s", total.Accounts, accounts, diff)
	}
}

// merge drops the slot of the last value, which then is any other.
func merge[T any](slots []T) []T {
	return slices.Delete(slices.Clone(slots), len(slots)-2, len(slots)-1)
}

// isStrange reports whether none of a row's values is in the vocabulary.
func isStrange(term *model.Term, c *datasets.Column, i int) bool {
	switch term.Kind {
	case features.Category:
		return !slices.Contains(term.Values, bin.Fold(c.Dictionary[c.Codes[i]]))
	case features.Set:
		for _, code := range c.Items(i) {
			if slices.Contains(term.Items, bin.Fold(c.Dictionary[code])) {
				return false
			}
		}
		return len(c.Items(i)) > 0
	}
	return false
}
