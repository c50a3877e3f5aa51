package segment

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/internal/page"
	"github.com/icpfit/icpfit/model/bin"
)

// Format is the version of _segments.json.
//
//	1  first
const Format = 1

// DefinitionFormat is the version of _definition.json. Older ones are read.
//
//	1  first: every account is in the segment from whose accounts it is least far on average
//	2  or in that whose middle is nearest, where nearest_middle says so
const DefinitionFormat = 2

// Options decide what segments a base is divided into. Start from DefaultOptions.
type Options struct {
	Features []string `json:"features"` // by which accounts are told apart; nil: Defaults
	Segments int      `json:"segments"` // how many, 2 to Most; 0: as many as are found again, or 1
	Minimum  float64  `json:"minimum"`  // least share of the accounts in a segment that is found, in [0, 0.5)
	Rules    []Rule   `json:"rules"`    // segments written by people; then none is looked for
	Seed     uint64   `json:"seed"`
}

// A Rule is a segment written by people.
type Rule struct {
	Name  string `json:"name"`
	Where string `json:"where"` // a features.Condition on the features and customer
}

// Other is the segment of the accounts of which no rule holds, or nothing is known
// by which they could be told apart.
const Other = "other"

// Most is the most segments that are looked for or written.
const Most = 50

// DefaultOptions returns options that take the number of segments from the base. A
// segment of less than one account in fifty is no place to send a campaign.
func DefaultOptions() Options { return Options{Minimum: 0.02, Seed: 1} }

// Validate reports every option that cannot be used; it does not look at the
// features, nor into conditions.
func (o *Options) Validate() error {
	var errs []error
	check := func(ok bool, format string, args ...any) {
		if !ok {
			errs = append(errs, fmt.Errorf("segments: "+format, args...))
		}
	}
	check(o.Segments == 0 || o.Segments >= 2 && o.Segments <= Most, "k is %d; want 2 to %d, or none for as many as are found again", o.Segments, Most)
	check(o.Minimum >= 0 && o.Minimum < 0.5, "minimum is %g; want a share from 0 to below 0.5", o.Minimum)
	check(len(o.Rules) <= Most, "%d rules; want at most %d", len(o.Rules), Most)
	seen := map[string]bool{Other: true}
	for i, r := range o.Rules {
		name := strings.ToLower(r.Name)
		check(r.Name != "" && r.Name == page.Clean(r.Name), "rule %d: the name is %q; want a short text", i+1, page.Clean(r.Name))
		check(!seen[name], "rule %d: the name %q is taken", i+1, page.Clean(r.Name))
		seen[name] = true
	}
	return errors.Join(errs...)
}

// A Definition is what a base is divided by, night after night, until somebody asks
// for other segments.
type Definition struct {
	Format   int       `json:"format"`
	AsOf     string    `json:"as_of"` // of the accounts it was made of
	Options  Options   `json:"options"`
	SpecHash string    `json:"spec_hash"` // of the features used
	Sample   int       `json:"sample"`    // accounts it was made of
	Trials   []Trial   `json:"trials"`    // of numbers of segments
	Segments []Segment `json:"segments"`  // at least one
	Measure

	// Middle holds, by feature, the shares of each segment: [slot][segment].
	Middle [][][]float64 `json:"middle"`
	// NearestMiddle says that an account is in the segment whose middle is nearest; else in
	// that from whose accounts it is least far on average.
	NearestMiddle bool `json:"nearest_middle,omitempty"`

	rules []*features.Condition
	table distances
}

// A Segment is one of a definition.
type Segment struct {
	Name      string   `json:"name"`
	Where     string   `json:"where,omitempty"`     // of a rule
	Named     []Value  `json:"named,omitempty"`     // the values that the name is made of
	Twin      int      `json:"twin,omitempty"`      // tells it from others whose name would be the same; 0: none is
	Share     float64  `json:"share"`               // of the sample
	Distance  *float64 `json:"distance"`            // mean over the sample's accounts; nil: it has none
	Stability *float64 `json:"stability,omitempty"` // how much of it is found again in other samples, 0 to 1: mean Jaccard index
}

// Written reports whether people wrote the segments.
func (d *Definition) Written() bool { return len(d.Options.Rules) > 0 }

// The verdicts on a base.
const (
	Found   = "found"   // segments that are found again
	Asked   = "asked"   // as many as somebody asked for
	None    = "none"    // no stable segments: all accounts are one
	Written = "written" // by people
)

// Verdict says where the segments come from.
func (d *Definition) Verdict() string {
	switch {
	case d.Written():
		return Written
	case len(d.Segments) == 1:
		return None
	case d.Options.Segments > 0:
		return Asked
	}
	return Found
}

// Defaults returns the features by which accounts are told apart unless somebody
// says others: firmographic and technographic numbers, categories, sets and flags.
// Intent changes with the weeks, words and dates say little of what a company is,
// and the group (a list that accounts came from; "" for none) nothing.
func Defaults(specs []features.Spec, group string) []string {
	var out []string
	for _, s := range specs {
		kind := s.Kind == features.Number || s.Kind == features.Category || s.Kind == features.Set || s.Kind == features.Flag
		if kind && s.Pillar != features.Intent && s.Name != group {
			out = append(out, s.Name)
		}
	}
	return out
}

// sampleRows is the size of the sample that segments are found in: shares of it
// have a standard error of 0.35 points at most.
const sampleRows = 20_000

// An Input is what segments are found in.
type Input struct {
	Accounts *features.Table
	AsOf     int32  // its date
	Group    string // the feature that accounts are grouped by, "": none
	Progress func(done, of int)
}

// ErrNothingKnown says that no feature is known of any account.
var ErrNothingKnown = errors.New("nothing is known of any account by which it could be told apart")

// Define divides a base. Same accounts in any order, same options: the same
// segments. It returns an error wrapping datasets.ErrShape where a feature or a
// condition does not fit the table, ErrNothingKnown, or ctx.Err().
func Define(ctx context.Context, in Input, o Options) (*Definition, error) {
	specs, err := in.specs(&o)
	if err != nil {
		return nil, err
	}
	d := &Definition{Format: DefinitionFormat, AsOf: in.Accounts.AsOf, Options: o, SpecHash: features.SpecHash(specs), Trials: []Trial{}}
	if err := d.compile(in.Accounts.Fields); err != nil {
		return nil, err
	}
	sample, err := in.sample(ctx, d, specs)
	if err != nil {
		return nil, err
	}
	d.Measure = *NewMeasure(specs, sample, in.AsOf)
	c := &chooser{m: &d.Measure, t: d.Codes(sample, in.AsOf), seed: o.Seed, minimum: o.Minimum, most: mostSegments, progress: in.Progress}
	rows := d.something(c.t, sample.Column("domain"))
	if len(rows) == 0 {
		return nil, fmt.Errorf("segments: %w", ErrNothingKnown)
	}
	d.Sample, c.t = len(rows), c.t.Select(rows)
	if d.Written() {
		err = d.write(sample, rows, c)
	} else {
		err = d.find(ctx, c)
	}
	if err != nil {
		return nil, err
	}
	return d, nil
}

// specs returns those of the features by which accounts are told apart.
func (in *Input) specs(o *Options) ([]features.Spec, error) {
	names := o.Features
	if names == nil {
		names = Defaults(in.Accounts.Specs, in.Group)
	}
	var out []features.Spec
	for _, name := range names {
		at := slices.IndexFunc(in.Accounts.Specs, func(s features.Spec) bool { return s.Name == name })
		if at < 0 {
			return nil, datasets.Shapef("segments: the table of %s has no feature %q; name features of icpfit.yaml, and run `icpfit features` if it is new", in.Accounts.AsOf, page.Clean(name))
		}
		out = append(out, in.Accounts.Specs[at])
	}
	if len(out) == 0 {
		return nil, datasets.Shapef("segments: no feature to tell accounts apart by; name some in segments.features of icpfit.yaml")
	}
	return out, nil
}

// compile makes the conditions of rules.
func (d *Definition) compile(fields []datasets.Field) error {
	d.rules = nil
	for _, r := range d.Options.Rules {
		c, err := features.NewCondition(r.Where, Conditional(fields))
		if err != nil {
			return datasets.Shapef("segments: rule %q: where: %v", r.Name, err)
		}
		d.rules = append(d.rules, c)
	}
	return nil
}

// Conditional returns the columns of a feature table that a rule may look at: the
// features, and customer.
func Conditional(fields []datasets.Field) []datasets.Field {
	var out []datasets.Field
	for _, f := range fields {
		if !slices.Contains([]string{"domain", "account_id", "name", "row_reason", "duplicate_of", "class", "parent"}, f.Name) {
			out = append(out, f)
		}
	}
	return out
}

// sample loads the accounts whose domains have the least hashes: the same whatever
// the order of rows.
func (in *Input) sample(ctx context.Context, d *Definition, specs []features.Spec) (*datasets.Batch, error) {
	columns := []string{"domain"}
	for _, s := range specs {
		columns = append(columns, s.Name)
	}
	for _, r := range d.rules {
		for _, name := range r.Columns() {
			if !slices.Contains(columns, name) {
				columns = append(columns, name)
			}
		}
	}
	limit, err := in.limit(ctx, d.Options.Seed)
	if err != nil {
		return nil, err
	}
	b, err := in.Accounts.Load(ctx, columns, func(r features.Row) bool {
		return r.Reason == "" && r.Hash != 0 && drawn(r.Hash, d.Options.Seed) <= limit
	})
	if err != nil {
		return nil, fmt.Errorf("segments: %w", err)
	}
	return b, nil
}

// drawn returns a number by which accounts are drawn.
func drawn(hash, seed uint64) uint64 {
	x := hash ^ (seed+1)*0x9e3779b97f4a7c15
	x = (x ^ x>>31) * 0x94d049bb133111eb
	return x ^ x>>29
}

// limit returns the greatest number of the accounts in the sample.
func (in *Input) limit(ctx context.Context, seed uint64) (uint64, error) {
	// About twice as many as are wanted, of which the least are taken.
	rough := uint64(math.MaxUint64)
	if n := in.Accounts.Rows(); n > 2*sampleRows {
		rough = uint64(float64(math.MaxUint64) * 2 * sampleRows / float64(n))
	}
	var all []uint64
	_, err := in.Accounts.Load(ctx, []string{"domain"}, func(r features.Row) bool {
		if n := drawn(r.Hash, seed); r.Reason == "" && r.Hash != 0 && n <= rough {
			all = append(all, n)
		}
		return false
	})
	if err != nil {
		return 0, fmt.Errorf("segments: %w", err)
	}
	if len(all) <= sampleRows {
		return rough, nil
	}
	slices.Sort(all)
	return all[sampleRows-1], nil
}

// something returns the rows of which any feature is known, in the order of their
// numbers: that of the table does not matter.
func (d *Definition) something(t *bin.Table, domains *datasets.Column) []int32 {
	var out []int32
	for i := range t.Rows {
		for f := range t.Columns {
			if t.Columns[f].Codes[i] != 0 {
				out = append(out, int32(i))
				break
			}
		}
	}
	number := func(row int32) uint64 { return drawn(features.DomainHash(domains.Cell(int(row))), d.Options.Seed) }
	slices.SortStableFunc(out, func(a, b int32) int { return cmp.Compare(number(a), number(b)) })
	return out
}

// find looks for segments.
func (d *Definition) find(ctx context.Context, c *chooser) error {
	k := d.Options.Segments
	ks := []int{k}
	if k == 0 {
		ks = ks[:0]
		for n := 2; n <= c.most; n++ {
			ks = append(ks, n)
		}
	}
	var err error
	if d.Trials, err = c.try(ctx, ks); err != nil {
		return err
	}
	if k == 0 {
		k = best(d.Trials)
	}
	s := newSearcher(c.m, c.t, c.spread(c.t.Rows))
	v := s.search(k, starts, rand.New(rand.NewPCG(c.seed, 1<<32)))
	v = ordered(v)
	stable, err := c.jaccard(ctx, v)
	if err != nil {
		return err
	}
	d.Segments = make([]Segment, k)
	if k > 1 {
		for i := range d.Segments {
			d.Segments[i].Stability = &stable[i]
		}
	}
	d.settle(c.t, v)
	return nil
}

// settle keeps the middles of a division of the sample, and says of each segment
// what is in it. Labels of -1 are in none.
func (d *Definition) settle(t *bin.Table, v *division) {
	d.keep(v)
	n := newTally(d)
	r := newRuler(d.table)
	for i, l := range v.labels {
		if l >= 0 {
			n.add(t, i, int(l), r.distance(t, i, int(l)))
		}
	}
	for i := range d.Segments {
		s := &d.Segments[i]
		s.Share, s.Distance = float64(n.segments[i].accounts)/float64(max(d.Sample, 1)), n.segments[i].distance()
	}
	d.name(n)
}

// ordered numbers segments by their size, the largest first.
func ordered(v *division) *division {
	counts := make([]int, v.k)
	for _, l := range v.labels {
		counts[l]++
	}
	order := make([]int, v.k)
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return counts[b] - counts[a] })
	to := make([]int32, v.k)
	for i, from := range order {
		to[from] = int32(i)
	}
	out := &division{k: v.k, spread: v.spread, nearestMiddle: v.nearestMiddle}
	for _, l := range v.labels {
		out.labels = append(out.labels, to[l])
	}
	for _, s := range v.middle {
		moved := make([]float64, len(s))
		for i := range s {
			moved[i/v.k*v.k+int(to[i%v.k])] = s[i]
		}
		out.middle = append(out.middle, moved)
	}
	return out
}
