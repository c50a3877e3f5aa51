// Package spool keeps a copy of a source that cannot be read twice with the same
// result, or that may be gone half way: a step then makes all its passes over
// the copy.
//
// A copy is whole or is not: where the source becomes unavailable, what was read
// is dropped and the source is read again from its start, a few times. A copy
// knows the hash of its rows, which depends on their values and order only.
package spool

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"github.com/cenkalti/backoff/v5"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/parquetfile"
	"github.com/icpfit/icpfit/internal/artifact"
	"github.com/icpfit/icpfit/internal/disk"
)

// Options say how to copy. Start from DefaultOptions.
type Options struct {
	Tries    uint              // to read the source, ≥ 1
	Wait     time.Duration     // before the second try; it doubles from try to try
	Progress func(rows int64)  // nil: none
	Again    func(cause error) // called before each further try; nil: none
}

// DefaultOptions returns three tries, within some seconds: what lasts longer is
// for whoever started the program to wait for.
func DefaultOptions() Options { return Options{Tries: 3, Wait: 2 * time.Second} }

// A Copy holds the rows of a source in a file.
type Copy struct {
	Rows int64
	Sum  string // SHA-256 of columns and rows

	name  string
	path  string
	stage *artifact.Staging
}

// Rows copies what src yields into a folder beside target, where an unfinished
// copy of an earlier run is removed. Nothing is ever published at target.
//
// The error is that of the last try. Only errors wrapping
// datasets.ErrUnavailable are worth another.
func Rows(ctx context.Context, src datasets.Source, target string, o Options) (*Copy, error) {
	stage, err := artifact.Stage(target)
	if err != nil {
		return nil, err
	}
	wait := backoff.NewExponentialBackOff()
	wait.InitialInterval, wait.Multiplier = o.Wait, 2
	c, err := backoff.Retry(ctx, func() (*Copy, error) {
		c, err := read(ctx, src, stage, o)
		if err != nil && !errors.Is(err, datasets.ErrUnavailable) {
			err = backoff.Permanent(err)
		}
		return c, err
	}, backoff.WithBackOff(wait), backoff.WithMaxTries(o.Tries), backoff.WithMaxElapsedTime(0), backoff.WithNotify(func(err error, _ time.Duration) {
		if o.Again != nil {
			o.Again(err)
		}
	}))
	if permanent, ok := errors.AsType[*backoff.PermanentError](err); ok {
		err = permanent.Err
	}
	if err != nil {
		stage.Abort()
		if ctx.Err() != nil {
			return nil, ctx.Err() // between tries the cause comes back, whatever it is
		}
		return nil, err
	}
	return c, nil
}

const (
	groupRows  = 131_072  // rows of a row group
	groupBytes = 32 << 20 // of texts, after which a row group ends early: a reader's batch is no larger
)

const copyFile = "rows.parquet"

// read makes one try.
func read(ctx context.Context, src datasets.Source, stage *artifact.Staging, o Options) (c *Copy, err error) {
	r, err := src.Open(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	path := filepath.Join(stage.Folder(), copyFile)
	f, err := disk.Create(path) // not by stage: it is never published, and need not last
	if err != nil {
		return nil, fmt.Errorf("copy %s: %w", src.Name(), err)
	}
	c = &Copy{name: src.Name(), path: path, stage: stage}
	err = c.fill(ctx, r, f, o)
	return c, errors.Join(err, f.Close())
}

// fill writes the rows of r to f.
func (c *Copy) fill(ctx context.Context, r datasets.Reader, f io.Writer, o Options) error {
	options := parquetfile.DefaultOptions()
	options.RowGroupRows = groupRows
	w, err := parquetfile.NewWriter(f, r.Schema(), options)
	if err != nil {
		return err
	}
	sum := newDigest(r.Schema())
	group, rows, bytes := w.NewGroup(), 0, 0
	var b datasets.Batch
	for {
		err := r.Read(ctx, &b)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		sum.add(&b)
		if err := group.Write(&b); err != nil {
			return err
		}
		rows, bytes = rows+b.Rows, bytes+textBytes(&b)
		if rows >= groupRows || bytes >= groupBytes {
			if err := group.Commit(); err != nil {
				return err
			}
			group, rows, bytes = w.NewGroup(), 0, 0
		}
		if o.Progress != nil {
			o.Progress(sum.rows)
		}
	}
	if rows > 0 {
		if err := group.Commit(); err != nil {
			return err
		}
	}
	c.Rows, c.Sum = sum.rows, sum.String()
	return w.Close()
}

// textBytes returns the size of a batch's texts.
func textBytes(b *datasets.Batch) (n int) {
	for i := range b.Columns {
		n += len(b.Columns[i].Data)
		for _, code := range b.Columns[i].Codes {
			if code >= 0 {
				n += len(b.Columns[i].Dictionary[code])
			}
		}
	}
	return n
}

// Name returns the name of the source that was copied.
func (c *Copy) Name() string { return c.name }

// Open starts a pass over the copy.
func (c *Copy) Open(ctx context.Context) (datasets.Reader, error) {
	r, err := parquetfile.New(c.path).Open(ctx)
	if err != nil {
		return nil, fmt.Errorf("%s: its copy: %w", c.name, err)
	}
	return r, nil
}

// Close removes the copy.
func (c *Copy) Close() { c.stage.Abort() }
