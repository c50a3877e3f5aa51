package predict

import (
	"context"
	"errors"
	"io"
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

	pairReader            // of tonight's row group
	known      [2][]int32 // code here of each feature and value of the reader's dictionaries, + 2; 0: not met yet

	join    *join
	scatter *scatter
	intern  texts // grades of its records
	record  []byte
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

// load reads what the night before says of the accounts of a row group of
// tonight. Bases keep their order from night to night, so that this reads one or
// two row groups; where the order is another, that night is sorted first.
func (p *past) load(ctx context.Context, group int) error {
	p.reset(int(p.join.rows[group]))
	var err error
	if err = p.read(p.join, group); err == nil {
		err = p.loadPairs(ctx, group)
	}
	if err != nil {
		return &PreviousError{err}
	}
	return nil
}

func (p *past) loadPairs(ctx context.Context, group int) error {
	rows, largest := int64(0), int64(0) // of the row groups that hold the pairs
	for rest := p.pairs; len(rest) > 0; {
		g, end := p.previous.groupOf(rest[0].then)
		n := int64(end - p.previous.groups[g].first)
		rows, largest = rows+n, max(largest, n)
		rest = rest[before(rest, end):]
	}
	if p.scatter.made.Load() || p.scatter.wanted(int64(len(p.row)), rows, largest) {
		if err := p.scatter.make(ctx); err != nil {
			return err
		}
		return p.scatter.load(p, group, p.pairs)
	}
	for rest := p.pairs; len(rest) > 0; {
		g, end := p.previous.groupOf(rest[0].then)
		last := before(rest, end)
		if err := p.loadGroup(ctx, &p.previous.groups[g], rest[:last]); err != nil {
			return err
		}
		rest = rest[last:]
	}
	return nil
}

// groupOf returns the row group that holds a row, and the row behind its last.
func (p *Previous) groupOf(row int32) (g, end int) {
	g = sort.Search(len(p.groups), func(g int) bool { return p.groups[g].first > int(row) }) - 1
	if g+1 < len(p.groups) {
		return g, p.groups[g+1].first
	}
	return g, p.rows
}

// before returns how many of pairs are of rows before end.
func before(pairs []pair, end int) int {
	return sort.Search(len(pairs), func(i int) bool { return int(pairs[i].then) >= end })
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

// keys are the accounts of a row group that are of the shard, by row: hashes of the
// domain.
type keys struct {
	hashes []uint64 // 0: the row has no domain, or was merged into another
	kept   []bool   // the row is of this shard; nil: all are
}

// keyFields are the columns that keys are made of; the id is asked for where
// there are shards only.
var keyFields = []string{"domain", "row_reason", "account_id"}

// read reads the accounts of a row group of tonight. b is used on the way.
func (k *keys) read(ctx context.Context, in *Input, group int, b *datasets.Batch) error {
	k.hashes, k.kept = k.hashes[:0], k.kept[:0]
	fields := keyFields
	if in.Shard.Count <= 1 {
		fields = keyFields[:2]
	}
	r, err := in.Accounts.Group(group, fields)
	if err != nil {
		return err
	}
	for {
		if err = r.Read(ctx, b); err != nil {
			break
		}
		if in.Shard.Count <= 1 {
			k.add(b)
		} else {
			k.deal(b, in.Shard)
		}
	}
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return errors.Join(err, r.Close())
}

// add appends the rows of a batch with the columns of keyFields but the id.
func (k *keys) add(b *datasets.Batch) {
	domain, why := &b.Columns[0], &b.Columns[1]
	for i := range b.Rows {
		hash := uint64(0)
		if !domain.Missing(i) && !isDuplicate(why, i) {
			hash = features.DomainHash(domain.Cell(i))
		}
		k.hashes = append(k.hashes, hash)
	}
}

// deal appends the rows of a batch with the columns of keyFields that are of the
// shard, and says of all whether they are.
func (k *keys) deal(b *datasets.Batch, shard Shard) {
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
		k.kept = append(k.kept, kept)
		if kept {
			k.hashes = append(k.hashes, hash)
		}
	}
}
