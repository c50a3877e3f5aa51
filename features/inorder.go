package features

import (
	"context"
	"runtime"

	"golang.org/x/sync/errgroup"
)

// InOrder works on every row group with one goroutine a processor, and commits
// what came of each in the order of the groups. start makes the work of a
// goroutine and its commit, which follows work on the same group and alone.
//
// A goroutine that is done with a group waits for its turn, so no more groups are
// held than there are goroutines.
func (t *Table) InOrder(ctx context.Context, start func() (work func(ctx context.Context, group int) error, commit func() error)) error {
	groups := t.Groups()
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
			work, commit := start()
			for i := range next {
				if err := work(ctx, i); err != nil {
					return err
				}
				select {
				case <-turns[i]:
				case <-ctx.Done():
					return ctx.Err()
				}
				if err := commit(); err != nil {
					return err
				}
				close(turns[i+1])
			}
			return nil
		})
	}
	return g.Wait()
}
