package report

import (
	"cmp"
	"context"
	"slices"

	"github.com/icpfit/icpfit/datasets"
)

// A pick is an account that a list may show.
type pick struct {
	key        int64 // what the list ranks by, most first
	domain, id string
	at         place
	grade      int // index into the cuts
	previous   string
	micro      int32 // points now and then
	before     int32
	customer   bool
	cause      string
	feature    string // of the cause
	name       string // found in the accounts table
	met        bool   // it was
	similar    []string
	listed     bool // on the report itself, with its reasons in sentences
	reasons    []told
	cells      []cellOf // by term; nil: not found in the accounts table
}

// A top keeps the size picks of greatest key. Ties go to the lesser domain,
// then id, so that the order of rows does not matter.
type top struct {
	size  int
	picks []pick
}

// ahead orders picks: most first, ties by domain and id.
func ahead(a, b pick) int {
	return cmp.Or(cmp.Compare(b.key, a.key), cmp.Compare(a.domain, b.domain), cmp.Compare(a.id, b.id))
}

// wants reports whether a pick of that key may enter.
func (t *top) wants(key int64) bool {
	return len(t.picks) < t.size || key >= t.picks[len(t.picks)-1].key
}

func (t *top) add(p pick) {
	at, _ := slices.BinarySearchFunc(t.picks, p, ahead)
	if at == t.size {
		return
	}
	if len(t.picks) == t.size {
		t.picks = t.picks[:t.size-1]
	}
	t.picks = slices.Insert(t.picks, at, p)
}

// readReasons fills the reasons of picks: it reads that column of their row
// groups only.
func readReasons(ctx context.Context, parts []string, picks []pick) error {
	fields := []datasets.Field{{Name: "reasons", Type: datasets.List, Children: []datasets.Field{
		{Name: "feature", Type: datasets.Category},
		{Name: "value", Type: datasets.Category},
		{Name: "micro_points", Type: datasets.Integer},
	}}}
	v := &reasonReader{picks: map[place]*pick{}}
	groups := make(map[int][]int)
	for i := range picks {
		at := picks[i].at
		v.picks[at] = &picks[i]
		if !slices.Contains(groups[at.part], at.group) {
			groups[at.part] = append(groups[at.part], at.group)
		}
	}
	for part, path := range parts {
		if len(groups[part]) == 0 {
			continue
		}
		slices.Sort(groups[part])
		if err := streamFile(ctx, path, part, groups[part], fields, v); err != nil {
			return err
		}
	}
	return nil
}

// A reasonReader picks the reasons of a few rows.
type reasonReader struct {
	picks map[place]*pick
	at    place
}

func (v *reasonReader) start(part, group int) { v.at = place{part: part, group: group} }

func (v *reasonReader) batch(b *datasets.Batch) error {
	c := &b.Columns[0]
	for i := range b.Rows {
		v.at.row = b.First + int64(i)
		p := v.picks[v.at]
		if p == nil {
			continue
		}
		for k := c.Offsets[i]; k < c.Offsets[i+1]; k++ {
			p.reasons = append(p.reasons, told{text(&c.Children[0], k), text(&c.Children[1], k), c.Children[2].Integers[k]})
		}
	}
	return nil
}

// text returns row i of a category column, "" where it is missing.
func text(c *datasets.Column, i int32) string {
	if c.Codes[i] < 0 {
		return ""
	}
	return c.Dictionary[c.Codes[i]]
}
