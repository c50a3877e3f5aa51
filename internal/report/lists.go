package report

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/parquetfile"
	"github.com/icpfit/icpfit/internal/page"
	"github.com/icpfit/icpfit/model"
)

// A List is a complete list beside the report: name.csv and name.parquet, with the
// same rows. Texts are as the base has them, but that CSV cells which a spreadsheet
// would take for a formula start with an apostrophe.
//
//	calls        the accounts that the call list's rule picks, most points first
//	changes      the accounts whose grade or points differ from the night before, and
//	             those that are new or gone; in the order of the base, the gone last
//	unscored     the accounts without a grade, in the order of the base
//	exploration  the low-graded accounts offered to sales, in the order of the base
//	overrides    the decisions by hand, in the order of their file
//
// Where the night before cannot be read there are no changes; where there is none,
// neither.
type List struct {
	Name string `json:"name"`
	Rows int64  `json:"rows"`
}

// Create makes a file beside the report.
type Create func(name string) (io.WriteCloser, error)

// cells of a list.
const (
	asText = iota
	asNumber
	asWhole
	asFlag
)

// A listColumn is a column of a list.
type listColumn struct {
	name string
	kind int
}

// batchRows is how many rows of a list are written at once.
const batchRows = 4096

// A listWriter writes the rows of one list in both forms.
type listWriter struct {
	List
	fields  []datasets.Field
	csv     *bufio.Writer
	parquet *parquetfile.Writer
	files   []io.Closer
	batch   datasets.Batch
	at      int // column of the next cell
	err     error
	line    []byte
}

// newListWriter begins a list.
func newListWriter(create Create, name string, columns []listColumn) (*listWriter, error) {
	w := &listWriter{List: List{Name: name}, fields: make([]datasets.Field, len(columns))}
	var files [2]io.WriteCloser
	for i, suffix := range []string{".csv", ".parquet"} {
		f, err := create(name + suffix)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("report: %w", err), w.closeFiles())
		}
		files[i] = f
		w.files = append(w.files, f)
	}
	w.csv = bufio.NewWriterSize(files[0], 1<<16)
	for i, c := range columns {
		w.fields[i] = datasets.Field{Name: c.name, Type: [...]datasets.Type{datasets.Text, datasets.Number, datasets.Integer, datasets.Flag}[c.kind]}
		if i > 0 {
			w.line = append(w.line, ',')
		}
		w.line = append(w.line, c.name...)
	}
	w.line = append(w.line, '\n')
	_, w.err = w.csv.Write(w.line)
	w.line = w.line[:0]
	var err error
	if w.parquet, err = parquetfile.NewWriter(files[1], w.fields, parquetfile.DefaultOptions()); err != nil {
		return nil, errors.Join(fmt.Errorf("report: %w", err), w.closeFiles())
	}
	w.batch.Prepare(w.fields)
	return w, nil
}

func (w *listWriter) closeFiles() error {
	var err error
	for _, f := range w.files {
		err = errors.Join(err, f.Close())
	}
	return err
}

// next returns the column of the next cell, and separates it from the one before.
func (w *listWriter) next() *datasets.Column {
	if w.at > 0 {
		w.line = append(w.line, ',')
	}
	c := &w.batch.Columns[w.at]
	w.at++
	return c
}

func (w *listWriter) text(s string) {
	c := w.next()
	c.Data = append(c.Data, s...)
	c.Offsets = append(c.Offsets, int32(len(c.Data)))
	if s != "" {
		w.line = append(w.line, page.Cell(page.CleanNote(s))...)
	}
}

// number writes a number, NaN for missing.
func (w *listWriter) number(v float64) {
	c := w.next()
	c.Numbers = append(c.Numbers, v)
	if !math.IsNaN(v) {
		w.line = strconv.AppendFloat(w.line, v, 'f', -1, 64)
	}
}

func (w *listWriter) whole(v int64) {
	c := w.next()
	c.Integers = append(c.Integers, v)
	w.line = strconv.AppendInt(w.line, v, 10)
}

func (w *listWriter) flag(v bool) {
	c := w.next()
	c.Flags = append(c.Flags, 0)
	if v {
		c.Flags[len(c.Flags)-1] = 1
	}
	w.line = strconv.AppendBool(w.line, v)
}

// end ends a row.
func (w *listWriter) end() {
	w.line = append(w.line, '\n')
	if _, err := w.csv.Write(w.line); err != nil && w.err == nil {
		w.err = err
	}
	w.line, w.at = w.line[:0], 0
	w.Rows++
	w.batch.Rows++
	if w.batch.Rows == batchRows {
		w.flush()
	}
}

func (w *listWriter) flush() {
	if w.batch.Rows == 0 {
		return
	}
	if err := w.parquet.Write(&w.batch); err != nil && w.err == nil {
		w.err = err
	}
	w.batch.Prepare(w.fields)
}

// Close ends the list; it returns the first error of all writes.
func (w *listWriter) Close() error {
	w.flush()
	err := errors.Join(w.err, w.csv.Flush(), w.parquet.Close(), w.closeFiles())
	if err != nil {
		return fmt.Errorf("report: %s: %w", w.Name, err)
	}
	return nil
}

// The columns of the lists that a scan writes as it goes.
var (
	changeColumns   = []listColumn{{"domain", asText}, {"account_id", asText}, {"customer", asFlag}, {"previous_grade", asText}, {"grade", asText}, {"previous_points", asNumber}, {"points", asNumber}, {"change", asNumber}, {"cause", asText}, {"cause_feature", asText}}
	unscoredColumns = []listColumn{{"domain", asText}, {"account_id", asText}, {"customer", asFlag}, {"reason", asText}, {"fix", asText}}
	exploreColumns  = []listColumn{{"domain", asText}, {"account_id", asText}, {"grade", asText}, {"points", asNumber}}
	overrideColumns = []listColumn{{"domain", asText}, {"grade", asText}, {"cut_grade", asText}, {"author", asText}, {"reason", asText}, {"expires", asText}, {"status", asText}}
)

// lists are the complete lists of one report; nil writes none.
type lists struct {
	create                     Create
	changes, unscored, explore *listWriter
	calls                      []pick // all that the rule picks
}

// newLists begins the lists that a scan fills.
func newLists(create Create, compared bool) (*lists, error) {
	if create == nil {
		return nil, nil
	}
	l := &lists{create: create}
	var err error
	if compared {
		if l.changes, err = newListWriter(create, "changes", changeColumns); err != nil {
			return nil, err
		}
	}
	if l.unscored, err = newListWriter(create, "unscored", unscoredColumns); err != nil {
		return nil, errors.Join(err, l.abort())
	}
	if l.explore, err = newListWriter(create, "exploration", exploreColumns); err != nil {
		return nil, errors.Join(err, l.abort())
	}
	return l, nil
}

// abort closes what is open, after an error.
func (l *lists) abort() error {
	if l == nil {
		return nil
	}
	var err error
	for _, w := range []*listWriter{l.changes, l.unscored, l.explore} {
		if w != nil {
			err = errors.Join(err, w.closeFiles())
		}
	}
	return err
}

// finish closes the lists of the scan and writes the others.
func (l *lists) finish(r *Report, words *reasoner, cuts []model.Cut) ([]List, error) {
	out := []List{}
	if l == nil {
		return out, nil
	}
	var errs []error
	for _, w := range []*listWriter{l.changes, l.unscored, l.explore} {
		if w != nil {
			errs = append(errs, w.Close())
			out = append(out, w.List)
		}
	}
	l.changes, l.unscored, l.explore = nil, nil, nil
	calls, err := l.writeCalls(words, cuts)
	errs = append(errs, err)
	hand, err := l.writeOverrides(r.Overrides)
	errs = append(errs, err)
	out = append(out, calls, hand)
	slices.SortFunc(out, func(a, b List) int { return cmp.Compare(a.Name, b.Name) })
	return out, errors.Join(errs...)
}

// callReasons is the number of reason columns of the call list.
const callReasons = 5

func (l *lists) writeCalls(words *reasoner, cuts []model.Cut) (List, error) {
	columns := []listColumn{{"domain", asText}, {"account_id", asText}, {"name", asText}, {"grade", asText}, {"previous_grade", asText}, {"tier", asWhole}, {"points", asNumber}}
	for i := range callReasons {
		columns = append(columns, listColumn{"reason_" + strconv.Itoa(i+1), asText})
	}
	w, err := newListWriter(l.create, "calls", columns)
	if err != nil {
		return List{}, err
	}
	for i := range l.calls {
		p := &l.calls[i]
		w.text(p.domain)
		w.text(p.id)
		w.text(p.name)
		w.text(cuts[p.grade].Grade)
		w.text(p.previous)
		w.whole(int64(cuts[p.grade].Tier))
		w.number(float64(p.micro) / model.Micro)
		for k := range callReasons {
			text := ""
			if k < len(p.reasons) {
				t := p.reasons[k]
				text = words.tell.Brief(t.feature, t.value, t.micro)
			}
			w.text(text)
		}
		w.end()
	}
	return w.List, w.Close()
}

func (l *lists) writeOverrides(all []Override) (List, error) {
	w, err := newListWriter(l.create, "overrides", overrideColumns)
	if err != nil {
		return List{}, err
	}
	for i := range all {
		o := &all[i]
		for _, s := range []string{o.Domain, o.Grade, o.CutGrade, o.Author, o.Reason, o.Expires, o.Status} {
			w.text(s)
		}
		w.end()
	}
	return w.List, w.Close()
}

// The rows that a scan writes as it goes. l may be nil: nothing is written then.

// account writes the cells that tell an account.
func (w *listWriter) account(b *datasets.Batch, i int) {
	w.text(string(b.Columns[inDomain].Cell(i)))
	w.text(string(b.Columns[inID].Cell(i)))
}

// unscoredRow lists row i, which has no grade.
func (l *lists) unscoredRow(b *datasets.Batch, i int, reason, fix string) {
	if l == nil {
		return
	}
	w := l.unscored
	w.account(b, i)
	w.flag(b.Columns[inCustomer].Flags[i] == 1)
	w.text(reason)
	w.text(fix)
	w.end()
}

// exploredRow lists row i, which is offered though graded low.
func (l *lists) exploredRow(b *datasets.Batch, i int, grade string, points float64) {
	if l == nil {
		return
	}
	w := l.explore
	w.account(b, i)
	w.text(grade)
	w.number(points)
	w.end()
}

// A change is what a row of the list of changes says beside the account.
type change struct {
	customer       bool
	from, to       string  // grades, "" for none
	before, points float64 // NaN for none
	cause, feature string
}

// changed lists an account that changed.
func (l *lists) changed(domain, id []byte, c change) {
	if l == nil || l.changes == nil {
		return
	}
	w := l.changes
	w.text(string(domain))
	w.text(string(id))
	w.flag(c.customer)
	w.text(c.from)
	w.text(c.to)
	w.number(c.before)
	w.number(c.points)
	w.number(math.Round((c.points-c.before)*model.Micro) / model.Micro)
	w.text(c.cause)
	w.text(c.feature)
	w.end()
}

// called lists an account to call.
func (l *lists) called(p pick) {
	if l != nil {
		l.calls = append(l.calls, p)
	}
}
