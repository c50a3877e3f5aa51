package pipeline

import (
	"runtime/debug"
	"strings"
	"sync"
)

// ballast is memory that nobody touches, and that so takes none. It counts as in use
// when it is decided whether garbage is worth collecting: without it that is done
// thirty times while features or a night get going, for a thirtieth of their time. It
// is kept for good, and a Builder's, which nobody clears: a slice's would be, and take
// all it has, where it lies on memory that was in use before.
var ballast = sync.OnceValue(func() *strings.Builder {
	b := new(strings.Builder)
	b.Grow(64 << 20)
	return b
})

// collectOften has garbage collected at a fifth of what is in use instead of at
// all of it, until the function it returns is called: what a million accounts do not
// fill, ten million would: 118 MiB at the peak of a first night of one, 129 of five,
// 132 of ten.
func collectOften() (undo func() error) {
	const percent = 20
	ballast()
	was := debug.SetGCPercent(percent)
	if was < percent { // as somebody has asked for, or off
		debug.SetGCPercent(was)
	}
	return func() error {
		debug.SetGCPercent(was)
		return nil
	}
}
