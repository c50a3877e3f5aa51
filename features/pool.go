package features

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/icpfit/icpfit/datasets"
)

// A pool lends batches and bounds the bytes of those lent.
type pool struct {
	mu    sync.Mutex
	back  *sync.Cond
	free  []*lent // the last returned on top, so that few ever grow
	out   int     // batches lent
	bytes int     // that they hold
}

// maxPooled is the most bytes of raw batches that wait to be parsed. One batch
// may exceed it.
const maxPooled = 64 << 20

// A lent batch is read by several users and returned by the last of them.
type lent struct {
	datasets.Batch
	pool  *pool
	size  int
	users atomic.Int32
}

func newPool(ctx context.Context) (p *pool, stop func() bool) {
	p = &pool{}
	p.back = sync.NewCond(&p.mu)
	return p, context.AfterFunc(ctx, func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.back.Broadcast()
	})
}

// take lends a batch, once few enough bytes are lent.
func (p *pool) take(ctx context.Context) (*lent, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.out > 0 && p.bytes >= maxPooled && ctx.Err() == nil {
		p.back.Wait()
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	p.out++
	if n := len(p.free); n > 0 {
		b := p.free[n-1]
		p.free = p.free[:n-1]
		return b, nil
	}
	return &lent{pool: p}, nil
}

// filled says that b has been read and will be returned by so many users.
func (b *lent) filled(users int) {
	b.size = 0
	for i := range b.Columns {
		b.size += columnBytes(&b.Columns[i])
	}
	b.users.Store(int32(users))
	b.pool.mu.Lock()
	defer b.pool.mu.Unlock()
	b.pool.bytes += b.size
}

// done returns b to its pool when the last user is done.
func (b *lent) done() {
	if b.users.Add(-1) > 0 {
		return
	}
	p := b.pool
	p.mu.Lock()
	defer p.mu.Unlock()
	p.out--
	p.bytes -= b.size
	p.free = append(p.free, b)
	p.back.Signal()
}

// columnBytes returns the memory that the rows of c take.
func columnBytes(c *datasets.Column) int {
	n := len(c.Data) + 4*len(c.Offsets) + 8*len(c.Numbers) + 8*len(c.Integers) + 4*len(c.Days) + len(c.Flags) + 4*len(c.Codes) + len(c.Null)
	for i := range c.Children {
		n += columnBytes(&c.Children[i])
	}
	return n
}
