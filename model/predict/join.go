package predict

import (
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/bits"
	"runtime"
	"slices"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
)

// A join says which accounts of tonight are which of the night before, and which of
// that night are gone: a hash join (Shapiro, "Join processing in database systems
// with large main memories", 1986, GRACE). Both nights are dealt by the hash of the
// domain to a temporary file, so that the accounts of one part fit into memory;
// what is found is dealt to it by row group. So memory does not grow with the
// accounts; the file has some 40 bytes of each.
type join struct {
	in    *Input
	file  blockFile
	pairs *chains // by row group of tonight: row in the group, row of the night before
	rows  []int32 // by row group of tonight: its rows in the shard
	gone  *chains // by row group of the night before: row, of a graded account that is not there tonight
}

// partRows is about how many rows of the night before a part has.
const partRows = 48 << 10

// mostParts bounds the memory of dealing; parts are larger then.
const mostParts = 4096

// Sizes of the records: a hash of 8 bytes where there is one, then numbers of 4.
const (
	thenSize = 8 + 4     // row of the night before, and whether it has a grade
	nowSize  = 8 + 4 + 4 // row group of tonight and row in it
	pairSize = 4 + 4
	goneSize = 4
)

// ungraded marks a row of the night before that had no grade.
const ungraded = 1 << 31

// newJoin joins the nights of in. Close it, also after an error.
func newJoin(ctx context.Context, in *Input) (*join, error) {
	if in.Scratch == nil {
		return nil, errors.New("no place for a temporary file; set Input.Scratch")
	}
	file, err := in.Scratch()
	if err != nil {
		return nil, fmt.Errorf("previous night: %w", err)
	}
	j := &join{in: in, file: blockFile{Scratch: file}}
	if err := j.make(ctx); err != nil {
		return nil, errors.Join(err, j.Close())
	}
	return j, nil
}

// Close removes the file.
func (j *join) Close() error { return j.file.Close() }

func (j *join) make(ctx context.Context) error {
	night := j.in.Previous
	parts := min(1<<bits.Len(uint(night.rows/partRows)), mostParts)
	j.rows = make([]int32, j.in.Accounts.Groups())
	then, now := newChains(&j.file, thenSize, parts), newChains(&j.file, nowSize, parts)
	if err := j.dealThen(ctx, then); err != nil {
		return &PreviousError{err}
	}
	if err := j.dealNow(ctx, now); err != nil {
		return err
	}
	j.pairs, j.gone = newChains(&j.file, pairSize, j.in.Accounts.Groups()), newChains(&j.file, goneSize, len(night.groups))
	return inParallel(ctx, parts, func() (func(context.Context, int) error, func() error) {
		p := part{nights: j, then: then, now: now, pairs: j.pairs.writer(), gone: j.gone.writer()}
		return p.join, func() error { return errors.Join(p.pairs.flush(), p.gone.flush()) }
	})
}

// partOf returns which of a number of parts, a power of two, a hash is of.
func partOf(hash uint64, parts int) int {
	return int(hash >> (64 - bits.Len(uint(parts-1))) & uint64(parts-1))
}

// dealThen deals the accounts of the night before.
func (j *join) dealThen(ctx context.Context, to *chains) error {
	night := j.in.Previous
	return inParallel(ctx, len(night.groups), func() (func(context.Context, int) error, func() error) {
		w := to.writer()
		var b datasets.Batch
		return func(ctx context.Context, g int) error {
			return night.accounts(ctx, g, &b, func(row int32, hash uint64, graded bool) error {
				if !j.in.Shard.holds(hash) {
					return nil
				}
				r, err := w.record(partOf(hash, len(to.heads)))
				if err != nil {
					return err
				}
				number := uint32(row)
				if !graded {
					number |= ungraded
				}
				binary.LittleEndian.PutUint64(r, hash)
				binary.LittleEndian.PutUint32(r[8:], number)
				return nil
			})
		}, w.flush
	})
}

// accountFields are the columns that say which account a row of a night is.
var accountFields = []datasets.Field{Fields[colDomain], Fields[colGrade], Fields[colUnscoredReason]}

// accounts calls of with each account of a row group: its row in the night, its
// hash and whether it has a grade.
func (p *Previous) accounts(ctx context.Context, group int, b *datasets.Batch, of func(row int32, hash uint64, graded bool) error) (err error) {
	g := &p.groups[group]
	r, err := g.file.Group(g.index, accountFields)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	for row := g.first; ; row += b.Rows {
		if err := r.Read(ctx, b); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		domain, grade, why := &b.Columns[0], &b.Columns[1], &b.Columns[2]
		for i, code := range grade.Codes[:b.Rows] {
			if domain.Missing(i) || isDuplicate(why, i) {
				continue
			}
			if err := of(int32(row+i), features.DomainHash(domain.Cell(i)), code >= 0); err != nil {
				return err
			}
		}
	}
}

// dealNow deals the accounts of tonight.
func (j *join) dealNow(ctx context.Context, to *chains) error {
	return inParallel(ctx, j.in.Accounts.Groups(), func() (func(context.Context, int) error, func() error) {
		w := to.writer()
		var k keys
		var b datasets.Batch
		return func(ctx context.Context, g int) error {
			if err := k.read(ctx, j.in, g, &b); err != nil {
				return err
			}
			j.rows[g] = int32(len(k.hashes))
			for row, hash := range k.hashes {
				if hash == 0 {
					continue
				}
				r, err := w.record(partOf(hash, len(to.heads)))
				if err != nil {
					return err
				}
				binary.LittleEndian.PutUint64(r, hash)
				binary.LittleEndian.PutUint32(r[8:], uint32(g))
				binary.LittleEndian.PutUint32(r[12:], uint32(row))
			}
			return nil
		}, w.flush
	})
}

// A pairReader reads pairs into the same memory again and again.
type pairReader struct {
	pairs []pair
	rows  []int32 // by row of tonight's group: row of the night before + 1
	block []byte
}

// read reads the pairs of a row group of tonight, in the order of the night before.
func (p *pairReader) read(j *join, group int) (err error) {
	p.rows = filled(p.rows, int(j.rows[group]), 0)
	p.block, err = j.pairs.read(group, p.block, func(r []byte) error {
		p.rows[binary.LittleEndian.Uint32(r)] = int32(binary.LittleEndian.Uint32(r[4:])) + 1
		return nil
	})
	p.pairs = p.pairs[:0]
	for now, then := range p.rows {
		if then > 0 {
			p.pairs = append(p.pairs, pair{then - 1, int32(now)})
		}
	}
	// Bases keep their order, so that there is little to sort.
	slices.SortFunc(p.pairs, func(a, b pair) int { return cmp.Or(int(a.then)-int(b.then), int(a.now)-int(b.now)) })
	return err
}

// goneOf returns the rows of a row group of the night before whose accounts are
// gone, in order.
func (j *join) goneOf(group int) (rows []int32, err error) {
	_, err = j.gone.read(group, nil, func(r []byte) error {
		rows = append(rows, int32(binary.LittleEndian.Uint32(r)))
		return nil
	})
	slices.Sort(rows)
	return rows, err
}

// inParallel calls work with each of n numbers, with one goroutine a processor;
// start makes the work of a goroutine, and what it does at its end.
func inParallel(ctx context.Context, n int, start func() (work func(context.Context, int) error, finish func() error)) error {
	var next atomic.Int64
	g, ctx := errgroup.WithContext(ctx)
	for range min(runtime.GOMAXPROCS(0), max(1, n)) {
		g.Go(func() error {
			work, finish := start()
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				if err := work(ctx, i); err != nil {
					return err
				}
			}
			return finish()
		})
	}
	return g.Wait()
}
