package compare

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/internal/page"
	"github.com/icpfit/icpfit/model"
)

// A Base says what the challenger in the champion's place changes, on every
// account of a feature table.
type Base struct {
	Rows       int64    `json:"rows"`       // of the table, which Accounts adds up to
	Unscorable int64    `json:"unscorable"` // of these, rows that no model scores: without a domain, duplicates
	Changed    int64    `json:"changed"`    // whose grade differs
	Up         int64    `json:"up"`
	Down       int64    `json:"down"`
	Accounts   Crossing `json:"accounts"`

	Customers Crossing `json:"customers"` // of these accounts, the customers
	Trained   Trained  `json:"customers_trained_on"`

	Segments []Segment `json:"segments"`

	Risers  []Move `json:"risers"`  // that get a better grade; those that move most, as below
	Fallers []Move `json:"fallers"` // a worse one, or none
	Lost    []Move `json:"lost"`    // customers that are A no more
}

// Trained counts the base's customers that the models have learned from: their
// grades are better than those of accounts like them. Null: not known.
type Trained struct {
	Champion   *int64 `json:"champion"`
	Challenger *int64 `json:"challenger"`
}

// An Input is what a base is counted from.
type Input struct {
	Champion, Challenger *model.Model
	Accounts             *features.Table    // with the features of both
	AsOf                 int32              // its date
	Trained              [2]map[uint64]bool // hashes of the customers that each has learned from; nil: not known
	Moves                io.Writer          // for moves.csv; nil: not written
	Progress             func(rows int64)
}

// Run grades the base with both models, in one pass. Both models' golden accounts
// are scored first; a mismatch is an error. Memory is bounded by the row groups
// in flight; the result, moves.csv included, does not depend on the number of
// processors.
func Run(ctx context.Context, in Input) (*Base, error) {
	for _, m := range []*model.Model{in.Champion, in.Challenger} {
		if err := m.CheckGolden(); err != nil {
			return nil, fmt.Errorf("compare: %w", err)
		}
	}
	words := vocabularies(in.Champion, in.Challenger)
	total := newTally(&in, words)
	if in.Moves != nil {
		if _, err := io.WriteString(in.Moves, movesHeader); err != nil {
			return nil, fmt.Errorf("compare: %w", err)
		}
	}
	err := in.Accounts.InOrder(ctx, func() (func(context.Context, int) error, func() error) {
		w := newWorker(&in, words)
		return w.run, func() error { return w.commit(total) }
	})
	if err != nil {
		return nil, fmt.Errorf("compare: %w", err)
	}
	return total.base(&in), nil
}

// A tally holds what is counted of a part of the base.
type tally struct {
	rows, unscorable     int64
	accounts, customers  Crossing
	trained              [2]int64
	segments             []*segmenter
	risers, fallers, out top
}

func newTally(in *Input, words []vocabulary) *tally {
	t := &tally{}
	t.accounts = newCrossing(&in.Champion.Grades, &in.Challenger.Grades)
	t.customers = newCrossing(&in.Champion.Grades, &in.Challenger.Grades)
	for i := range words {
		t.segments = append(t.segments, newSegmenter(&words[i]))
	}
	return t
}

func (t *tally) merge(part *tally) {
	t.rows += part.rows
	t.unscorable += part.unscorable
	t.accounts.merge(&part.accounts)
	t.customers.merge(&part.customers)
	for i := range t.trained {
		t.trained[i] += part.trained[i]
	}
	for i := range t.segments {
		t.segments[i].merge(part.segments[i])
	}
	t.risers.merge(part.risers)
	t.fallers.merge(part.fallers)
	t.out.merge(part.out)
}

// base returns what was counted of all parts.
func (t *tally) base(in *Input) *Base {
	b := &Base{Rows: t.rows, Unscorable: t.unscorable, Accounts: t.accounts, Customers: t.customers, Segments: []Segment{}, Risers: t.risers.list(), Fallers: t.fallers.list(), Lost: t.out.list()}
	b.Accounts.finish()
	b.Customers.finish()
	b.Changed, b.Up, b.Down = b.Accounts.changed()
	for i, to := range []**int64{&b.Trained.Champion, &b.Trained.Challenger} {
		if in.Trained[i] != nil {
			*to = &t.trained[i]
		}
	}
	for _, s := range t.segments {
		b.Segments = append(b.Segments, s.segment())
	}
	return b
}

// keyColumns are read beside the features.
var keyColumns = []string{"domain", "account_id", "name", "customer", "row_reason"}

// A worker scores row groups, one after the other.
type worker struct {
	in      *Input
	words   []vocabulary
	models  [2]*model.Model
	scorer  [2]*model.Scorer
	scores  [2]model.Scores
	reasons [2]*reasons
	columns []string
	part    *tally
	moves   bytes.Buffer // lines of moves.csv
	first   int64        // number of the batch's first row
}

func newWorker(in *Input, words []vocabulary) *worker {
	w := &worker{in: in, words: words, models: [2]*model.Model{in.Champion, in.Challenger}, columns: slices.Clone(keyColumns)}
	for i, m := range w.models {
		w.scorer[i], w.reasons[i] = model.NewScorer(m, in.AsOf), newReasons(m)
		for _, s := range m.Specs {
			if !slices.Contains(w.columns[len(keyColumns):], s.Name) {
				w.columns = append(w.columns, s.Name)
			}
		}
	}
	return w
}

// run counts one row group.
func (w *worker) run(ctx context.Context, group int) error {
	w.part = newTally(w.in, w.words)
	w.moves.Reset()
	w.first = int64(group) << 32 // more rows than a group has
	for i := range w.models {
		w.scorer[i].NewReader()
		w.reasons[i].newReader()
	}
	r, err := w.in.Accounts.Group(group, w.columns)
	if err != nil {
		return err
	}
	return datasets.Drain(ctx, r, func(batch *datasets.Batch) error {
		if err := w.add(batch); err != nil {
			return err
		}
		w.first += int64(batch.Rows)
		return nil
	})
}

// commit adds the row group to the whole.
func (w *worker) commit(total *tally) error {
	total.merge(w.part)
	if w.in.Progress != nil {
		w.in.Progress(total.rows)
	}
	if w.in.Moves == nil {
		return nil
	}
	_, err := w.in.Moves.Write(w.moves.Bytes())
	return err
}

// add counts the rows of a batch.
func (w *worker) add(b *datasets.Batch) error {
	for i := range w.models {
		if err := w.scorer[i].Score(&w.scores[i], b); err != nil {
			return err
		}
		w.reasons[i].start(b)
	}
	for _, s := range w.part.segments {
		s.start(b)
	}
	why, customer := b.Column("row_reason"), b.Column("customer")
	w.part.rows += int64(b.Rows)
	for i := range b.Rows {
		var at [2]int
		if why.Codes[i] >= 0 {
			at[0], at[1] = len(w.models[0].Grades.Cuts), len(w.models[1].Grades.Cuts)
			w.part.unscorable++
			w.part.accounts.Counts[at[0]][at[1]]++
			continue
		}
		for k, m := range w.models {
			at[k] = cut(m, &w.scores[k], i)
		}
		w.count(b, i, at, customer.Flags[i] == 1)
	}
	return nil
}

// count counts an account by its cuts.
func (w *worker) count(b *datasets.Batch, i int, at [2]int, customer bool) {
	p := w.part
	p.accounts.Counts[at[0]][at[1]]++
	if customer {
		p.customers.Counts[at[0]][at[1]]++
		hash := features.DomainHash(b.Column("domain").Cell(i))
		for k, trained := range w.in.Trained {
			if trained[hash] {
				p.trained[k]++
			}
		}
	}
	for _, s := range p.segments {
		s.add(i, at[0], at[1])
	}
	m := Move{row: w.first + int64(i), Customer: customer}
	m.Before.Grade, m.After.Grade = p.accounts.Before[at[0]], p.accounts.After[at[1]]
	if m.steps = place(m.After.Grade) - place(m.Before.Grade); m.steps != 0 {
		w.move(b, i, &m, at[0] == 0)
	}
}

// move notes an account whose grade differs. What is said of it is put into words
// only where it is shown: most accounts that move are not.
func (w *worker) move(b *datasets.Batch, i int, m *Move, lost bool) {
	p := w.part
	if m.Before.Grade != Unscored && m.After.Grade != Unscored {
		m.apart = math.Abs(w.points(0, i) - w.points(1, i))
	}
	lists := [2]*top{&p.risers, nil}
	if m.steps > 0 {
		lists[0] = &p.fallers
	}
	if lost && m.Customer {
		lists[1] = &p.out
	}
	shown := w.in.Moves != nil
	for k, t := range lists {
		if t != nil && t.takes(m) {
			shown = true
		} else {
			lists[k] = nil
		}
	}
	if !shown {
		return
	}
	told := w.describe(b, i, m)
	for _, t := range lists {
		if t != nil {
			t.add(told)
		}
	}
	if w.in.Moves != nil {
		writeMove(&w.moves, &told)
	}
}

// points returns what a model gives row i.
func (w *worker) points(k, i int) float64 { return w.models[k].Points(w.scores[k].Margin[i]) }

// describe puts a move into words.
func (w *worker) describe(b *datasets.Batch, i int, m *Move) Move {
	out := *m
	out.Domain = string(b.Column("domain").Cell(i))
	out.AccountID, out.Name = page.Clean(string(b.Column("account_id").Cell(i))), page.Clean(string(b.Column("name").Cell(i)))
	for k, s := range []*Stand{&out.Before, &out.After} {
		s.Reasons = []Reason{}
		if s.Grade != Unscored {
			points := w.points(k, i)
			s.Points, s.Reasons = &points, w.reasons[k].of(&w.scores[k], i)
		}
	}
	return out
}

// cut returns the number of the cut that row i falls into, that of the cuts for a
// row of which no feature is known.
func cut(m *model.Model, s *model.Scores, i int) int {
	if !s.Known[i] {
		return len(m.Grades.Cuts)
	}
	on := s.Margin[i]
	if m.Grades.On == "priority" {
		on = int64(math.Round(m.RowPriority(s, i) * model.Micro))
	}
	return m.Grades.Index(on)
}
