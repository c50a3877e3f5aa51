package features

import (
	"context"
	"errors"
	"io"

	"golang.org/x/sync/errgroup"

	"github.com/icpfit/icpfit/datasets"
)

// spread reads src in one goroutine and hands each batch to one of the workers,
// in no order. A worker has its batches one after the other; each is filled
// again after the call returns.
func spread(ctx context.Context, src datasets.Source, workers []func(*datasets.Batch) error) error {
	group, ctx := errgroup.WithContext(ctx)
	full := make(chan *datasets.Batch, len(workers))
	free := make(chan *datasets.Batch, 2*len(workers))
	for range cap(free) {
		free <- &datasets.Batch{}
	}
	group.Go(func() error {
		defer close(full)
		return feed(ctx, src, free, func(b *datasets.Batch) error { return send(ctx, full, b) })
	})
	for _, do := range workers {
		group.Go(func() error {
			for b := range full {
				if err := do(b); err != nil {
					return err
				}
				free <- b // has room for every batch there is
			}
			return nil
		})
	}
	return group.Wait()
}

// feed reads src to its end into batches taken from free and passes each on.
// Whoever has it last puts it back.
func feed(ctx context.Context, src datasets.Source, free chan *datasets.Batch, pass func(*datasets.Batch) error) (err error) {
	r, err := src.Open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	for {
		var b *datasets.Batch
		select {
		case b = <-free:
		case <-ctx.Done():
			return ctx.Err()
		}
		if err := r.Read(ctx, b); err != nil {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
		if err := pass(b); err != nil {
			return err
		}
	}
}

// send puts v into c unless ctx is cancelled first.
func send[T any](ctx context.Context, c chan<- T, v T) error {
	select {
	case c <- v:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
