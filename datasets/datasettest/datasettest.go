// Package datasettest is the contract of datasets.Source: the checks that every
// source passes, whatever it reads.
//
// A source's own test writes a table the way its format wants it and hands back
// the source; the same tables go through every format:
//
//	func TestContract(t *testing.T) {
//		datasettest.TestSource(t, func(t *testing.T, table datasettest.Table) datasets.Source {
//			return parquetfile.New(write(t, table))
//		})
//	}
//
// Sources differ in types, so cells are compared as text: see Table.
package datasettest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/icpfit/icpfit/datasets"
)

// A Table is what a source is to yield. Cells are text: numbers in their
// shortest decimal form, dates as 2006-01-02, flags as true and false, sets as
// [a|b], lists as [{name:a|n:1}|{…}]. "" is missing; "[]" is a set known to be
// empty.
//
// Types are the natural types of the columns. A typed source uses them to write
// the table; one that reads everything as text writes the cells as they are.
type Table struct {
	Header []string
	Types  []datasets.Type
	Rows   [][]string
}

// Items returns the items of a set's cell, and whether it is one: "[a|b]" gives
// a and b, "[]" none, and "" is not a set but missing.
func Items(cell string) ([]string, bool) {
	inner, ok := strings.CutPrefix(cell, "[")
	if !ok || !strings.HasSuffix(inner, "]") {
		return nil, false
	}
	if inner = strings.TrimSuffix(inner, "]"); inner == "" {
		return nil, true
	}
	return strings.Split(inner, "|"), true
}

// TestSource runs the contract over a set of tables. write puts a table where
// the source finds it, in a place of its own, and returns the source.
func TestSource(t *testing.T, write func(t *testing.T, table Table) datasets.Source) {
	t.Helper()
	for _, tt := range []struct {
		name  string
		table Table
	}{
		{"one row", Accounts(1)},
		{"odd values", oddValues()},
		{"one column", columns(Accounts(50), 0)},
		{"a column without values", columns(emptied(Accounts(20), 1), 0, 1)},
		{"a batch less one", Accounts(datasets.BatchRows - 1)},
		{"a batch", Accounts(datasets.BatchRows)},
		{"a batch and one", Accounts(datasets.BatchRows + 1)},
		{"10,000 rows", Accounts(10_000)},
		{"long cells", longCells()},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if err := Check(t.Context(), write(t, tt.table), tt.table); err != nil {
				t.Error(err)
			}
		})
	}
}

// Accounts returns n rows with a column of every type that text can hold. A
// seventh of its cells is missing, those of the first column excepted.
func Accounts(n int) Table {
	t := Table{
		Header: []string{"domain", "Company name", "employees", "founded", "hiring", "technologies"},
		Types: []datasets.Type{
			datasets.Text, datasets.Text, datasets.Number, datasets.Date, datasets.Flag, datasets.Set,
		},
		Rows: make([][]string, n),
	}
	sets := []string{"[hubspot]", "[]", "[salesforce|slack]", "[a, b|c;d|\"e\"]"}
	for i := range t.Rows {
		row := []string{
			fmt.Sprintf("company-%d.example", i),
			fmt.Sprintf("Société nº %d, \"S.A.\"; Łódź", i),
			fmt.Sprint(i * 3),
			fmt.Sprintf("%04d-%02d-%02d", 1990+i%35, 1+i%12, 1+i%28),
			fmt.Sprint(i%2 == 0),
			sets[i%len(sets)],
		}
		for c := 1; c < len(row); c++ {
			if (i+c)%7 == 0 {
				row[c] = ""
			}
		}
		t.Rows[i] = row
	}
	return t
}

// oddValues holds text that formats trip over.
func oddValues() Table {
	t := Table{
		Header: []string{"domain", "prénom, \"nom\"", "名前"},
		Types:  []datasets.Type{datasets.Text, datasets.Text, datasets.Text},
	}
	for i, odd := range []string{
		"", " ", " padded ", "0", "null", "NaN", "false", "-", "é", "日本語", "🚀 emoji", "e\u0301", "\u200b",
		"a,b", "a;b", "a|b", "a\tb", `"`, `""`, `a "b" c`, `\`, `\n`, "two\nlines", "two\r\nlines", "\n", "{}", "[", "'", "=1+1", "\ufeff",
	} {
		t.Rows = append(t.Rows, []string{fmt.Sprintf("d%d.example", i), odd, odd + "x"})
	}
	return t
}

// longCells has cells that no small buffer holds, at both ends of a row.
func longCells() Table {
	t := columns(Accounts(40), 0, 1)
	for i, row := range t.Rows {
		row[i%2] = strings.Repeat(row[0]+" é ", 1+i*250)
	}
	return t
}

// columns keeps some columns of t.
func columns(t Table, keep ...int) Table {
	var out Table
	for _, c := range keep {
		out.Header = append(out.Header, t.Header[c])
		out.Types = append(out.Types, t.Types[c])
	}
	for _, row := range t.Rows {
		cells := make([]string, len(keep))
		for i, c := range keep {
			cells[i] = row[c]
		}
		out.Rows = append(out.Rows, cells)
	}
	return out
}

// emptied returns t without the values of column c.
func emptied(t Table, c int) Table {
	t.Rows = slices.Clone(t.Rows)
	for i, row := range t.Rows {
		t.Rows[i] = slices.Clone(row)
		t.Rows[i][c] = ""
	}
	return t
}
