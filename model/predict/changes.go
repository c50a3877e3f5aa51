package predict

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/parquetfile"
)

// A changeWriter picks the changed accounts out of the rows of one row group.
type changeWriter struct {
	out   datasets.Batch
	group *parquetfile.Group // nil: nothing has changed so far
	first int                // number in the row group of the next batch's first row
}

// add writes the accounts of a batch of the grade table that changed against p.
func (c *changeWriter) add(b *datasets.Batch, p *past, w *parquetfile.Writer) error {
	c.out.Prepare(ChangeFields)
	for i := range b.Rows {
		then := int(p.row[c.first+i])
		if !changed(b, i, p, then) {
			continue
		}
		c.out.Rows++
		c.now(b, i)
		c.then(p, then)
	}
	c.first += b.Rows
	if c.out.Rows == 0 {
		return nil
	}
	for _, col := range [][2]int{{chGrade, colGrade}, {chPreviousGrade, colPreviousGrade}, {chCause, colCause}, {chCauseFeature, colCauseFeature}, {chUnscoredReason, colUnscoredReason}} {
		c.out.Columns[col[0]].Dictionary = b.Columns[col[1]].Dictionary
	}
	reasons, before := c.out.Columns[chReasons].Children, c.out.Columns[chPreviousReasons].Children
	for child := range 2 {
		reasons[child].Dictionary = b.Columns[colReasons].Children[child].Dictionary
	}
	before[0].Dictionary, before[1].Dictionary = p.feature.list, p.value.list
	if c.group == nil {
		c.group = w.NewGroup()
	}
	return c.group.Write(&c.out)
}

// changed reports whether row i has another grade, tier or reasons than row then
// of the night before, -1 for none.
func changed(b *datasets.Batch, i int, p *past, then int) bool {
	grade := cell(&b.Columns[colGrade], i)
	if then < 0 {
		return grade != "" // what was not there and has no grade is nobody's news
	}
	if grade != p.grade[then] {
		return true
	}
	tier := int64(0)
	if grade != "" {
		tier = b.Columns[colTier].Integers[i]
	}
	if tier != p.tier[then] {
		return true
	}
	r := &b.Columns[colReasons]
	from, to, past := r.Offsets[i], r.Offsets[i+1], p.offsets[then]
	if to-from != p.offsets[then+1]-past {
		return true
	}
	for k := range to - from {
		if r.Children[2].Integers[from+k] != p.micro[past+k] || cell(&r.Children[0], int(from+k)) != p.feature.list[p.features[past+k]] || cell(&r.Children[1], int(from+k)) != p.valueOf(past+k) {
			return true
		}
	}
	return false
}

// valueOf returns the value of a reason.
func (p *past) valueOf(at int32) string {
	if code := p.values[at]; code >= 0 {
		return p.value.list[code]
	}
	return ""
}

// now appends what row i of a grade table says of tonight.
func (c *changeWriter) now(b *datasets.Batch, i int) {
	for _, col := range [][2]int{{chDomain, colDomain}, {chAccountID, colAccountID}} {
		dst := &c.out.Columns[col[0]]
		dst.Data = append(dst.Data, b.Columns[col[1]].Cell(i)...)
		dst.Offsets = append(dst.Offsets, int32(len(dst.Data)))
	}
	for _, col := range [][2]int{{chGrade, colGrade}, {chPreviousGrade, colPreviousGrade}, {chCause, colCause}, {chCauseFeature, colCauseFeature}, {chUnscoredReason, colUnscoredReason}} {
		dst := &c.out.Columns[col[0]]
		dst.Codes = append(dst.Codes, b.Columns[col[1]].Codes[i])
	}
	tier := &b.Columns[colTier]
	c.integer(chTier, tier.Integers[i], tier.Missing(i))
	c.out.Columns[chPoints].Numbers = append(c.out.Columns[chPoints].Numbers, b.Columns[colPoints].Numbers[i])
	r := &b.Columns[colReasons]
	c.list(chReasons, r.Children[0].Codes, r.Children[1].Codes, r.Children[2].Integers, r.Offsets[i], r.Offsets[i+1])
}

// then appends what the night before said.
func (c *changeWriter) then(p *past, then int) {
	if then < 0 {
		c.integer(chPreviousTier, 0, true)
		c.out.Columns[chPreviousPoints].Numbers = append(c.out.Columns[chPreviousPoints].Numbers, math.NaN())
		c.list(chPreviousReasons, nil, nil, nil, 0, 0)
		return
	}
	c.integer(chPreviousTier, p.tier[then], p.tier[then] == 0)
	c.out.Columns[chPreviousPoints].Numbers = append(c.out.Columns[chPreviousPoints].Numbers, p.points[then])
	c.list(chPreviousReasons, p.features, p.values, p.micro, p.offsets[then], p.offsets[then+1])
}

func (c *changeWriter) integer(col int, v int64, null bool) {
	dst := &c.out.Columns[col]
	dst.Integers, dst.Null = append(dst.Integers, v), append(dst.Null, null)
}

// list appends a list of reasons, null where it is empty.
func (c *changeWriter) list(col int, feature, value []int32, micro []int64, from, to int32) {
	dst := &c.out.Columns[col]
	dst.Children[0].Codes = append(dst.Children[0].Codes, feature[from:to]...)
	dst.Children[1].Codes = append(dst.Children[1].Codes, value[from:to]...)
	dst.Children[2].Integers = append(dst.Children[2].Integers, micro[from:to]...)
	dst.Offsets = append(dst.Offsets, int32(len(dst.Children[2].Integers)))
	dst.Null = append(dst.Null, from == to)
}

// newChanges starts a table of changes on w.
func newChanges(w io.Writer, in *Input) (*parquetfile.Writer, error) {
	opts := parquetfile.DefaultOptions()
	opts.Int32 = map[string]bool{"tier": true, "previous_tier": true}
	opts.Metadata = map[string]string{keyVersion: in.Model.Version, keyFormat: Format}
	if in.Previous != nil {
		opts.Metadata["icpfit.previous_model_version"] = in.Previous.Version
	}
	return parquetfile.NewWriter(w, ChangeFields, opts)
}

// writeGone appends the graded accounts of the night before that are in the
// shard and gone, in the order of that night, and counts them.
func writeGone(ctx context.Context, in *Input, w *parquetfile.Writer, sum *Summary) error {
	p := in.Previous
	for g := range p.groups {
		rows, err := in.night.join.goneOf(g)
		if err != nil {
			return &PreviousError{err}
		}
		if len(rows) == 0 {
			continue
		}
		sum.Changed += int64(len(rows))
		sum.Listed += int64(len(rows))
		sum.Causes[CauseGone] += int64(len(rows))
		if err := writeGoneGroup(ctx, p, g, rows, w); err != nil {
			return &PreviousError{err}
		}
	}
	return nil
}

// goneDictionary is the dictionary of chCause where all are gone.
var goneDictionary = []string{CauseGone}

func writeGoneGroup(ctx context.Context, p *Previous, g int, rows []int32, w *parquetfile.Writer) error {
	then := past{previous: p}
	then.reset(0)
	pairs := make([]pair, len(rows))
	for i, row := range rows {
		then.row = append(then.row, -1)
		pairs[i] = pair{row, int32(i)}
	}
	if err := then.loadGroup(ctx, &p.groups[g], pairs); err != nil {
		return err
	}
	var c changeWriter
	c.out.Prepare(ChangeFields)
	var names texts
	names.reset()
	err := p.groups[g].visit(ctx, []datasets.Field{Fields[colDomain], Fields[colAccountID]}, pairs, func(b *datasets.Batch, i int, now int32) {
		c.gone(b, i, &then, int(now), &names)
	})
	if err != nil {
		return err
	}
	c.out.Columns[chPreviousGrade].Dictionary, c.out.Columns[chCause].Dictionary = names.list, goneDictionary
	before := c.out.Columns[chPreviousReasons].Children
	before[0].Dictionary, before[1].Dictionary = then.feature.list, then.value.list
	return w.Write(&c.out)
}

// gone appends an account that is not there any more.
func (c *changeWriter) gone(b *datasets.Batch, i int, p *past, then int, names *texts) {
	c.out.Rows++
	for col := range 2 {
		dst := &c.out.Columns[[]int{chDomain, chAccountID}[col]]
		dst.Data = append(dst.Data, b.Columns[col].Cell(i)...)
		dst.Offsets = append(dst.Offsets, int32(len(dst.Data)))
	}
	for _, code := range []struct {
		col  int
		code int32
	}{{chPreviousGrade, names.code(p.grade[then])}, {chGrade, -1}, {chCause, 0}, {chCauseFeature, -1}, {chUnscoredReason, -1}} {
		c.out.Columns[code.col].Codes = append(c.out.Columns[code.col].Codes, code.code)
	}
	c.integer(chTier, 0, true)
	c.out.Columns[chPoints].Numbers = append(c.out.Columns[chPoints].Numbers, math.NaN())
	c.list(chReasons, nil, nil, nil, 0, 0)
	c.then(p, then)
}

// JoinChanges writes the changes of the shards of a night, the files at paths, as
// one table.
func JoinChanges(ctx context.Context, in *Input, paths []string, w io.Writer) error {
	out, err := newChanges(w, in)
	if err != nil {
		return fmt.Errorf("changes: %w", err)
	}
	for _, path := range paths {
		if err := joinFile(ctx, path, out); err != nil {
			return fmt.Errorf("changes: %w", err)
		}
	}
	if err := out.Close(); err != nil {
		return fmt.Errorf("changes: %w", err)
	}
	return nil
}

func joinFile(ctx context.Context, path string, out *parquetfile.Writer) (err error) {
	f, err := parquetfile.OpenFile(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	var b datasets.Batch
	for g := range f.Groups() {
		r, err := f.Group(g, ChangeFields)
		if err != nil {
			return err
		}
		for err == nil {
			if err = r.Read(ctx, &b); err == nil {
				err = out.Write(&b)
			}
		}
		if errors.Is(err, io.EOF) {
			err = nil
		}
		if err = errors.Join(err, r.Close()); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	return nil
}
