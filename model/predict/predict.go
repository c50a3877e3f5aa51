package predict

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"

	"golang.org/x/sync/errgroup"

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
}

// Summary counts what was written.
type Summary struct {
	Rows     int64            `json:"rows"`
	Grades   map[string]int64 `json:"grades"`   // scored rows by grade
	Unscored map[string]int64 `json:"unscored"` // by reason
	Changed  int64            `json:"changed"`  // rows whose grade differs from the previous one
	Causes   map[string]int64 `json:"causes"`   // of these, by cause
}

// Run grades the base into w. The model's golden accounts are scored first; a
// mismatch stops the run.
func Run(ctx context.Context, in Input, w io.Writer) (*Summary, error) {
	if err := in.Model.CheckGolden(); err != nil {
		return nil, fmt.Errorf("predict: %w", err)
	}
	opts := parquetfile.DefaultOptions()
	opts.Int32 = map[string]bool{"tier": true}
	opts.Metadata = map[string]string{"icpfit.model_version": in.Model.Version, "icpfit.format": "1"}
	out, err := parquetfile.NewWriter(w, Fields, opts)
	if err != nil {
		return nil, fmt.Errorf("predict: %w", err)
	}
	total, err := scoreGroups(ctx, in, out)
	if err = errors.Join(err, out.Close()); err != nil {
		return nil, fmt.Errorf("predict: %w", err)
	}
	return total, nil
}

// scoreGroups scores row groups with one goroutine a processor and commits them
// in order. A goroutine that is done waits for its turn, so no more row groups
// are held than there are goroutines.
func scoreGroups(ctx context.Context, in Input, out *parquetfile.Writer) (*Summary, error) {
	total := &Summary{Grades: map[string]int64{}, Unscored: map[string]int64{}, Causes: map[string]int64{}}
	groups := in.Accounts.Groups()
	turns := make([]chan struct{}, groups+1)
	for i := range turns {
		turns[i] = make(chan struct{})
	}
	close(turns[0])
	next := make(chan int)
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer close(next)
		for i := range groups {
			select {
			case next <- i:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	for range min(runtime.GOMAXPROCS(0), max(1, groups)) {
		g.Go(func() error {
			w := newWorker(in)
			for i := range next {
				group := out.NewGroup()
				part, err := w.run(ctx, i, group)
				if err != nil {
					return err
				}
				select {
				case <-turns[i]:
				case <-ctx.Done():
					return ctx.Err()
				}
				if err := group.Commit(); err != nil {
					return err
				}
				total.add(part)
				if in.Progress != nil {
					in.Progress(total.Rows)
				}
				close(turns[i+1])
			}
			return nil
		})
	}
	return total, g.Wait()
}

func (s *Summary) add(part *Summary) {
	s.Rows += part.Rows
	s.Changed += part.Changed
	for _, pair := range []struct{ to, from map[string]int64 }{{s.Grades, part.Grades}, {s.Unscored, part.Unscored}, {s.Causes, part.Causes}} {
		for k, n := range pair.from {
			pair.to[k] += n
		}
	}
}

// columns of the accounts table that are not features.
var keyColumns = []string{"domain", "account_id", "customer", "row_reason"}

// A worker scores row groups, one after the other.
type worker struct {
	in      Input
	scorer  *model.Scorer
	scores  model.Scores
	columns []string
	rows    *rowWriter
}

func newWorker(in Input) *worker {
	w := &worker{in: in, scorer: model.NewScorer(in.Model, in.AsOf), columns: keyColumns}
	for _, s := range in.Model.Specs {
		w.columns = append(w.columns[:len(w.columns):len(w.columns)], s.Name)
	}
	w.rows = newRowWriter(in)
	return w
}

// run scores one row group into group, which is left encoded.
func (w *worker) run(ctx context.Context, index int, group *parquetfile.Group) (*Summary, error) {
	r, err := w.in.Accounts.Group(index, w.columns)
	if err != nil {
		return nil, err
	}
	part, err := w.drain(ctx, r, group)
	if err = errors.Join(err, r.Close()); err != nil {
		return nil, err
	}
	return part, group.Flush()
}

func (w *worker) drain(ctx context.Context, r datasets.Reader, group *parquetfile.Group) (*Summary, error) {
	w.scorer.NewReader()
	w.rows.newGroup()
	part := &Summary{Grades: map[string]int64{}, Unscored: map[string]int64{}, Causes: map[string]int64{}}
	var batch datasets.Batch
	for {
		err := r.Read(ctx, &batch)
		if errors.Is(err, io.EOF) {
			return part, nil
		}
		if err != nil {
			return nil, err
		}
		if err := w.scorer.Score(&w.scores, &batch); err != nil {
			return nil, err
		}
		if err := group.Write(w.rows.fill(&batch, &w.scores, part)); err != nil {
			return nil, err
		}
	}
}
