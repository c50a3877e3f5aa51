package parquetfile_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/datasettest"
	"github.com/icpfit/icpfit/datasets/parquetfile"
)

func TestContract(t *testing.T) {
	datasettest.TestSource(t, func(t *testing.T, table datasettest.Table) datasets.Source {
		var fields []datasets.Field
		for i, name := range table.Header {
			fields = append(fields, datasets.Field{Name: name, Type: table.Types[i]})
		}
		var rows [][]cell
		for _, row := range table.Rows {
			cells := make([]cell, len(row))
			for i, text := range row {
				cells[i] = parse(t, fields[i].Type, text)
			}
			rows = append(rows, cells)
		}
		opts := parquetfile.DefaultOptions()
		opts.RowGroupRows = 7000 // 10,000 rows are two groups
		return parquetfile.New(put(t, encode(t, fields, opts, newBatch(fields, rows))))
	})
}

// parse turns a cell of the contract's tables into one of ours.
func parse(t *testing.T, typ datasets.Type, text string) (v cell) {
	t.Helper()
	var err error
	switch {
	case text == "":
		return nil
	case typ == datasets.Number:
		v, err = strconv.ParseFloat(text, 64)
	case typ == datasets.Date:
		var day time.Time
		day, err = time.Parse(time.DateOnly, text)
		v = int32(day.Unix() / 86400)
	case typ == datasets.Flag:
		v, err = strconv.ParseBool(text)
	case typ == datasets.Set:
		items, _ := datasettest.Items(text)
		v = items
		if items == nil {
			v = []string{}
		}
	default:
		v = text
	}
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// edges has the values at which cells turn over, one row each.
func edges() [][]cell {
	return [][]cell{
		{"acme.com", 1.5, int64(1), int32(0), true, "a", []string{"x", "y"}, [][]cell{{"w", "k", int64(1), 0.5, int32(1), true}}},
		{nil, nil, nil, nil, nil, nil, nil, nil},
		{"", math.NaN(), int64(0), int32(-1), false, "", []string{}, [][]cell{}},
		{"Łódź, \"S.A.\"\n", math.Inf(1), int64(math.MaxInt64), int32(math.MaxInt32), true, "b", []string{"y", "y"}, [][]cell{
			{nil, nil, nil, nil, nil, nil},
			{"", "", int64(math.MinInt64), math.Inf(-1), int32(-719162), false},
			{"w2", "k", int64(-1), math.Copysign(0, -1), nil, nil},
		}},
		{"\x00", math.SmallestNonzeroFloat64, int64(math.MinInt64), int32(math.MinInt32 + 1), false, "a", []string{"z"}, nil},
		{strings.Repeat("long ", 3000), -math.MaxFloat64, int64(-1), int32(20000), nil, "c", nil, [][]cell{{"w", "l", int64(7), 1., int32(2), nil}}},
	}
}

func TestRoundTrip(t *testing.T) {
	rows := edges()
	fields, got, err := readAll(parquetfile.New(put(t, encode(t, allTypes, parquetfile.DefaultOptions(), newBatch(allTypes, rows)))))
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(fields, allTypes) {
		t.Errorf("fields are %v, want %v", fields, allTypes)
	}
	checkRows(t, got, texts(rows))
}

func TestNoRows(t *testing.T) {
	path := put(t, encode(t, allTypes, parquetfile.DefaultOptions(), newBatch(allTypes, nil)))
	fields, rows, err := readAll(parquetfile.New(path))
	if err != nil || len(rows) != 0 || !reflect.DeepEqual(fields, allTypes) {
		t.Errorf("got %v, %d rows, %v", fields, len(rows), err)
	}
}

// manyRows repeats the edges with other texts and numbers among them.
func manyRows(n int) [][]cell {
	r := rand.New(rand.NewPCG(3, 4))
	base := edges()
	base[5][0] = "short"
	rows := make([][]cell, n)
	for i := range rows {
		row := slices.Clone(base[r.IntN(len(base))])
		if r.IntN(2) == 0 {
			row[0], row[1], row[2] = fmt.Sprintf("acct%d.example", i), r.NormFloat64(), int64(i)
			row[5], row[6] = fmt.Sprint("c", r.IntN(300)), []string{fmt.Sprint("i", r.IntN(50)), fmt.Sprint("j", r.IntN(50))}
		}
		rows[i] = row
	}
	return rows
}

// TestRowGroups writes 10,000 rows in row groups that no batch ends with, reads
// them as a whole, and group by group from as many goroutines.
func TestRowGroups(t *testing.T) {
	rows := manyRows(10_000)
	opts := parquetfile.DefaultOptions()
	opts.RowGroupRows = 4097
	opts.Metadata = map[string]string{"pillar": "intent"}
	data := encode(t, allTypes, opts, newBatch(allTypes, rows[:17]), newBatch(allTypes, rows[17:9000]), newBatch(allTypes, rows[9000:]))
	path := put(t, data)
	_, got, err := readAll(parquetfile.New(path))
	if err != nil {
		t.Fatal(err)
	}
	checkRows(t, got, texts(rows))

	f, err := parquetfile.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}()
	if v, ok := f.Metadata("pillar"); f.Rows() != 10_000 || f.Groups() != 3 || v != "intent" || !ok {
		t.Errorf("%d rows in %d groups, pillar %q", f.Rows(), f.Groups(), v)
	}
	parts := make([][][]string, f.Groups())
	errs := make([]error, f.Groups())
	var wg sync.WaitGroup
	for g := range parts {
		wg.Go(func() {
			var r datasets.Reader
			if r, errs[g] = f.Group(g, f.Schema()); errs[g] == nil {
				parts[g], errs[g] = drain(r, int64(g)*4097)
				errs[g] = errors.Join(errs[g], r.Close())
			}
		})
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	checkRows(t, slices.Concat(parts...), texts(rows))
}

// TestGroups fills row groups from several goroutines: the file is the same
// byte for byte as one goroutine writes.
func TestGroups(t *testing.T) {
	rows := manyRows(6000)
	opts := parquetfile.DefaultOptions()
	opts.RowGroupRows = 1000
	var batches []*datasets.Batch
	for i := 0; i < len(rows); i += 1000 {
		batches = append(batches, newBatch(allTypes, rows[i:i+1000]))
	}
	want := encode(t, allTypes, opts, batches...)
	for _, workers := range []int{1, 3} {
		var out bytes.Buffer
		w, err := parquetfile.NewWriter(&out, allTypes, opts)
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i < len(batches); i += workers {
			groups := make([]*parquetfile.Group, workers)
			errs := make([]error, workers)
			var wg sync.WaitGroup
			for k := range groups {
				wg.Go(func() {
					groups[k] = w.NewGroup()
					errs[k] = errors.Join(groups[k].Write(batches[i+k]), groups[k].Flush())
				})
			}
			wg.Wait()
			for k, g := range groups {
				if err := errors.Join(errs[k], g.Commit()); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(out.Bytes(), want) {
			t.Errorf("%d workers: %d bytes, other than the %d that one goroutine writes", workers, out.Len(), len(want))
		}
	}
}

// TestCommitKeepsOrder mixes Write and groups: rows come in the order of the calls.
func TestCommitKeepsOrder(t *testing.T) {
	rows := manyRows(9)
	var out bytes.Buffer
	w, err := parquetfile.NewWriter(&out, allTypes, parquetfile.DefaultOptions())
	if err != nil {
		t.Fatal(err)
	}
	g := w.NewGroup()
	if err := errors.Join(g.Write(newBatch(allTypes, rows[4:6])), w.Write(newBatch(allTypes, rows[:4])), g.Commit(),
		w.Write(newBatch(allTypes, rows[6:])), w.Close()); err != nil {
		t.Fatal(err)
	}
	_, got, err := readAll(parquetfile.New(put(t, out.Bytes())))
	if err != nil {
		t.Fatal(err)
	}
	checkRows(t, got, texts(rows))
}

// TestLargeDictionary writes a category that outgrows its dictionary: its chunk
// has pages with and without one.
func TestLargeDictionary(t *testing.T) {
	fields := []datasets.Field{{Name: "c", Type: datasets.Category}}
	b := &datasets.Batch{Rows: 90_000, Columns: []datasets.Column{{Field: fields[0]}}}
	c := &b.Columns[0]
	want := make([][]string, b.Rows)
	for i := range b.Rows {
		word := fmt.Sprintf("a category of its own number %d", i/2*2)
		if i%2 == 0 {
			c.Dictionary = append(c.Dictionary, word)
		}
		c.Codes = append(c.Codes, int32(i/2))
		want[i] = []string{"=" + word}
	}
	_, got, err := readAll(parquetfile.New(put(t, encode(t, fields, parquetfile.DefaultOptions(), b))))
	if err != nil {
		t.Fatal(err)
	}
	checkRows(t, got, want)
}

func TestFolder(t *testing.T) {
	folder := t.TempDir()
	rows := manyRows(300)
	save := func(name string, fields []datasets.Field, rows [][]cell) {
		data := encode(t, fields, parquetfile.DefaultOptions(), newBatch(fields, rows))
		if err := os.WriteFile(filepath.Join(folder, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	save("part-1.parquet", allTypes, rows[100:250])
	save("part-0.parquet", allTypes, rows[:100])
	save("part-2.parquet", allTypes, rows[250:])
	save("_old.parquet", allTypes, rows)
	save(".hidden.parquet", allTypes, rows)
	for _, name := range []string{"_manifest.json", "notes.txt"} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte("{}"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	_, got, err := readAll(parquetfile.New(folder))
	if err != nil {
		t.Fatal(err)
	}
	checkRows(t, got, texts(rows))

	save("part-3.parquet", allTypes[:3], manyRows(1))
	_, _, err = readAll(parquetfile.New(folder))
	if !errors.Is(err, datasets.ErrShape) || !strings.Contains(err.Error(), "part-3.parquet: its columns differ from those of") {
		t.Errorf("a part with other columns: got %v", err)
	}
	if _, _, err := readAll(parquetfile.New(t.TempDir())); !errors.Is(err, datasets.ErrShape) {
		t.Errorf("an empty folder: got %v", err)
	}
	if _, _, err := readAll(parquetfile.New(filepath.Join(folder, "absent"))); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("an absent file: got %v", err)
	}
}

// TestAsked reads columns as other types than their own, in another order.
func TestAsked(t *testing.T) {
	rows := edges()
	f, err := parquetfile.OpenFile(put(t, encode(t, allTypes, parquetfile.DefaultOptions(), newBatch(allTypes, rows))))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}()
	r, err := f.Group(0, []datasets.Field{
		{Name: "category", Type: datasets.Text},
		{Name: "integer", Type: datasets.Number},
		{Name: "text", Type: datasets.Category},
		{Name: "list", Type: datasets.List, Children: []datasets.Field{{Name: "points", Type: datasets.Number}, {Name: "word", Type: datasets.Category}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	got, err := drain(r, 0)
	if err := errors.Join(err, r.Close()); err != nil {
		t.Fatal(err)
	}
	var want [][]cell
	for _, row := range rows {
		cells := []cell{row[5], asNumber(row[2]), row[0], nil}
		if items, ok := row[7].([][]cell); ok {
			list := [][]cell{}
			for _, item := range items {
				list = append(list, []cell{asNumber(item[2]), item[0]})
			}
			cells[3] = list
		}
		want = append(want, cells)
	}
	checkRows(t, got, texts(want))

	for _, tt := range []struct {
		field datasets.Field
		want  string
	}{
		{datasets.Field{Name: "absent", Type: datasets.Text}, `no column "absent"`},
		{datasets.Field{Name: "number", Type: datasets.Integer}, `column "number" is a number, not a integer`},
		{datasets.Field{Name: "text", Type: datasets.Set}, `column "text" is a text, not a set`},
		{datasets.Field{Name: "set", Type: datasets.Text}, `column "set" is a set, not a text`},
		{datasets.Field{Name: "list", Type: datasets.List}, `column "list" is a list, not a list`},
		{datasets.Field{Name: "list", Type: datasets.List, Children: []datasets.Field{{Name: "word", Type: datasets.Flag}}}, `no field "word" that is a flag`},
	} {
		if _, err := f.Group(0, []datasets.Field{tt.field}); !errors.Is(err, datasets.ErrShape) || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("asked for %v: got %v, want %q", tt.field, err, tt.want)
		}
	}
}

func asNumber(v cell) cell {
	if x, ok := v.(int64); ok {
		return float64(x)
	}
	return nil
}

func TestCancelled(t *testing.T) {
	src := parquetfile.New(put(t, encode(t, allTypes, parquetfile.DefaultOptions(), newBatch(allTypes, edges()))))
	r, err := src.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := r.Read(ctx, &datasets.Batch{}); !errors.Is(err, context.Canceled) {
		t.Errorf("read gave %v", err)
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
}

// TestRandomBatches writes random batches in random pieces and reads them back.
func TestRandomBatches(t *testing.T) {
	word := rapid.SampledFrom([]string{"", "a", "b", "ü", "a longer word", "\x00", "日本"})
	maybe := func(g *rapid.Generator[cell]) *rapid.Generator[cell] {
		return rapid.Custom(func(t *rapid.T) cell {
			if rapid.IntRange(0, 3).Draw(t, "missing") == 0 {
				return nil
			}
			return g.Draw(t, "value")
		})
	}
	item := rapid.Custom(func(t *rapid.T) cell { return word.Draw(t, "word") })
	plain := map[datasets.Type]*rapid.Generator[cell]{
		datasets.Text:     item,
		datasets.Number:   rapid.Custom(func(t *rapid.T) cell { return rapid.Float64().Draw(t, "x") }),
		datasets.Integer:  rapid.Custom(func(t *rapid.T) cell { return rapid.Int64().Draw(t, "i") }),
		datasets.Date:     rapid.Custom(func(t *rapid.T) cell { return rapid.Int32Min(math.MinInt32+1).Draw(t, "day") }),
		datasets.Flag:     rapid.Custom(func(t *rapid.T) cell { return rapid.Bool().Draw(t, "flag") }),
		datasets.Category: item,
		datasets.Set: rapid.Custom(func(t *rapid.T) cell {
			return rapid.SliceOfN(word.Filter(func(s string) bool { return s != "" }), 0, 4).Draw(t, "set")
		}),
	}
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		draw := func(f datasets.Field) cell {
			if f.Type != datasets.List {
				return maybe(plain[f.Type]).Draw(t, f.Name)
			}
			if rapid.IntRange(0, 3).Draw(t, "missing") == 0 {
				return nil
			}
			items := [][]cell{}
			for range rapid.IntRange(0, 3).Draw(t, "items") {
				var fields []cell
				for _, c := range f.Children {
					fields = append(fields, maybe(plain[c.Type]).Draw(t, c.Name))
				}
				items = append(items, fields)
			}
			return items
		}
		rows := make([][]cell, rapid.IntRange(0, 40).Draw(t, "rows"))
		for i := range rows {
			for _, f := range allTypes {
				rows[i] = append(rows[i], draw(f))
			}
		}
		opts := parquetfile.Options{RowGroupRows: rapid.IntRange(1, 15).Draw(t, "group")}
		cut := rapid.IntRange(0, len(rows)).Draw(t, "cut")
		var out bytes.Buffer
		w, err := parquetfile.NewWriter(&out, allTypes, opts)
		if err == nil {
			err = errors.Join(w.Write(newBatch(allTypes, rows[:cut])), w.Write(newBatch(allTypes, rows[cut:])), w.Close())
		}
		path := filepath.Join(dir, "random.parquet")
		if err == nil {
			err = os.WriteFile(path, out.Bytes(), 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
		_, got, err := readAll(parquetfile.New(path))
		if err != nil {
			t.Fatal(err)
		}
		want := texts(rows)
		if !slices.EqualFunc(got, want, slices.Equal) {
			t.Fatalf("got %q, want %q", got, want)
		}
	})
}
