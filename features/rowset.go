package features

import "slices"

// A rowSet is a set of rows, a bit each.
type rowSet []uint64

func (s *rowSet) add(row uint32) {
	if need := int(row>>6) + 1; need > len(*s) {
		*s = slices.Grow(*s, need-len(*s))[:need]
	}
	(*s)[row>>6] |= 1 << (row & 63)
}

func (s rowSet) has(row int64) bool {
	return row>>6 < int64(len(s)) && s[row>>6]>>(row&63)&1 == 1
}

func (s *rowSet) merge(other rowSet) {
	if len(other) > len(*s) {
		*s, other = other, *s
	}
	for i, bits := range other {
		(*s)[i] |= bits
	}
}
