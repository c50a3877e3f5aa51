package scorecard

import (
	"cmp"
	"slices"

	"github.com/icpfit/icpfit/model"
)

// partition deals the accounts into n parts of equal numbers of customers and
// of pool accounts. Accounts of one group share a part; a group with a customer
// is dealt as one. The order of rows does not matter: groups are dealt in the
// order of their keys' hashes.
func partition(d *model.Data, n int) []int {
	customer := map[uint64]bool{}
	for i, key := range d.Keys {
		customer[key] = customer[key] || d.Customer[i]
	}
	parts := make([]int, d.Table.Rows)
	seen := map[uint64]int{}
	dealt := [2]int{}
	for _, i := range byKey(d) {
		key := d.Keys[i]
		part, ok := seen[key]
		if !ok {
			class := 0
			if customer[key] {
				class = 1
			}
			part = dealt[class] % n
			dealt[class]++
			seen[key] = part
		}
		parts[i] = part
	}
	return parts
}

// byKey returns the rows ordered by the hash of their key.
func byKey(d *model.Data) []int32 {
	rows := make([]int32, d.Table.Rows)
	hashes := make([]uint64, len(rows))
	for i := range rows {
		rows[i] = int32(i)
		hashes[i] = model.Mix(d.Keys[i], d.Seed)
	}
	slices.SortStableFunc(rows, func(a, b int32) int { return cmp.Compare(hashes[a], hashes[b]) })
	return rows
}
