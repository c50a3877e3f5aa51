package bin

import (
	"math"
	"math/bits"
	"sort"
)

// A Finder tells how many of some ascending values are below another. It divides
// the values' range into stretches, and knows of each how many are below all of it;
// the few within are looked at in as many steps for one value as for another, so
// that no branch is guessed wrong.
type Finder struct {
	sorted []uint64 // then the greatest, as often as a search may look beyond them
	guide  []uint32 // by stretch: how many are below all of it; the last stretch is above all values
	first  uint64   // number of the first stretch: that of the first value
	shift  uint     // the values of a stretch are equal but for so many bits
	steps  int      // half of the values that a search looks at, a power of two
}

// stretches is about how many stretches a range has: hardly any has two values,
// and the guide fits the nearest memory.
const stretches = 1 << 12

// NewFinder returns a finder of ascending values.
func NewFinder(ascending []uint64) *Finder {
	n := len(ascending)
	f := &Finder{sorted: append([]uint64(nil), ascending...), steps: 1}
	if n > 0 {
		last := ascending[n-1]
		f.shift = uint(max(0, bits.Len64(last-ascending[0])-bits.Len64(stretches-1)))
		f.first = ascending[0] >> f.shift
		for i := range last>>f.shift - f.first + 1 {
			below := sort.Search(n, func(k int) bool { return ascending[k]>>f.shift >= f.first+i })
			f.guide = append(f.guide, uint32(below))
		}
	}
	f.guide = append(f.guide, uint32(n))
	for i, below := range f.guide[1:] {
		for 2*f.steps-1 < int(below)-int(f.guide[i]) {
			f.steps *= 2
		}
	}
	for range 2*f.steps - 1 {
		f.sorted = append(f.sorted, math.MaxUint64)
	}
	return f
}

// Below returns how many of the values are below v.
func (f *Finder) Below(v uint64) int {
	at := min(max(v>>(f.shift&63), f.first)-f.first, uint64(len(f.guide)-1))
	n := int(f.guide[at])
	for step := f.steps; step > 0; step >>= 1 {
		_, below := bits.Sub64(f.sorted[n+step-1], v, 0) // 1 where that value is below v, without a comparison
		n += step & -int(below)
	}
	return n
}
