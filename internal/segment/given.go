package segment

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/internal/page"
	"github.com/icpfit/icpfit/model"
)

// Given are somebody's own segments, by domain: marketing's, or those of sales.
type Given struct {
	Segments []string // in the order of their names
	Rows     int64    // with a segment
	NoDomain int64    // of these, without a domain that could be an account's
	Twice    int64    // of these, of a domain that had another segment before: it keeps the first

	of map[uint64]int32 // features.DomainHash to segment
}

// mostGiven is the most segments of a column; more are some other column.
const mostGiven = 100

// ReadGiven reads segments from two columns of a source. A column that is not there,
// and one of more than a hundred values, is an error that wraps datasets.ErrShape.
func ReadGiven(ctx context.Context, src datasets.Source, domain, segment string) (*Given, error) {
	g := &Given{of: map[uint64]int32{}}
	index := map[string]int32{}
	err := datasets.EachBatch(ctx, src, func(b *datasets.Batch) error {
		at, label := b.Column(domain), b.Column(segment)
		for name, c := range map[string]*datasets.Column{domain: at, segment: label} {
			if c == nil {
				var have []string
				for i := range b.Columns {
					have = append(have, b.Columns[i].Name)
				}
				return datasets.Shapef("%s: no column %q; want one of %q", src.Name(), name, have)
			}
		}
		for i := range b.Rows {
			text := page.Clean(cell(label, i))
			if text == "" {
				continue
			}
			n, ok := index[text]
			if !ok {
				if len(index) == mostGiven {
					return datasets.Shapef("%s: column %q has more than %d values; want a column of segments", src.Name(), segment, mostGiven)
				}
				n = int32(len(index))
				index[text] = n
				g.Segments = append(g.Segments, text)
			}
			g.add(cell(at, i), n)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("segments: %w", err)
	}
	g.sort()
	return g, nil
}

// add notes the segment of one row.
func (g *Given) add(domain string, segment int32) {
	g.Rows++
	key, reason := datasets.DomainKey(domain)
	if reason != "" {
		g.NoDomain++
		return
	}
	hash := features.DomainHash(key)
	if was, ok := g.of[hash]; ok {
		if was != segment {
			g.Twice++
		}
		return
	}
	g.of[hash] = segment
}

// sort numbers segments by their names.
func (g *Given) sort() {
	sorted := slices.Sorted(slices.Values(g.Segments))
	to := make([]int32, len(sorted))
	for i, name := range g.Segments {
		at, _ := slices.BinarySearch(sorted, name)
		to[i] = int32(at)
	}
	for hash, n := range g.of {
		g.of[hash] = to[n]
	}
	g.Segments = sorted
}

// find returns the segment of an account, -1 for none.
func (g *Given) find(hash uint64) int32 {
	if n, ok := g.of[hash]; ok {
		return n
	}
	return -1
}

// Fingerprint tells these segments from others, whatever the order of their rows.
func (g *Given) Fingerprint() string {
	var sum uint64
	for hash, n := range g.of {
		sum += model.Mix(hash, uint64(n))
	}
	return fmt.Sprintf("%q %d %x", g.Segments, len(g.of), sum)
}

// cell returns a cell as text, "" where it is missing.
func cell(c *datasets.Column, i int) string {
	if c.Missing(i) {
		return ""
	}
	switch c.Type {
	case datasets.Text:
		return string(c.Cell(i))
	case datasets.Category:
		return c.Dictionary[c.Codes[i]]
	case datasets.Integer:
		return strconv.FormatInt(c.Integers[i], 10)
	case datasets.Number:
		return strconv.FormatFloat(c.Numbers[i], 'g', -1, 64)
	case datasets.Flag:
		return strconv.FormatBool(c.Flags[i] == 1)
	}
	return ""
}
