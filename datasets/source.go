package datasets

import (
	"context"
	"errors"
	"fmt"
	"io"
)

// A Source is an input that can be read from its start any number of times.
type Source interface {
	// Name says where the rows come from, for errors: a path, a table.
	Name() string

	// Open starts a pass over the rows. An input whose shape is wrong (no
	// header, two columns of one name) is an error here, wrapping ErrShape.
	Open(ctx context.Context) (Reader, error)
}

// A Reader is one pass over a source's rows. It is not safe for concurrent use.
//
// Read fills dst with the next rows, at most BatchRows, reusing its memory. It
// returns nil with dst.Rows > 0, or an error with dst.Rows = 0: io.EOF after
// the last row, ctx.Err() if the caller gave up, an error wrapping a *RowError
// where a row is malformed. Every error is final.
type Reader interface {
	Schema() []Field
	Read(ctx context.Context, dst *Batch) error
	Close() error
}

// A Glancer is a Source of which a pass can leave out cells.
type Glancer interface {
	Source

	// Glance is Open for a pass that needs some columns only, by name. Of the
	// others nothing is kept: their columns in a batch are as Prepare leaves them.
	// Batch.Filled says how many cells of each row are not empty, of all columns.
	Glance(ctx context.Context, columns []string) (Reader, error)
}

// Glance opens a pass over src that needs some columns only. Where src cannot leave
// cells out, they are all there, and Batch.Filled is empty.
func Glance(ctx context.Context, src Source, columns []string) (Reader, error) {
	if g, ok := src.(Glancer); ok {
		return g.Glance(ctx, columns)
	}
	return src.Open(ctx)
}

// EachBatch opens src and hands its batches to do, in order. The batch is
// filled again after do returns.
func EachBatch(ctx context.Context, src Source, do func(*Batch) error) error {
	r, err := src.Open(ctx)
	if err != nil {
		return err
	}
	return Drain(ctx, r, do)
}

// Drain hands what is left of r to do, batch by batch, and closes r. The batch is
// filled again after do returns.
func Drain(ctx context.Context, r Reader, do func(*Batch) error) (err error) {
	defer func() { err = errors.Join(err, r.Close()) }()
	var b Batch
	for {
		if err := r.Read(ctx, &b); err != nil {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
		if err := do(&b); err != nil {
			return err
		}
	}
}

// BatchRows is the most rows a Reader puts into a batch: small enough for the
// columns of a batch to stay in the cache, large enough to amortise calls.
const BatchRows = 4096

// ErrShape is wrapped by errors about the shape of an input: a ragged row, a
// column named twice, a file that is not what its name says. Commands that
// meet it end with exit code 2.
var ErrShape = errors.New("malformed input")

// ErrNoRows is wrapped by errors about a text with a header and no rows. It is
// of shape too; who can do without rows looks for it.
var ErrNoRows = Shapef("no rows behind the header; want at least one")

// ErrUnavailable is wrapped by errors about a source that could not be reached,
// or that went away while it was read: the same call may well succeed later.
// Commands that meet it end with exit code 75.
var ErrUnavailable = errors.New("source unavailable")

// A RowError locates a fault in a source. It wraps ErrShape through Err when
// the fault is one of shape.
type RowError struct {
	Source string // file, table or CRM object
	Row    int64  // 1-based; the line, for a text file
	Column string // "" if the whole row is at fault
	Err    error
}

func (e *RowError) Error() string {
	if e.Column == "" {
		return fmt.Sprintf("%s:%d: %v", e.Source, e.Row, e.Err)
	}
	return fmt.Sprintf("%s:%d: column %q: %v", e.Source, e.Row, e.Column, e.Err)
}

// Unwrap returns the fault without its place.
func (e *RowError) Unwrap() error { return e.Err }

// A ShapeError is a fault in the shape of an input; errors.Is(err, ErrShape)
// holds. Its text is the fact and what to do about it.
type ShapeError struct{ Msg string }

func (e *ShapeError) Error() string { return e.Msg }

// Is makes errors.Is(err, ErrShape) true.
func (e *ShapeError) Is(target error) bool { return target == ErrShape }

// Shapef returns a ShapeError with a formatted text.
func Shapef(format string, args ...any) error { return &ShapeError{fmt.Sprintf(format, args...)} }
