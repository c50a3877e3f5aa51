package segment

import (
	"fmt"
	"strings"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/internal/page"
)

// An OverlapError says that several rules hold for one account: segments would
// overlap.
type OverlapError struct {
	Accounts int64    // that are in several segments
	Samples  []string // some of their domains
	Rules    []string // that hold for the first of these
}

func (e *OverlapError) Error() string {
	more := ""
	if e.Accounts > 1 {
		more = fmt.Sprintf(", and %d more accounts are in several", e.Accounts-1)
		if len(e.Samples) > 1 {
			more += " (" + strings.Join(e.Samples[1:], ", ") + ")"
		}
	}
	return fmt.Sprintf("segments: rules overlap: %s is in %q%s; add what tells them apart to `where`, as in `and not (…)`", e.Samples[0], e.Rules, more)
}

// mostOverlaps is how many accounts an OverlapError names.
const mostOverlaps = 5

// A lawyer applies rules to batches. It is not safe for concurrent use.
type lawyer struct {
	rules    []Rule
	matchers []*features.Matcher
	overlap  OverlapError
}

func newLawyer(d *Definition) *lawyer {
	l := &lawyer{rules: d.Options.Rules}
	for _, c := range d.rules {
		l.matchers = append(l.matchers, c.Bind())
	}
	return l
}

func (l *lawyer) start(b *datasets.Batch) {
	for _, m := range l.matchers {
		m.Start(b)
	}
}

// segment returns the rule that holds for row i, their number for none. What
// several hold for is noted.
func (l *lawyer) segment(i int, domain []byte) (int, error) {
	out := len(l.matchers)
	var also []string
	for k, m := range l.matchers {
		ok, err := m.Holds(i)
		switch {
		case err != nil:
			return 0, datasets.Shapef("segments: rule %q, account %s: %v", l.rules[k].Name, page.Clean(string(domain)), err)
		case ok && out == len(l.matchers):
			out = k
		case ok:
			also = append(also, l.rules[k].Name)
		}
	}
	if also != nil {
		if l.overlap.Accounts++; len(l.overlap.Samples) < mostOverlaps {
			if l.overlap.Rules == nil {
				l.overlap.Rules = append([]string{l.rules[out].Name}, also...)
			}
			l.overlap.Samples = append(l.overlap.Samples, page.Clean(string(domain)))
		}
	}
	return out, nil
}

// merge adds what another lawyer found in later rows.
func (e *OverlapError) merge(o *OverlapError) {
	if e.Rules == nil {
		e.Rules = o.Rules
	}
	e.Accounts += o.Accounts
	e.Samples = append(e.Samples, o.Samples...)
	e.Samples = e.Samples[:min(len(e.Samples), mostOverlaps)]
}

// write makes the segments that rules give the sample: their middles tell how
// typical an account is. Overlaps are looked for in the whole base, not here.
func (d *Definition) write(sample *datasets.Batch, rows []int32, c *chooser) error {
	d.Segments = make([]Segment, len(d.rules))
	v := &division{k: len(d.rules)}
	l := newLawyer(d)
	l.start(sample)
	domains := sample.Column("domain")
	for _, r := range rows {
		at, err := l.segment(int(r), domains.Cell(int(r)))
		if err != nil {
			return err
		}
		if at == v.k {
			at = -1
		}
		v.labels = append(v.labels, int32(at))
	}
	all := c.spread(c.t.Rows)
	x := newMixer(c.m, v.k)
	x.add(c.t, all, v.labels)
	v.middle = x.shares(newSearcher(c.m, c.t, all).whole)
	d.settle(c.t, v)
	return nil
}
