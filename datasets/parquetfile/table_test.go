package parquetfile_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/parquetfile"
)

// A cell is one value of a test's table: nil for missing, else string, float64,
// int64, int32 (days), bool, []string (set) or [][]cell (list: items, fields).
type cell any

// allTypes has one field of each type.
var allTypes = []datasets.Field{
	{Name: "text", Type: datasets.Text},
	{Name: "number", Type: datasets.Number},
	{Name: "integer", Type: datasets.Integer},
	{Name: "date", Type: datasets.Date},
	{Name: "flag", Type: datasets.Flag},
	{Name: "category", Type: datasets.Category},
	{Name: "set", Type: datasets.Set},
	{Name: "list", Type: datasets.List, Children: []datasets.Field{
		{Name: "word", Type: datasets.Text},
		{Name: "kind", Type: datasets.Category},
		{Name: "points", Type: datasets.Integer},
		{Name: "share", Type: datasets.Number},
		{Name: "day", Type: datasets.Date},
		{Name: "sure", Type: datasets.Flag},
	}},
}

// newBatch makes a batch of rows of cells.
func newBatch(fields []datasets.Field, rows [][]cell) *datasets.Batch {
	b := &datasets.Batch{}
	b.Prepare(fields)
	b.Rows = len(rows)
	for _, row := range rows {
		for i := range fields {
			appendCell(&b.Columns[i], row[i])
		}
	}
	return b
}

func appendCell(c *datasets.Column, v cell) {
	switch c.Type {
	case datasets.Text:
		text, _ := v.(string)
		c.Data = append(c.Data, text...)
		c.Offsets = append(c.Offsets, int32(len(c.Data)))
	case datasets.Number:
		x, ok := v.(float64)
		if !ok {
			x = math.NaN()
		}
		c.Numbers = append(c.Numbers, x)
	case datasets.Integer:
		x, ok := v.(int64)
		c.Integers, c.Null = append(c.Integers, x), append(c.Null, !ok)
	case datasets.Date:
		x, ok := v.(int32)
		if !ok {
			x = datasets.MissingDay
		}
		c.Days = append(c.Days, x)
	case datasets.Flag:
		flag := int8(-1)
		if x, ok := v.(bool); ok && x {
			flag = 1
		} else if ok {
			flag = 0
		}
		c.Flags = append(c.Flags, flag)
	case datasets.Category:
		c.Codes = append(c.Codes, codeOf(c, v))
	case datasets.Set:
		items, ok := v.([]string)
		for _, item := range items {
			c.Codes = append(c.Codes, codeOf(c, item))
		}
		c.Null, c.Offsets = append(c.Null, !ok), append(c.Offsets, int32(len(c.Codes)))
	case datasets.List:
		items, ok := v.([][]cell)
		for _, item := range items {
			for k := range c.Children {
				appendCell(&c.Children[k], item[k])
			}
		}
		end := c.Offsets[len(c.Offsets)-1] + int32(len(items))
		c.Null, c.Offsets = append(c.Null, !ok), append(c.Offsets, end)
	}
}

func codeOf(c *datasets.Column, v cell) int32 {
	text, ok := v.(string)
	if !ok {
		return -1
	}
	i := slices.Index(c.Dictionary, text)
	if i < 0 {
		i = len(c.Dictionary)
		c.Dictionary = append(c.Dictionary, text)
	}
	return int32(i)
}

// text renders a cell of a test's table as render does one of a batch.
func text(v cell) string {
	switch v := v.(type) {
	case string:
		if v == "" {
			return "-"
		}
		return "=" + v
	case float64:
		if math.IsNaN(v) {
			return "-"
		}
		return fmt.Sprintf("=%016x", math.Float64bits(v))
	case int64, int32, bool:
		return fmt.Sprintf("=%v", v)
	case []string:
		return "[" + strings.Join(each(v, func(s string) string { return "=" + s }), "\x1f") + "]"
	case [][]cell:
		return "[" + strings.Join(each(v, func(item []cell) string { return strings.Join(each(item, text), "\x1e") }), "\x1f") + "]"
	}
	return "-"
}

func each[T any](in []T, fn func(T) string) []string {
	var out []string
	for _, v := range in {
		out = append(out, fn(v))
	}
	return out
}

// texts renders rows.
func texts(rows [][]cell) [][]string {
	var out [][]string
	for _, row := range rows {
		out = append(out, each(row, text))
	}
	return out
}

// encode writes batches and returns the file's bytes.
func encode(t testing.TB, fields []datasets.Field, opts parquetfile.Options, batches ...*datasets.Batch) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := parquetfile.NewWriter(&out, fields, opts)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range batches {
		if err := w.Write(b); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// put stores a file in a folder of its own and returns its path.
func put(t testing.TB, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "part-0.parquet")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// readAll reads a source to its end and renders its rows. It checks that rows
// are numbered without gaps, and that codes keep their meaning.
func readAll(src datasets.Source) (fields []datasets.Field, rows [][]string, err error) {
	r, err := src.Open(context.Background())
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	rows, err = drain(r, 0)
	return r.Schema(), rows, err
}

func drain(r datasets.Reader, first int64) (rows [][]string, err error) {
	b := &datasets.Batch{}
	words := make(map[string][]string)
	for {
		if err := r.Read(context.Background(), b); err != nil {
			if err == io.EOF {
				err = nil
			}
			return rows, err
		}
		if b.First != first+int64(len(rows)) || b.Rows < 1 || b.Rows > datasets.BatchRows {
			return nil, fmt.Errorf("batch of %d rows from %d after %d rows", b.Rows, b.First, len(rows))
		}
		for i := range b.Columns {
			c := &b.Columns[i]
			if known := words[c.Name]; !slices.Equal(known, c.Dictionary[:min(len(known), len(c.Dictionary))]) {
				return nil, fmt.Errorf("column %q: its dictionary changed", c.Name)
			}
			words[c.Name] = c.Dictionary
		}
		for i := range b.Rows {
			var row []string
			for k := range b.Columns {
				row = append(row, render(&b.Columns[k], i))
			}
			rows = append(rows, row)
		}
	}
}

// checkRows compares rendered rows and shows the first that differ.
func checkRows(t testing.TB, got, want [][]string) {
	t.Helper()
	for i := range min(len(got), len(want)) {
		if !slices.Equal(got[i], want[i]) {
			t.Fatalf("row %d: got %q, want %q", i, got[i], want[i])
		}
	}
	if len(got) != len(want) {
		t.Fatalf("got %d rows, want %d", len(got), len(want))
	}
}
