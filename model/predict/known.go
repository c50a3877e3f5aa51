package predict

import (
	"bytes"
	"slices"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
)

// A FeatureCount says of how many accounts a feature is known, and of how many
// of these the model knows no value: it was too rare when the model was trained,
// or was not there.
type FeatureCount struct {
	Feature string `json:"feature"`
	Known   int64  `json:"known"`
	New     int64  `json:"new"` // of a category: another value than the model's; of a set: items, and none of the model's; else 0
}

// addCounts adds the counts of another part of the same night.
func addCounts(to, from []FeatureCount) []FeatureCount {
	if len(to) == 0 {
		return slices.Clone(from)
	}
	for i, c := range from {
		to[i].Known += c.Known
		to[i].New += c.New
	}
	return to
}

// A knownCounter counts what is known of the accounts of batches.
type knownCounter struct {
	features []*bin.Binning
	accounts []bool  // by row of the batch
	codes    []uint8 // of a feature's accounts
}

func newKnownCounter(m *model.Model) knownCounter {
	var k knownCounter
	for _, terms := range [][]model.Term{m.Terms, m.Intent} {
		for i := range terms {
			k.features = append(k.features, &terms[i].Binning)
		}
	}
	return k
}

// count adds the batch that s has just scored to sum.
func (k *knownCounter) count(s *model.Scorer, batch *datasets.Batch, sum *Summary) {
	why := batch.Column("row_reason")
	k.accounts = k.accounts[:0]
	accounts := 0
	for _, code := range why.Codes[:batch.Rows] {
		k.accounts = append(k.accounts, code < 0)
		if code < 0 {
			accounts++
		}
	}
	sum.Accounts += int64(accounts)
	if len(sum.Features) == 0 {
		for _, b := range k.features {
			sum.Features = append(sum.Features, FeatureCount{Feature: b.Feature})
		}
	}
	for f, b := range k.features {
		to, column := &sum.Features[f], s.Coded(f)
		codes := column.Codes[:batch.Rows]
		if accounts < batch.Rows {
			codes = k.ofAccounts(codes)
		}
		to.Known += int64(len(codes) - bytes.Count(codes, []byte{0}))
		switch {
		case b.Kind == features.Category: // its last code is that of the values that the model does not know
			to.New += int64(bytes.Count(codes, []byte{uint8(1 + len(b.Values))}))
		case b.Kind == features.Set:
			to.New += strangers(column, batch.Column(b.Feature), k.accounts)
		}
	}
}

// ofAccounts returns the codes of the rows that are accounts.
func (k *knownCounter) ofAccounts(codes []uint8) []uint8 {
	k.codes = k.codes[:0]
	for i, account := range k.accounts {
		if account {
			k.codes = append(k.codes, codes[i])
		}
	}
	return k.codes
}

// strangers counts the accounts whose set has items, and none that the model knows.
func strangers(codes *bin.Column, c *datasets.Column, accounts []bool) (n int64) {
	for i, account := range accounts {
		if account && codes.Codes[i] != 0 && codes.Offsets[i] == codes.Offsets[i+1] && len(c.Items(i)) > 0 {
			n++
		}
	}
	return n
}
