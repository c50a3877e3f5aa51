package pipeline

import (
	"runtime/debug"
	"sync"
)

// ballast is memory that nobody touches, and that so takes none. It counts as in use
// when it is decided whether garbage is worth collecting: without it that is done
// thirty times while features or a night get going, for a thirtieth of their time. It
// is made once and kept: memory that is used again would have to be cleared.
var ballast = sync.OnceValue(func() []byte { return make([]byte, 64<<20) })

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
