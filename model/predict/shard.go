package predict

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/icpfit/icpfit/datasets"
)

// MaxShards is the most shards a base is dealt into.
const MaxShards = 10_000

// A Shard is one share of the base: the accounts whose hash leaves Index when
// divided by Count. Accounts are dealt by domain, or by id where they have none,
// never by their place in a file. The zero Shard is the whole base.
type Shard struct {
	Index int `json:"index"` // from 0
	Count int `json:"count"`
}

// ParseShard reads a shard as it is given on a command line: 0/7 is the first of
// seven, 6/7 the last, as Kubernetes numbers the pods of an Indexed Job.
func ParseShard(s string) (Shard, error) {
	i, n, ok := strings.Cut(s, "/")
	index, err1 := strconv.Atoi(i)
	count, err2 := strconv.Atoi(n)
	if !ok || err1 != nil || err2 != nil || count < 1 || count > MaxShards || index < 0 || index >= count {
		return Shard{}, fmt.Errorf("shard is %q; want i/N with i from 0 to N-1 and N from 1 to %d, as in 0/7", s, MaxShards)
	}
	return Shard{index, count}, nil
}

func (s Shard) String() string { return fmt.Sprintf("%d/%d", s.Index, s.Count) }

// holds reports whether the account with that hash is in the shard.
func (s Shard) holds(hash uint64) bool {
	return s.Count <= 1 || hash%uint64(s.Count) == uint64(s.Index)
}

// pick leaves of a batch the rows that are kept, in place; nil keeps all. A batch
// of a feature table has no lists.
func pick(b *datasets.Batch, kept []bool) {
	if kept == nil {
		return
	}
	for i := range b.Columns {
		pickColumn(&b.Columns[i], kept)
	}
	b.Rows = countKept(kept)
}

func pickColumn(c *datasets.Column, kept []bool) {
	switch c.Type {
	case datasets.Number:
		c.Numbers = compact(c.Numbers, kept)
	case datasets.Integer:
		c.Integers = compact(c.Integers, kept)
	case datasets.Date:
		c.Days = compact(c.Days, kept)
	case datasets.Flag:
		c.Flags = compact(c.Flags, kept)
	case datasets.Category:
		c.Codes = compact(c.Codes, kept)
	case datasets.Text:
		c.Data = compactItems(c.Data, c.Offsets, kept)
		c.Offsets = c.Offsets[:1+countKept(kept)]
	case datasets.Set:
		c.Codes = compactItems(c.Codes, c.Offsets, kept)
		c.Offsets = c.Offsets[:1+countKept(kept)]
	}
	if len(c.Null) > 0 {
		c.Null = compact(c.Null, kept)
	}
}

func countKept(kept []bool) (n int) {
	for _, yes := range kept {
		if yes {
			n++
		}
	}
	return n
}

// compact moves the kept values to the front.
func compact[T any](values []T, kept []bool) []T {
	n := 0
	for i, yes := range kept {
		if yes {
			values[n] = values[i]
			n++
		}
	}
	return values[:n]
}

// compactItems moves the items of the kept rows to the front, and their offsets.
func compactItems[T any](items []T, offsets []int32, kept []bool) []T {
	to, row := int32(0), 0
	from := offsets[0]
	offsets[0] = 0
	for i, yes := range kept {
		end := offsets[i+1]
		if yes {
			to += int32(copy(items[to:], items[from:end]))
			row++
			offsets[row] = to
		}
		from = end
	}
	return items[:to]
}
