package infer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features/parse"
)

// Limits of a profile, which bound its memory and time whatever the file.
const (
	maxDistinct = 20_000 // values counted in a column; more is near-unique anyway
	maxValue    = 240    // bytes of a value that are kept
	maxLooked   = 4_000  // values of a column that are parsed
)

// A profile is what a column's cells look like.
type profile struct {
	name   string
	kind   datasets.Type
	rows   int // rows read
	filled int // rows with a value

	values []value        // distinct values, in order of appearance
	index  map[string]int // value → place in values, or missing
	others int            // rows whose value came after maxDistinct others

	words  int  // in all cells
	serial bool // every cell is a whole number, and they all rise or all fall
	up     bool
	last   int64
	low    int64
	high   int64
}

type value struct {
	text  string
	rows  int
	words int
}

// readProfiles looks at up to limit rows of src.
func readProfiles(ctx context.Context, src datasets.Source, limit int) (profiles []*profile, err error) {
	r, err := src.Open(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	for _, f := range r.Schema() {
		profiles = append(profiles, &profile{name: f.Name, kind: f.Type, index: map[string]int{}, serial: true})
	}
	var batch datasets.Batch
	for rows := 0; rows < limit; rows += batch.Rows {
		if err := r.Read(ctx, &batch); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, err
		}
		if len(batch.Columns) != len(profiles) {
			return nil, fmt.Errorf("%s: a batch has %d columns, the schema %d", src.Name(), len(batch.Columns), len(profiles))
		}
		for i, p := range profiles {
			p.addColumn(&batch.Columns[i], min(batch.Rows, limit-rows))
		}
	}
	return profiles, nil
}

// addColumn counts the first rows cells of c.
func (p *profile) addColumn(c *datasets.Column, rows int) {
	p.rows += rows
	for i := range rows {
		if c.Type == datasets.Text {
			p.add(c.Cell(i))
		} else if !c.Missing(i) {
			p.add([]byte(cellText(c, i)))
		}
	}
}

// cellText returns the text of a cell of a typed column that is not missing.
func cellText(c *datasets.Column, i int) string {
	switch c.Type {
	case datasets.Number:
		return strconv.FormatFloat(c.Numbers[i], 'f', -1, 64)
	case datasets.Integer:
		return strconv.FormatInt(c.Integers[i], 10)
	case datasets.Date:
		return time.Unix(int64(c.Days[i])*86400, 0).UTC().Format(time.DateOnly)
	case datasets.Flag:
		return strconv.FormatBool(c.Flags[i] == 1)
	case datasets.Category:
		return c.Dictionary[c.Codes[i]]
	case datasets.Set:
		items := make([]string, 0, 8)
		for _, code := range c.Items(i) {
			items = append(items, c.Dictionary[code])
		}
		return strings.Join(items, "|")
	}
	return ""
}

// add counts one cell. A value seen before costs one look-up and no memory.
func (p *profile) add(cell []byte) {
	cell = bytes.TrimSpace(cell)
	if len(cell) > maxValue {
		cell = bytes.ToValidUTF8(cell[:maxValue], nil)
	}
	at, seen := p.index[string(cell)]
	if !seen {
		at = p.enter(string(cell))
	}
	if at == missing {
		return
	}
	p.filled++
	if at == other {
		p.others++
		p.words += len(bytes.Fields(cell))
		p.step(string(cell))
		return
	}
	v := &p.values[at]
	v.rows++
	p.words += v.words
	p.step(v.text)
}

// What the index says of values that have no place.
const (
	missing = -1
	other   = -2 // came after maxDistinct others; not in the index
)

// enter gives a new value its place.
func (p *profile) enter(cell string) int {
	at := len(p.values)
	switch {
	case parse.IsMissing(cell):
		at = missing
	case at == maxDistinct:
		return other
	default:
		p.values = append(p.values, value{text: cell, words: len(strings.Fields(cell))})
	}
	p.index[cell] = at
	return at
}

// step follows whether the cells count up or down row by row.
func (p *profile) step(cell string) {
	if !p.serial {
		return
	}
	n, err := strconv.ParseInt(cell, 10, 64)
	switch {
	case err != nil:
		p.serial = false
	case p.filled == 1:
		p.low, p.high = n, n
	case p.filled == 2:
		p.up = n > p.last
		p.serial = n != p.last
	default:
		p.serial = n != p.last && (n > p.last) == p.up
	}
	p.last, p.low, p.high = n, min(p.low, n), max(p.high, n)
}

// rowNumber reports whether the column numbers the rows: it only rises or only
// falls, with few gaps.
func (p *profile) rowNumber() bool {
	return p.serial && p.filled >= 20 && float64(p.high)-float64(p.low) < 1.5*float64(p.filled)
}

// fill is the share of rows that have a value.
func (p *profile) fill() float64 { return ratio(p.filled, p.rows) }

// unique is the number of distinct values per filled row, in (0, 1]; 0 if empty.
func (p *profile) unique() float64 { return ratio(len(p.values), p.filled-p.others) }

// meanWords is the mean number of words of a value.
func (p *profile) meanWords() float64 { return float64(p.words) / float64(max(1, p.filled)) }

// support is the share of filled rows whose value at least leastSupport rows
// have: what remains of a category when rare values are pooled.
func (p *profile) support() float64 {
	n := 0
	for _, v := range p.values {
		if v.rows >= p.leastSupport() {
			n += v.rows
		}
	}
	return ratio(n, p.filled)
}

// leastSupport is how many rows a value must have to be learned from: 10, and
// less in bases of under 1,000 rows.
func (p *profile) leastSupport() int { return min(10, max(2, p.rows/100)) }

// share returns the share of rows, by the values looked at, of which ok holds.
func (p *profile) share(ok func(string) bool) float64 {
	yes, all := 0, 0
	for _, v := range p.values[:min(len(p.values), maxLooked)] {
		all += v.rows
		if ok(v.text) {
			yes += v.rows
		}
	}
	return ratio(yes, all)
}

func ratio(n, of int) float64 {
	if of == 0 {
		return 0
	}
	return math.Min(1, float64(n)/float64(of))
}
