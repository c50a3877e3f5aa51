package features

import (
	"context"
	"errors"
	"io"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/parquetfile"
)

// A task is one row group on its way from the source to the file.
type task struct {
	pieces   chan piece
	finished chan struct{} // closed when the fields below are set

	group  *parquetfile.Group // nil where nothing is written
	chosen *datasets.Batch    // its customers; nil if it has none
	audit  *Audit
}

// A piece is a run of rows of a batch that belongs to one group.
type piece struct {
	batch    *lent
	from, to int
}

// A cutter cuts the rows of the base into tasks of groupRows rows.
type cutter struct {
	todo, order chan<- *task
	task        *task // being filled, or nil
	room        int   // rows that it still takes
}

// cut reads the base and sends its tasks to todo and to order, which it closes.
func (r *run) cut(ctx context.Context, todo, order chan<- *task) (err error) {
	c := &cutter{todo: todo, order: order}
	defer c.close()
	source, err := r.Accounts.Open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, source.Close()) }()
	pool, stop := newPool(ctx)
	defer stop()
	for {
		b, err := pool.take(ctx)
		if err != nil {
			return err
		}
		if err := source.Read(ctx, &b.Batch); err != nil {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
		if err := c.add(ctx, b); err != nil {
			return err
		}
	}
}

// add hands b to the current task and to as many new ones as it fills.
func (c *cutter) add(ctx context.Context, b *lent) error {
	users := 1
	if b.Rows > c.room {
		users = (b.Rows - c.room + groupRows - 1) / groupRows
		if c.room > 0 {
			users++
		}
	}
	b.filled(users)
	for from := 0; from < b.Rows; {
		if c.room == 0 {
			if err := c.next(ctx); err != nil {
				return err
			}
		}
		n := min(c.room, b.Rows-from)
		if err := send(ctx, c.task.pieces, piece{b, from, from + n}); err != nil {
			return err
		}
		from += n
		c.room -= n
	}
	return nil
}

// next ends the current task and starts another.
func (c *cutter) next(ctx context.Context) error {
	if c.task != nil {
		close(c.task.pieces)
	}
	// The queue holds a group of full batches, so that the next group can be
	// started while a worker is still busy with this one.
	c.task = &task{pieces: make(chan piece, 2*groupRows/datasets.BatchRows), finished: make(chan struct{})}
	c.room = groupRows
	if err := send(ctx, c.order, c.task); err != nil {
		return err
	}
	return send(ctx, c.todo, c.task)
}

func (c *cutter) close() {
	if c.task != nil {
		close(c.task.pieces)
	}
	close(c.todo)
	close(c.order)
}
