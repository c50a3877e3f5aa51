package features

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features/parse"
)

// peekRows is how many rows, the first ones, decide whether a column writes the
// day or the month of a date first.
const peekRows = 1 << 14

// A base is an input whose source has been looked at.
type base struct {
	*Input
	schema []datasets.Field
	layout layout
	orders map[int]parse.DateOrder // how columns write dates, by number of column; of those with dates
}

// peek finds the columns of in, and how those with dates write them.
func (in *Input) peek(ctx context.Context) (b *base, err error) {
	r, err := in.Accounts.Open(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	b = &base{Input: in, schema: slices.Clone(r.Schema()), orders: map[int]parse.DateOrder{}}
	if b.layout, err = in.layout(b.schema); err != nil {
		return nil, err
	}
	if b.layout.modified >= 0 {
		b.orders[b.layout.modified] = parse.DayFirst
	}
	for i, at := range b.layout.features {
		if in.Specs[i].Kind == Date {
			b.orders[at] = parse.DayFirst
		}
	}
	if len(b.orders) == 0 {
		return b, nil
	}
	cells, err := slashed(ctx, r, b.orders)
	for at := range b.orders {
		b.orders[at] = parse.OrderOf(cells[at])
	}
	return b, err
}

// slashed returns the cells of those columns of the first rows that do not
// start with a year.
func slashed(ctx context.Context, r datasets.Reader, columns map[int]parse.DateOrder) (map[int][]string, error) {
	cells := map[int][]string{}
	var b datasets.Batch
	for b.First+int64(b.Rows) < peekRows {
		if err := r.Read(ctx, &b); err != nil {
			if errors.Is(err, io.EOF) {
				break
			}
			return nil, err
		}
		for at := range columns {
			col := &b.Columns[at]
			rows := int(min(int64(b.Rows), peekRows-b.First))
			texts := textsOf(col, 0, rows)
			for i := range rows {
				if cell := texts.at(i); len(cell) >= 6 && strings.ContainsAny(cell[:4], "/.- ") {
					cells[at] = append(cells[at], strings.Clone(cut(cell)))
				}
			}
		}
	}
	return cells, nil
}
