package predict

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/parquetfile"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
)

// Input is what a night is graded from.
type Input struct {
	Model    *model.Model
	Accounts *features.Table
	AsOf     int32     // date of the accounts table
	Previous *Previous // the night before; nil: none
	Progress func(rows int64)

	Overrides   *Overrides  // nil: none
	Exploration Exploration // the zero: none
	Shard       Shard       // the zero: the whole base

	// Scratch makes a temporary file. It is asked for where there is a night before,
	// once, and once more where the base comes in another order than that night's.
	Scratch func() (Scratch, error)

	night *decisions
}

// Summary counts what was written.
type Summary struct {
	Rows     int64            `json:"rows"`
	Grades   map[string]int64 `json:"grades"`   // scored rows by grade
	Unscored map[string]int64 `json:"unscored"` // by reason
	Changed  int64            `json:"changed"`  // accounts whose grade differs from the previous one, those that are gone among them
	Causes   map[string]int64 `json:"causes"`   // of these, by cause

	Listed      int64 `json:"listed"`      // accounts in the table of changes: their grade, tier or reasons differ
	Overridden  int64 `json:"overridden"`  // rows graded by hand
	Exploration int64 `json:"exploration"` // rows offered to sales though graded low

	Unknown []Override `json:"unknown_overrides"` // in force, by line, of accounts that are not in the base

	Accounts int64          `json:"accounts"`       // rows that the table has nothing against: of a domain of their own
	Features []FeatureCount `json:"features_known"` // of these, by feature of the fit, then by intent signal

	Pool *model.Tally `json:"-"` // what package drift compares; nil: nothing was counted
}

// NewSummary returns a summary of nothing.
func NewSummary() *Summary {
	return &Summary{Grades: map[string]int64{}, Unscored: map[string]int64{}, Causes: map[string]int64{}, Unknown: []Override{}, Features: []FeatureCount{}}
}

// Run grades the base into w, and writes the accounts that changed against the
// night before into changes; on a first night none has. The model's golden
// accounts are scored first; a mismatch stops the run.
func Run(ctx context.Context, in Input, w, changes io.Writer) (*Summary, error) {
	if err := in.Model.CheckGolden(); err != nil {
		return nil, fmt.Errorf("predict: %w", err)
	}
	total, err := run(ctx, &in, w, changes)
	if err != nil {
		return nil, fmt.Errorf("predict: %w", err)
	}
	return total, nil
}

func run(ctx context.Context, in *Input, w, changes io.Writer) (*Summary, error) {
	var err error
	if in.night, err = newDecisions(in); err != nil {
		return nil, err
	}
	marks, err := marksOf(in.Model)
	if err != nil {
		return nil, err
	}
	opts := parquetfile.DefaultOptions()
	opts.Int32 = map[string]bool{"tier": true}
	opts.Repeated = repeated(in.Model)
	opts.Filtered = []string{Fields[colDomain].Name} // one account is found without reading them all
	opts.Metadata = map[string]string{keyVersion: in.Model.Version, keyFormat: Format, keyMarks: marks}
	out, err := parquetfile.NewWriter(w, Fields, opts)
	if err != nil {
		return nil, err
	}
	changed, err := newChanges(changes, in)
	if err != nil {
		return nil, err
	}
	total, err := compare(ctx, in, out, changed)
	if err = errors.Join(err, out.Close(), changed.Close()); err != nil {
		return nil, err
	}
	if in.Overrides != nil {
		total.Unknown = in.Overrides.unknown(func(i int) bool {
			return in.night.met[i].Load() || !in.Shard.holds(in.Overrides.hash(i))
		})
	}
	return total, nil
}

// compare scores a base against the night before, if there is one.
func compare(ctx context.Context, in *Input, out, changed *parquetfile.Writer) (total *Summary, err error) {
	if in.Previous == nil {
		return scoreGroups(ctx, *in, out, changed)
	}
	join, err := newJoin(ctx, in)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, join.Close(), in.night.scatter.close()) }()
	in.night.join, in.night.scatter = join, &scatter{in: in, join: join}
	if total, err = scoreGroups(ctx, *in, out, changed); err != nil {
		return nil, err
	}
	return total, writeGone(ctx, in, changed, total)
}

// scoreGroups scores the row groups of a base and writes what came of each in their
// order.
func scoreGroups(ctx context.Context, in Input, out, changes *parquetfile.Writer) (*Summary, error) {
	total := NewSummary()
	err := in.Accounts.InOrder(ctx, func() (func(context.Context, int) error, func() error) {
		w := newWorker(in)
		var group *parquetfile.Group
		var part *Summary
		work := func(ctx context.Context, i int) (err error) {
			group = out.NewGroup()
			part, err = w.run(ctx, i, group, changes)
			return err
		}
		return work, func() error {
			if err := w.commit(group); err != nil {
				return err
			}
			total.Add(part)
			if in.Progress != nil {
				in.Progress(total.Rows)
			}
			return nil
		}
	})
	return total, err
}

// Add adds the counts of another part of the same night.
func (s *Summary) Add(part *Summary) {
	s.Rows += part.Rows
	s.Changed += part.Changed
	s.Listed += part.Listed
	s.Overridden += part.Overridden
	s.Exploration += part.Exploration
	s.Accounts += part.Accounts
	s.Features = addCounts(s.Features, part.Features)
	s.addPool(part.Pool)
	s.Unknown = append(s.Unknown, part.Unknown...)
	slices.SortFunc(s.Unknown, func(a, b Override) int { return cmp.Compare(a.Line, b.Line) })
	for _, pair := range []struct{ to, from map[string]int64 }{{s.Grades, part.Grades}, {s.Unscored, part.Unscored}, {s.Causes, part.Causes}} {
		for k, n := range pair.from {
			pair.to[k] += n
		}
	}
}

// columns of the accounts table that are not features.
var keyColumns = []string{"domain", "account_id", "customer", "row_reason", "class"}

// asStored are the columns of grades that are those of the accounts; the first of
// keyColumns.
var asStored = keyColumns[:2]

// A worker scores row groups, one after the other.
type worker struct {
	in      Input
	scorer  *model.Scorer
	scores  model.Scores
	columns []string
	rows    *rowWriter
	keys    keys
	batch   datasets.Batch // of keys
	changes changeWriter
	known   knownCounter
	pool    poolCounter
}

func newWorker(in Input) *worker {
	w := &worker{in: in, scorer: model.NewScorer(in.Model, in.AsOf), columns: keyColumns}
	for _, s := range in.Model.Specs {
		w.columns = append(w.columns[:len(w.columns):len(w.columns)], s.Name)
	}
	w.rows, w.known = newRowWriter(in), newKnownCounter(in.Model)
	w.pool = newPoolCounter(in.Model, in.AsOf)
	return w
}

// run scores one row group into group, which is left encoded, and the accounts of
// it that changed into w.changes.
func (w *worker) run(ctx context.Context, index int, group *parquetfile.Group, changes *parquetfile.Writer) (*Summary, error) {
	w.changes.group, w.changes.first = nil, 0
	w.rows.newGroup()
	if err := w.lookUp(ctx, index); err != nil {
		return nil, err
	}
	columns, err := w.copy(index, group)
	if err != nil {
		return nil, err
	}
	r, err := w.in.Accounts.Group(index, columns)
	if err != nil {
		return nil, err
	}
	part, err := w.drain(ctx, r, group, changes)
	if err = errors.Join(err, r.Close()); err != nil {
		return nil, err
	}
	if w.changes.group != nil {
		if err := w.changes.group.Flush(); err != nil {
			return nil, err
		}
	}
	return part, group.Flush()
}

// copy has group take over what it can of a row group as it is stored, and returns the
// columns that are to be read.
func (w *worker) copy(index int, group *parquetfile.Group) ([]string, error) {
	if w.in.Shard.Count > 1 { // of which it has some rows only
		return w.columns, nil
	}
	all := true
	for _, name := range asStored {
		copied, err := w.in.Accounts.Copy(group, name, index)
		if err != nil {
			return nil, err
		}
		all = all && copied
	}
	if all && w.in.Previous == nil { // nobody else asks for them
		return w.columns[len(asStored):], nil
	}
	return w.columns, nil
}

// lookUp reads the accounts of a row group, and what the night before says of
// them, where anything is asked of accounts.
func (w *worker) lookUp(ctx context.Context, index int) error {
	if w.in.night.looks {
		if err := w.keys.read(ctx, &w.in, index, &w.batch); err != nil {
			return err
		}
		w.rows.hashes = w.keys.hashes
	}
	if w.in.Previous == nil {
		return nil
	}
	return w.rows.past.load(ctx, index)
}

// commit writes a row group and its changes.
func (w *worker) commit(group *parquetfile.Group) error {
	if err := group.Commit(); err != nil || w.changes.group == nil {
		return err
	}
	return w.changes.group.Commit()
}

func (w *worker) drain(ctx context.Context, r datasets.Reader, group *parquetfile.Group, changes *parquetfile.Writer) (*Summary, error) {
	w.scorer.NewReader()
	part := NewSummary()
	var batch datasets.Batch
	read := 0 // rows of the group
	for {
		err := r.Read(ctx, &batch)
		if errors.Is(err, io.EOF) {
			return part, nil
		}
		if err != nil {
			return nil, err
		}
		if w.in.Shard.Count > 1 {
			rows := batch.Rows
			pick(&batch, w.keys.kept[read:read+rows])
			read += rows
		}
		if err := w.scorer.Score(&w.scores, &batch); err != nil {
			return nil, err
		}
		w.known.count(w.scorer, &batch, part)
		w.pool.count(w.scorer, &w.scores, &batch, part)
		rows := w.rows.fill(&batch, w.scorer, &w.scores, part)
		if err := group.Write(rows); err != nil {
			return nil, err
		}
		if w.in.Previous != nil {
			if err := w.changes.add(rows, &w.rows.past, changes); err != nil {
				return nil, err
			}
			part.Listed += int64(w.changes.out.Rows)
		}
	}
}
