package metrics

import "math/bits"

// mulHigh returns the high word of a·b: a uniform word a becomes a uniform
// index below b.
func mulHigh(a, b uint64) uint64 {
	hi, _ := bits.Mul64(a, b)
	return hi
}
