package model

import "slices"

// Parts deals the accounts into n parts of equal numbers of customers and of pool
// accounts. Accounts of one group share a part; a group with a customer is dealt
// as one. The order of rows does not matter: groups are dealt in the order of
// their keys' hashes with d's seed.
func (d *Data) Parts(n int) []int {
	customer := map[uint64]bool{}
	for i, key := range d.Keys {
		customer[key] = customer[key] || d.Customer[i]
	}
	keys := make([]uint64, 0, len(customer))
	for key := range customer {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b uint64) int {
		switch x, y := Mix(a, d.Seed), Mix(b, d.Seed); {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	})
	part := make(map[uint64]int, len(keys))
	var dealt [2]int
	for _, key := range keys {
		class := 0
		if customer[key] {
			class = 1
		}
		part[key] = dealt[class] % n
		dealt[class]++
	}
	parts := make([]int, len(d.Keys))
	for i, key := range d.Keys {
		parts[i] = part[key]
	}
	return parts
}
