package predict

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sort"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
)

// A past holds what the night before says of the accounts of one row group of
// tonight. Rows of it are numbered in the order in which they were read.
type past struct {
	previous *Previous
	row      []int32 // by row of tonight's group: its row here, -1: there was none

	grade      []string
	cut        []string
	overridden []bool
	excluded   []bool
	tier       []int64
	points     []float64
	offsets    []int32 // of the reasons, by row
	features   []int32 // codes into feature
	values     []int32 // codes into value
	micro      []int64
	feature    texts
	value      texts

	pairs []pair
	known [2][]int32 // code here of each feature and value of the reader's dictionaries, + 2; 0: not met yet
}

// own returns the code here of row at of a child of a reader's reasons.
func (p *past) own(child int, to *texts, c *datasets.Column, at int32) int32 {
	code := c.Codes[at]
	if code < 0 {
		return -1
	}
	for len(p.known[child]) < len(c.Dictionary) {
		p.known[child] = append(p.known[child], 0)
	}
	if p.known[child][code] == 0 {
		p.known[child][code] = to.code(c.Dictionary[code]) + 2
	}
	return p.known[child][code] - 2
}

// A pair is an account's row then and now.
type pair struct{ then, now int32 }

// pastFields are the columns of the night before that are read.
var pastFields = []datasets.Field{
	Fields[colGrade], Fields[colCutGrade], Fields[colUnscoredReason], Fields[colTier], Fields[colPoints], Fields[colReasons], Fields[colOverridden],
}

const (
	paGrade = iota
	paCutGrade
	paUnscoredReason
	paTier
	paPoints
	paReasons
	paOverridden
)

func (p *past) reset(rows int) {
	p.row = p.row[:0]
	for range rows {
		p.row = append(p.row, -1)
	}
	p.grade, p.cut, p.overridden, p.excluded, p.tier, p.points = p.grade[:0], p.cut[:0], p.overridden[:0], p.excluded[:0], p.tier[:0], p.points[:0]
	p.offsets = append(p.offsets[:0], 0)
	p.features, p.values, p.micro = p.features[:0], p.values[:0], p.micro[:0]
	p.feature.reset()
	p.value.reset()
}

// load reads what the night before says of accounts, given by hash, 0 for rows
// that are none. Bases keep their order from night to night, so that this reads
// one or two row groups; a base in another order reads all of them.
func (p *past) load(ctx context.Context, hashes []uint64) error {
	p.reset(len(hashes))
	p.pairs = p.pairs[:0]
	for i, hash := range hashes {
		if hash == 0 {
			continue
		}
		if then := p.previous.find(hash); then >= 0 {
			p.previous.meet(then)
			p.pairs = append(p.pairs, pair{int32(then), int32(i)})
		}
	}
	slices.SortFunc(p.pairs, func(a, b pair) int { return int(a.then) - int(b.then) })
	for rest := p.pairs; len(rest) > 0; {
		g := sort.Search(len(p.previous.groups), func(g int) bool { return p.previous.groups[g].first > int(rest[0].then) }) - 1
		last := len(rest)
		if g+1 < len(p.previous.groups) {
			last = sort.Search(len(rest), func(i int) bool { return int(rest[i].then) >= p.previous.groups[g+1].first })
		}
		if err := p.loadGroup(ctx, &p.previous.groups[g], rest[:last]); err != nil {
			return fmt.Errorf("previous night: %w", err)
		}
		rest = rest[last:]
	}
	return nil
}

// loadGroup reads the rows of one row group that pairs name, in their order.
func (p *past) loadGroup(ctx context.Context, g *pastGroup, pairs []pair) error {
	fields := pastFields
	if !p.previous.hand {
		fields = fields[:paOverridden]
	}
	for child := range p.known {
		p.known[child] = p.known[child][:0]
	}
	return g.visit(ctx, fields, pairs, func(b *datasets.Batch, i int, now int32) {
		p.row[now] = int32(len(p.grade))
		p.add(b, i)
	})
}

// visit reads some columns of a row group and calls of with each row that pairs
// name, in their order.
func (g *pastGroup) visit(ctx context.Context, fields []datasets.Field, pairs []pair, of func(b *datasets.Batch, i int, now int32)) (err error) {
	r, err := g.file.Group(g.index, fields)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	var b datasets.Batch
	from := g.first
	for len(pairs) > 0 {
		if err := r.Read(ctx, &b); errors.Is(err, io.EOF) {
			return datasets.Shapef("a row group is shorter than when it was read first; grade that night again")
		} else if err != nil {
			return err
		}
		for len(pairs) > 0 && int(pairs[0].then) < from+b.Rows {
			of(&b, int(pairs[0].then)-from, pairs[0].now)
			pairs = pairs[1:]
		}
		from += b.Rows
	}
	return nil
}

// add appends row i of a batch with the columns of pastFields.
func (p *past) add(b *datasets.Batch, i int) {
	tier, points, reasons := &b.Columns[paTier], &b.Columns[paPoints], &b.Columns[paReasons]
	p.grade, p.cut = append(p.grade, cell(&b.Columns[paGrade], i)), append(p.cut, cell(&b.Columns[paCutGrade], i))
	p.excluded = append(p.excluded, cell(&b.Columns[paUnscoredReason], i) == string(datasets.Excluded))
	p.overridden = append(p.overridden, p.previous.hand && b.Columns[paOverridden].Flags[i] == 1)
	p.points = append(p.points, points.Numbers[i])
	if tier.Missing(i) {
		p.tier = append(p.tier, 0)
	} else {
		p.tier = append(p.tier, tier.Integers[i])
	}
	feature, value, micro := &reasons.Children[0], &reasons.Children[1], &reasons.Children[2]
	for at := reasons.Offsets[i]; at < reasons.Offsets[i+1]; at++ {
		p.features = append(p.features, p.own(0, &p.feature, feature, at))
		p.values = append(p.values, p.own(1, &p.value, value, at))
		p.micro = append(p.micro, micro.Integers[at])
	}
	p.offsets = append(p.offsets, int32(len(p.features)))
}

// cell returns row i of a category column, "" where it is missing.
func cell(c *datasets.Column, i int) string {
	if code := c.Codes[i]; code >= 0 {
		return c.Dictionary[code]
	}
	return ""
}

// keys are the accounts of a row group, by row: hashes of the domain.
type keys struct {
	hashes []uint64 // 0: the row has no domain, or was merged into another
	kept   []bool   // the row is of this shard; nil: all are
	n      int      // rows kept
}

// keyFields are the columns that keys are made of.
var keyFields = []string{"domain", "row_reason", "account_id"}

// add appends the rows of a batch with the columns of keyFields.
func (k *keys) add(b *datasets.Batch, shard Shard) {
	domain, why, id := &b.Columns[0], &b.Columns[1], &b.Columns[2]
	for i := range b.Rows {
		account, hash := uint64(0), uint64(0)
		if domain.Missing(i) {
			account = features.DomainHash("\x00" + string(id.Cell(i)))
		} else {
			account = features.DomainHash(domain.Cell(i))
			if !isDuplicate(why, i) {
				hash = account
			}
		}
		kept := shard.holds(account)
		if shard.Count > 1 {
			k.kept = append(k.kept, kept)
		}
		if kept {
			k.n++
			k.hashes = append(k.hashes, hash)
		}
	}
}
