package postgres

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/icpfit/icpfit/datasets"
)

const (
	// batchBytes ends a batch early where rows are long, so that its memory
	// stays bounded and its offsets fit in 32 bits.
	batchBytes = 16 << 20

	// tickRows is after how many rows the stall clock is set back.
	tickRows = 64

	// farewell is how long a reader waits for the server to hear that nobody
	// wants the rest.
	farewell = time.Second
)

// A reader is one pass over the rows of a query.
type reader struct {
	source  *Source
	conn    *pgconn.PgConn // nil before it is connected
	ctx     context.Context
	cancel  context.CancelCauseFunc // of ctx, under which the connection works
	stalled *time.Timer             // calls cancel

	fields  []datasets.Field
	columns []column
	formats []int16

	result  *pgconn.ResultReader // of the fetch under way, nil for none
	fetched int                  // rows of it so far
	count   int64                // rows read so far
	err     error                // final
}

func (r *reader) Schema() []datasets.Field { return r.fields }

// watch runs do under the connection's own context, which ends when ctx does.
func (r *reader) watch(ctx context.Context, do func(context.Context) error) error {
	stop := context.AfterFunc(ctx, func() { r.cancel(ctx.Err()) })
	defer stop()
	r.stalled.Reset(r.source.options.Stall)
	defer r.stalled.Stop()
	return r.cause(ctx, do(r.ctx))
}

// Read fills dst with the next rows.
func (r *reader) Read(ctx context.Context, dst *datasets.Batch) error {
	dst.Prepare(r.fields)
	if r.err == nil {
		r.err = ctx.Err()
	}
	if r.err == nil {
		r.err = r.watch(ctx, func(context.Context) error { return r.fill(dst) })
	}
	if r.err != nil {
		dst.Prepare(r.fields)
		r.hangUp()
		return r.err
	}
	dst.First = r.count
	r.count += int64(dst.Rows)
	return nil
}

// fill reads rows until the batch is full or the query ends.
func (r *reader) fill(dst *datasets.Batch) error {
	for i := range r.columns {
		if s := r.columns[i].items; s != nil && len(s.texts) > maxDictionary {
			*s = *newItems()
		}
	}
	for bytes := 0; dst.Rows < datasets.BatchRows && bytes < batchBytes; {
		row, err := r.next()
		if err != nil {
			return err
		}
		if row == nil {
			break
		}
		n, err := r.add(dst, row)
		if err != nil {
			return err
		}
		bytes += n
		if dst.Rows++; dst.Rows%tickRows == 0 {
			r.stalled.Reset(r.source.options.Stall)
		}
	}
	if dst.Rows == 0 {
		return io.EOF
	}
	for i := range r.columns {
		dst.Columns[i].Dictionary = nil
		if s := r.columns[i].items; s != nil {
			dst.Columns[i].Dictionary = s.texts[:len(s.texts):len(s.texts)]
		}
	}
	return nil
}

// next returns the cells of the next row, nil behind the last one.
func (r *reader) next() ([][]byte, error) {
	for {
		if r.result == nil {
			r.result, r.fetched = r.conn.ExecParams(r.ctx, r.fetchText(), nil, nil, nil, r.formats), 0
		}
		if r.result.NextRow() {
			r.fetched++
			return r.result.Values(), nil
		}
		_, err := r.result.Close()
		r.result = nil
		if err != nil {
			return nil, r.source.fault(err)
		}
		if r.fetched < r.source.options.FetchRows {
			return nil, nil // the cursor is at its end; it may be asked again, and has no more
		}
	}
}

func (r *reader) fetchText() string {
	return fmt.Sprintf("fetch forward %d from icpfit", r.source.options.FetchRows)
}

// add appends a row to dst and returns its size.
func (r *reader) add(dst *datasets.Batch, row [][]byte) (bytes int, err error) {
	if len(row) != len(r.columns) {
		return 0, fmt.Errorf("%s: the server sent %d cells for %d columns", r.source.name, len(row), len(r.columns))
	}
	number := r.count + int64(dst.Rows) + 1
	for i, cell := range row {
		if err := r.columns[i].add(&dst.Columns[i], cell, number); err != nil {
			return 0, &datasets.RowError{Source: r.source.name, Row: number, Column: r.fields[i].Name, Err: err}
		}
		bytes += len(cell)
	}
	return bytes, nil
}

// Close ends the query and the connection. A second call does nothing; Read is
// an error after it.
func (r *reader) Close() error {
	if r.err == nil {
		r.err = fmt.Errorf("%s: %w", r.source.name, errClosed)
	}
	r.hangUp()
	return nil
}

// hangUp ends the connection; where a fetch is under way, the server is told to
// stop it. The transaction only reads, so nothing is lost by not ending it.
func (r *reader) hangUp() {
	r.stalled.Stop()
	if r.conn == nil {
		r.cancel(errClosed)
		return
	}
	if r.result != nil {
		r.cancel(errClosed)
		_, _ = r.result.Close() // gives the cancellation as an error, after asking the server to stop
		r.result = nil
	}
	ctx, done := context.WithTimeout(context.Background(), farewell)
	defer done()
	_ = r.conn.Close(ctx) // nothing was written
	select {
	case <-r.conn.CleanupDone():
	case <-ctx.Done():
	}
	r.cancel(errClosed)
}
