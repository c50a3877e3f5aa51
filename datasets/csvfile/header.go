package csvfile

import (
	"fmt"
	"slices"
	"strings"

	"github.com/icpfit/icpfit/datasets"
)

const maxColumns = 4096

// A header says where the cells of a row go.
type header struct {
	names  []string           // one a cell; "" for a column that is dropped
	wanted []string           // the names of columns whose cells are kept; nil: all
	spare  []datasets.Column  // takes the cells of columns without a name
	cells  []*datasets.Column // one a cell: of the batch being filled, or spare; nil for one that is not kept
	kept   []kept             // those of cells that are not nil
}

// newHeader takes the cells of the first row.
func newHeader(row *datasets.Column) (header, error) {
	n := len(row.Offsets) - 1
	h := header{names: make([]string, n), cells: make([]*datasets.Column, n)}
	place := make(map[string]int, n)
	unnamed := 0
	for i := range n {
		name := strings.TrimSpace(string(row.Cell(i)))
		h.names[i] = name
		if name == "" {
			unnamed++
			continue
		}
		if first, twice := place[name]; twice {
			return header{}, datasets.Shapef("columns %d and %d are both named %q; rename one", first+1, i+1, name)
		}
		place[name] = i
	}
	if unnamed == n {
		return header{}, datasets.Shapef("header without a name; want the names of the columns on the first line")
	}
	h.spare = make([]datasets.Column, unnamed)
	return h, nil
}

// fields returns the named columns, in their order.
func (h *header) fields() []datasets.Field {
	var fields []datasets.Field
	for _, name := range h.names {
		if name != "" {
			fields = append(fields, datasets.Field{Name: name, Type: datasets.Text})
		}
	}
	return fields
}

// bind points cells at the columns of b, which is prepared.
func (h *header) bind(b *datasets.Batch) {
	named, unnamed := 0, 0
	h.kept = h.kept[:0]
	for i, name := range h.names {
		h.cells[i] = nil
		switch {
		case name == "":
			h.cells[i] = &h.spare[unnamed]
			h.cells[i].Reset()
			unnamed++
		case h.wanted == nil || slices.Contains(h.wanted, name):
			h.cells[i] = &b.Columns[named]
		}
		if name != "" {
			named++
		}
		if h.cells[i] != nil {
			h.kept = append(h.kept, kept{i, h.cells[i]})
		}
	}
}

// title names column i for an error.
func (h *header) title(i int) string {
	if h.names[i] == "" {
		return fmt.Sprintf("column %d", i+1)
	}
	return h.names[i]
}

// describe names column i inside a sentence.
func (h *header) describe(i int) string {
	if h.names[i] == "" {
		return fmt.Sprint(i + 1)
	}
	return fmt.Sprintf("%q", h.names[i])
}
