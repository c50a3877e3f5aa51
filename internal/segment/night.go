package segment

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/parquetfile"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/internal/page"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
)

// Fields are the columns of segments/as_of=D, one row a scored account.
var Fields = []datasets.Field{
	{Name: "domain", Type: datasets.Text},
	{Name: "account_id", Type: datasets.Text},
	{Name: "segment", Type: datasets.Category},
	{Name: "distance", Type: datasets.Number},    // mean distance from the accounts of the segment, 0 to 1; null: nothing is known of the account, or the segment is other
	{Name: "marketing", Type: datasets.Category}, // marketing's own segment
	{Name: "sales", Type: datasets.Category},     // that of sales
	{Name: "common", Type: datasets.Category},    // proposed to both; null: both lists are not given, or have nothing in common
}

// A Night is what a base is divided from.
type Night struct {
	Definition *Definition
	Accounts   *features.Table
	AsOf       int32   // its date
	Graded     *Graded // of the same date
	Marketing  *Given  // to be held against Sales; nil: neither is given
	Sales      *Given
	Conflicts  io.Writer // for the accounts of which the two disagree; wanted where they are given
	Progress   func(rows int64)
}

// Divide gives every scored account its segment and writes them to parts as
// Parquet. The same input gives the same bytes for any number of processors. It
// returns an *OverlapError where rules overlap, and an error that wraps
// datasets.ErrShape where the tables are not of one night or lack a feature; what
// was written to parts is then of no use.
func (n Night) Divide(ctx context.Context, parts io.Writer) (*Divided, error) {
	if err := n.fits(); err != nil {
		return nil, err
	}
	out, err := parquetfile.NewWriter(parts, Fields, parquetfile.DefaultOptions())
	if err != nil {
		return nil, err
	}
	total := &part{tally: newTally(n.Definition)}
	if n.Marketing != nil {
		r := newReconciler(&n)
		if err := r.learn(ctx, &n); err != nil {
			return nil, fmt.Errorf("segments: %w", err)
		}
		if _, err := io.WriteString(n.Conflicts, conflictsHeader); err != nil {
			return nil, fmt.Errorf("segments: %w", err)
		}
		total.proposer = newProposer(r)
	}
	err = n.Accounts.InOrder(ctx, func() (func(context.Context, int) error, func() error) {
		w := newWorker(&n, out, total.proposer)
		return w.run, func() error { return w.commit(total) }
	})
	if err = errors.Join(err, out.Close()); err != nil {
		return nil, fmt.Errorf("segments: %w", err)
	}
	if total.overlap.Accounts > 0 {
		return nil, &total.overlap
	}
	if want := int64(len(n.Graded.accounts)); total.scored != want {
		return nil, datasets.Shapef("segments: %d scored accounts are in the grades and %d of them in the features of %s; run `icpfit predict --as-of %s` again", want, total.scored, n.Accounts.AsOf, n.Accounts.AsOf)
	}
	d := n.divided(total.tally)
	if total.proposer != nil {
		d.Reconciliation, err = total.proposer.finish(d, n.Definition.Options.Seed)
	}
	return d, err
}

// fits compares the definition with the table.
func (n *Night) fits() error {
	var specs []features.Spec
	for _, name := range n.Definition.names() {
		at := slices.IndexFunc(n.Accounts.Specs, func(s features.Spec) bool { return s.Name == name })
		if at < 0 {
			return datasets.Shapef("segments: the table of %s has no feature %q, by which segments are told apart; put it back into icpfit.yaml and run `icpfit features`, or make other segments with --renew", n.Accounts.AsOf, page.Clean(name))
		}
		specs = append(specs, n.Accounts.Specs[at])
	}
	if features.SpecHash(specs) != n.Definition.SpecHash {
		return datasets.Shapef("segments: the table of %s makes a feature in another way than when the segments were made; restore it in icpfit.yaml and run `icpfit features`, or make other segments with --renew", n.Accounts.AsOf)
	}
	return n.Definition.compile(n.Accounts.Fields)
}

// A part is what is counted of some row groups.
type part struct {
	*tally
	rows, scored int64
	overlap      OverlapError
	proposer     *proposer // nil: there is nothing to reconcile
}

// A worker divides row groups, one after the other.
type worker struct {
	*Night
	out      *parquetfile.Writer
	group    *parquetfile.Group
	columns  []string
	appliers []*bin.Applier
	codes    bin.Table
	ruler    *ruler
	lawyer   *lawyer
	proposer *proposer // nil: there is nothing to reconcile
	part     *part
	batch    datasets.Batch // written
}

// keyColumns are read before the features.
var keyColumns = []string{"domain", "account_id", "name", "row_reason"}

func newWorker(n *Night, out *parquetfile.Writer, whole *proposer) *worker {
	w := &worker{Night: n, out: out, columns: slices.Concat(keyColumns, n.Definition.names()), ruler: newRuler(n.Definition.table)}
	w.codes.Columns = make([]bin.Column, len(n.Definition.Features))
	for i := range n.Definition.Features {
		w.appliers = append(w.appliers, bin.NewApplier(&n.Definition.Features[i].Binning, n.AsOf))
	}
	for _, c := range n.Definition.rules {
		for _, name := range c.Columns() {
			if !slices.Contains(w.columns, name) {
				w.columns = append(w.columns, name)
			}
		}
	}
	w.batch.Prepare(Fields)
	for i := range n.Definition.Segments {
		w.batch.Columns[2].Dictionary = append(w.batch.Columns[2].Dictionary, n.Definition.Segments[i].Name)
	}
	w.batch.Columns[2].Dictionary = append(w.batch.Columns[2].Dictionary, Other)
	if whole != nil {
		w.proposer = newProposer(whole.reconciler)
		w.batch.Columns[4].Dictionary, w.batch.Columns[5].Dictionary = n.Marketing.Segments, n.Sales.Segments
		for i := range whole.of.Common {
			w.batch.Columns[6].Dictionary = append(w.batch.Columns[6].Dictionary, whole.of.Common[i].Name)
		}
	}
	return w
}

// run divides one row group.
func (w *worker) run(ctx context.Context, group int) error {
	w.part = &part{tally: newTally(w.Definition)}
	w.lawyer = newLawyer(w.Definition)
	if w.proposer != nil {
		w.proposer.reset()
	}
	w.group = w.out.NewGroup()
	for _, a := range w.appliers {
		a.NewReader()
	}
	r, err := w.Accounts.Group(group, w.columns)
	if err != nil {
		return err
	}
	if err := datasets.Drain(ctx, r, w.add); err != nil {
		return err
	}
	w.part.overlap = w.lawyer.overlap
	return w.group.Flush()
}

// commit adds the row group to the whole.
func (w *worker) commit(total *part) error {
	total.merge(w.part.tally)
	total.rows += w.part.rows
	total.scored += w.part.scored
	total.overlap.merge(&w.part.overlap)
	if w.proposer != nil {
		if err := w.proposer.commit(total.proposer, w.Conflicts); err != nil {
			return err
		}
	}
	if w.Progress != nil {
		w.Progress(total.rows)
	}
	return w.group.Commit()
}

// add divides the rows of a batch.
func (w *worker) add(b *datasets.Batch) error {
	for f := range w.appliers {
		w.appliers[f].Apply(&w.codes.Columns[f], b.Column(w.Definition.Features[f].Feature), b.Rows)
	}
	w.lawyer.start(b)
	w.part.rows += int64(b.Rows)
	for i := range w.batch.Columns {
		w.batch.Columns[i].Reset()
	}
	w.batch.Rows = 0
	domain, reason := &b.Columns[0], &b.Columns[3]
	for i := range b.Rows {
		if !reason.Missing(i) || domain.Missing(i) {
			continue
		}
		g := w.Graded.find(features.DomainHash(domain.Cell(i)))
		if g == nil {
			continue // it has no grade
		}
		w.part.scored++
		if err := w.divide(b, i, g); err != nil {
			return err
		}
	}
	return w.group.Write(&w.batch)
}

// divide gives row i its segment.
func (w *worker) divide(b *datasets.Batch, i int, g *graded) error {
	segment, micro, err := w.segment(i, b.Columns[0].Cell(i))
	if err != nil {
		return err
	}
	w.part.add(&w.codes, i, segment, micro)
	s := &w.part.segments[segment]
	s.take(g)
	if far := far(micro, w.ruler.known, len(w.appliers)); micro >= 0 && s.wants(far) {
		s.stand(typical{Typical{
			Domain: page.Clean(string(b.Columns[0].Cell(i))), Name: page.Clean(string(b.Columns[2].Cell(i))), Grade: page.Clean(w.Graded.grades[g.grade]),
			Points: g.points(), Customer: g.customer, Distance: float64(micro) / model.Micro,
		}, far})
	}
	w.write(b, i, segment, micro, g)
	return nil
}

// segment returns the segment of row i, that of Other the last, and how far it is
// from the middle, -1 for nothing to measure.
func (w *worker) segment(i int, domain []byte) (int, int64, error) {
	other := len(w.Definition.Segments)
	if w.Definition.Written() {
		at, err := w.lawyer.segment(i, domain)
		if err != nil || at == other {
			return other, -1, err
		}
		return at, w.ruler.distance(&w.codes, i, at), nil
	}
	at, micro := w.ruler.nearest(&w.codes, i)
	if at < 0 {
		return other, -1, nil
	}
	return at, micro, nil
}

// write adds row i to what is written.
func (w *worker) write(b *datasets.Batch, i, segment int, micro int64, g *graded) {
	for k := range 2 {
		c := &w.batch.Columns[k]
		c.Data = append(c.Data, b.Columns[k].Cell(i)...)
		c.Offsets = append(c.Offsets, int32(len(c.Data)))
	}
	w.batch.Columns[2].Codes = append(w.batch.Columns[2].Codes, int32(segment))
	w.batch.Columns[3].Numbers = append(w.batch.Columns[3].Numbers, distanceOf(micro))
	common, m, s := int32(-1), int32(-1), int32(-1)
	if w.proposer != nil {
		common, m, s = w.proposer.propose(w, b, i, g)
	}
	for k, code := range []int32{m, s, common} {
		w.batch.Columns[4+k].Codes = append(w.batch.Columns[4+k].Codes, code)
	}
	w.batch.Rows++
}
