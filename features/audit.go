package features

import (
	"fmt"
	"strings"

	"github.com/icpfit/icpfit/datasets"
)

// An Audit says what became of the rows and cells of a base. It does not depend
// on the number of processors or on the size of batches. Coverage and features
// are of the table as written.
type Audit struct {
	AsOf     string `json:"as_of"`
	SpecHash string `json:"spec_hash"`

	Rows       int64                     `json:"rows"`     // of the source, and of the accounts table
	Scorable   int64                     `json:"scorable"` // rows without a reason
	Reasons    map[datasets.Reason]int64 `json:"reasons,omitempty"`
	BadDomains []Sample                  `json:"bad_domains,omitempty"` // cells that are no domain, up to 10
	Duplicates Duplicates                `json:"duplicates"`

	Customers int64 `json:"customers"` // scorable rows that are best or pipeline
	Best      int64 `json:"best"`      // of these, best
	LeftOut   int64 `json:"left_out"`  // scorable rows that are ordinary or lost
	Pool      int64 `json:"pool"`      // scorable rows that are none of these

	Features []FeatureAudit `json:"features"`
	Pillars  []PillarAudit  `json:"pillars"`

	Listed *Intake   `json:"listed,omitempty"` // nil without customers
	Won    *WonAudit `json:"won,omitempty"`    // nil where no customer has a date

	Changed *Changed `json:"changed,omitempty"` // nil where no row says when it was changed

	Steps []FunnelStep `json:"funnel,omitempty"`
	First []string     `json:"first_domains,omitempty"` // of the base, up to 5

	found  found
	barred []int // entries whose rows are in the base but have no key
}

// A Sample is a cell that could not be read.
type Sample struct {
	Line int64  `json:"line"` // of a text file; else the number of the row, from 1
	Text string `json:"text"` // at most 80 bytes, without control characters
}

// Duplicates are the rows merged into another one of the same domain.
type Duplicates struct {
	Total  int64   `json:"total"`
	Merged []Merge `json:"merged,omitempty"` // the first 1,000, by row
}

// A Merge is one row merged into another.
type Merge struct {
	Domain    string `json:"domain"`
	AccountID string `json:"account_id"`
	Survivor  string `json:"survivor"` // account id of the row that stays
}

// A FeatureAudit counts the cells of one feature over all rows. Shares are of
// scorable rows, from 0 to 1; 0 where there are no such rows.
type FeatureAudit struct {
	Name   string `json:"name"`
	Pillar Pillar `json:"pillar"`
	Kind   Kind   `json:"kind"`
	Column string `json:"column"`

	Filled     int64    `json:"filled"`            // cells that say something
	Parsed     int64    `json:"parsed"`            // of these, read
	Unreadable int64    `json:"unreadable"`        // of these, not
	Future     int64    `json:"future"`            // of these, dates after the day of the table: missing
	Samples    []Sample `json:"samples,omitempty"` // the first 10 different unreadable cells

	Customers float64 `json:"coverage_customers"`
	Pool      float64 `json:"coverage_pool"`

	AfterWon  int64    `json:"after_won,omitempty"`  // customers whose date here is after the day they were won: missing in the customers table
	LateCells []Sample `json:"late_cells,omitempty"` // the first 10 of these, by line of the accounts

	known split
}

// A PillarAudit gives the share of scorable rows with at least one known
// feature of the pillar.
type PillarAudit struct {
	Pillar    Pillar  `json:"pillar"`
	Features  int     `json:"features"`
	Customers float64 `json:"coverage_customers"`
	Pool      float64 `json:"coverage_pool"`

	known split
}

// A split counts scorable rows.
type split struct{ customers, pool int64 }

func (s *split) add(other split) { s.customers += other.customers; s.pool += other.pool }

// count adds one row of this class.
func (s *split) count(c Class) {
	switch {
	case c == "":
		s.pool++
	case c.positive():
		s.customers++
	}
}

// Caps on what an audit lists.
const (
	maxSamples  = 10
	maxMerged   = 1000
	sampleBytes = 80
)

// A FunnelStep says how many best and pipeline customers are left after a step,
// how many the step lost, and some of those.
type FunnelStep struct {
	Name    string   `json:"name"`
	Count   int      `json:"count"`
	Best    int      `json:"best"` // of Count
	Lost    int      `json:"lost"`
	Samples []string `json:"samples,omitempty"` // up to 20
}

// found notes, by entry of the customer list, which were met.
type found struct{ inBase, known []bool }

// newAudit returns the audit of no rows.
func newAudit(in *Input) *Audit {
	a := &Audit{AsOf: DayString(in.AsOf), SpecHash: SpecHash(in.Specs), Reasons: map[datasets.Reason]int64{}}
	for _, s := range in.Specs {
		a.Features = append(a.Features, FeatureAudit{Name: s.Name, Pillar: s.Pillar, Kind: s.Kind, Column: s.Column})
	}
	for _, p := range Pillars {
		n := 0
		for _, s := range in.Specs {
			if s.Pillar == p {
				n++
			}
		}
		a.Pillars = append(a.Pillars, PillarAudit{Pillar: p, Features: n})
	}
	return a
}

// add appends the audit of the rows that follow those of a.
func (a *Audit) add(b *Audit) {
	a.Rows += b.Rows
	a.Scorable += b.Scorable
	for r, n := range b.Reasons {
		a.Reasons[r] += n
	}
	a.BadDomains = addSamples(a.BadDomains, b.BadDomains)
	a.Duplicates.Total += b.Duplicates.Total
	room := min(maxMerged-len(a.Duplicates.Merged), len(b.Duplicates.Merged))
	a.Duplicates.Merged = append(a.Duplicates.Merged, b.Duplicates.Merged[:room]...)
	a.Customers += b.Customers
	a.Best += b.Best
	a.LeftOut += b.LeftOut
	a.Pool += b.Pool
	a.First = append(a.First, b.First[:min(maxFirst-len(a.First), len(b.First))]...)
	for _, entry := range b.barred {
		a.found.inBase[entry] = true
	}
	for i := range a.Features {
		a.Features[i].add(&b.Features[i])
	}
	for i := range a.Pillars {
		a.Pillars[i].known.add(b.Pillars[i].known)
	}
}

func (f *FeatureAudit) add(g *FeatureAudit) {
	f.Filled += g.Filled
	f.Parsed += g.Parsed
	f.Unreadable += g.Unreadable
	f.Future += g.Future
	f.known.add(g.known)
	f.AfterWon += g.AfterWon
	f.LateCells = addSamples(f.LateCells, g.LateCells)
	f.Samples = addSamples(f.Samples, g.Samples)
}

// addSamples appends the samples whose text is new, up to maxSamples.
func addSamples(have, more []Sample) []Sample {
	for _, s := range more {
		have = addSample(have, s)
	}
	return have
}

func addSample(have []Sample, s Sample) []Sample {
	if len(have) >= maxSamples {
		return have
	}
	for _, h := range have {
		if h.Text == s.Text {
			return have
		}
	}
	return append(have, s)
}

// merged counts a row that was merged into another one.
func (a *Audit) merged(key, id, survivor string) {
	d := &a.Duplicates
	d.Total++
	if len(d.Merged) < maxMerged {
		d.Merged = append(d.Merged, Merge{strings.Clone(key), strings.Clone(id), strings.Clone(survivor)})
	}
}

// finish computes the shares and the funnel.
func (a *Audit) finish(c *Customers) {
	for i := range a.Features {
		f := &a.Features[i]
		f.Customers, f.Pool = share(f.known.customers, a.Customers), share(f.known.pool, a.Pool)
	}
	for i := range a.Pillars {
		p := &a.Pillars[i]
		p.Customers, p.Pool = share(p.known.customers, a.Customers), share(p.known.pool, a.Pool)
	}
	if c != nil {
		a.Listed = &c.intake
		a.Steps = c.funnel(a.found)
		a.Won = c.audit(a.found, a.AsOf)
	}
}

func share(n, of int64) float64 {
	if of == 0 {
		return 0
	}
	return float64(n) / float64(of)
}

// Funnel returns the way of the best and pipeline customers into the features:
// listed, valid domain, deduplicated, found in the base, with features. It is
// nil if the base was built without customers.
func (a *Audit) Funnel() []FunnelStep { return a.Steps }

// minShare is the least share of the filled cells of a feature that must be
// readable, where at least minFilled are filled: below, its column is not what
// its kind says.
const (
	minShare  = 0.2
	minFilled = 10
)

// misfit returns an error that names every feature whose column is not what its
// kind says, with its counts and three samples.
func (a *Audit) misfit(source string) error {
	var faults []string
	for _, f := range a.Features {
		if f.Filled < minFilled || float64(f.Parsed) >= minShare*float64(f.Filled) {
			continue
		}
		var samples []string
		for _, s := range f.Samples[:min(3, len(f.Samples))] {
			samples = append(samples, fmt.Sprintf("%q in line %d", s.Text, s.Line))
		}
		faults = append(faults, fmt.Sprintf("column %q: feature %q of kind %s can read %d of %d filled cells, not %s; want another kind, parser or column",
			f.Column, f.Name, f.Kind, f.Parsed, f.Filled, strings.Join(samples, ", ")))
	}
	if faults == nil {
		return nil
	}
	return datasets.Shapef("%s: %s", source, strings.Join(faults, "\n"))
}
