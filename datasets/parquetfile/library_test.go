package parquetfile

import (
	"fmt"
	"io"
	"slices"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress/zstd"

	"github.com/icpfit/icpfit/datasets"
)

// WriteByLibrary writes a file through the library's own column writers, value by
// value: what the Writer is measured against. Metadata of opts is left out.
func WriteByLibrary(w io.Writer, fields []datasets.Field, opts Options, batches ...*datasets.Batch) error {
	metadata := make(map[string]string)
	var err error
	if metadata[schemaKey], err = encodeSchema(fields, opts.Int32); err != nil {
		return err
	}
	if metadata[pandasKey], err = encodePandas(fields, opts.Int32); err != nil {
		return err
	}
	config := &parquet.WriterConfig{KeyValueMetadata: metadata}
	for _, f := range fields {
		for _, c := range f.Children {
			config.SkipPageBounds = append(config.SkipPageBounds, []string{f.Name, "list", "element", c.Name})
		}
	}
	var filters []parquet.BloomFilterColumn
	for _, name := range opts.Filtered {
		filters = append(filters, parquet.SplitBlockFilter(filterBits, name))
	}
	lib := parquet.NewGenericWriter[any](w, layout(fields, opts), config,
		parquet.CreatedBy(writerName, "1", "parquetfile"),
		parquet.Compression(&zstd.Codec{Level: zstd.SpeedFastest}),
		parquet.BloomFilters(filters...),
		parquet.DictionaryMaxBytes(maxDictionary),
		parquet.DataPageStatistics(false))
	leaves := lib.ColumnWriters()
	columns := make([]libraryEncoder, len(fields))
	for i, f := range fields {
		n := max(1, len(f.Children))
		columns[i] = libraryEncoder{leaves: leaves[:n], words: make([]words, n), narrow: opts.Int32[f.Name]}
		leaves = leaves[n:]
	}
	rows := 0
	for _, b := range batches {
		for from := 0; from < b.Rows; {
			to := min(b.Rows, from+opts.RowGroupRows-rows)
			for i := range columns {
				if err := columns[i].write(&b.Columns[i], from, to); err != nil {
					return err
				}
			}
			rows += to - from
			if from = to; rows == opts.RowGroupRows {
				if err := lib.Flush(); err != nil {
					return err
				}
				rows = 0
			}
		}
	}
	return lib.Close()
}

// A libraryEncoder turns one column of batches into the library's values. Only lists
// have more than one leaf.
type libraryEncoder struct {
	leaves []*parquet.ColumnWriter
	words  []words
	narrow bool // an integer stored as INT32
	values []parquet.Value
}

// words holds the texts of a dictionary as values, code i at i+1; at 0, and for
// empty texts, stands the missing value.
type words struct {
	texts  []string
	values []parquet.Value
}

// follow brings w up to date with a batch's dictionary, for cells of definition
// level top. Comparing texts that share their memory, as they do from batch to
// batch, is comparing pointers.
func (w *words) follow(dictionary []string, top int) {
	same := 0
	for same < len(w.texts) && same < len(dictionary) && w.texts[same] == dictionary[same] {
		same++
	}
	if len(w.values) == 0 {
		w.values = append(w.values, missingValue(top))
	}
	w.texts, w.values = w.texts[:same], w.values[:same+1]
	for _, text := range dictionary[same:] {
		v := w.values[0]
		if text != "" {
			v = parquet.ByteArrayValue([]byte(text)).Level(0, top, 0)
		}
		w.texts = append(w.texts, text)
		w.values = append(w.values, v)
	}
}

// missingValue returns the value of a missing cell where present ones have
// definition level top.
func missingValue(top int) parquet.Value { return parquet.NullValue().Level(0, top-1, 0) }

// write appends rows from to to of a column.
func (e *libraryEncoder) write(c *datasets.Column, from, to int) error {
	for ; from < to; from += stripe {
		if err := e.writeStripe(c, from, min(to, from+stripe)); err != nil {
			return err
		}
	}
	return nil
}

func (e *libraryEncoder) writeStripe(c *datasets.Column, from, to int) error {
	for k, leaf := range e.leaves {
		var err error
		switch e.values = e.values[:0]; c.Type {
		case datasets.Set:
			e.words[k].follow(c.Dictionary, defItem)
			e.appendSet(c, e.words[k].values, from, to)
		case datasets.List:
			e.words[k].follow(c.Children[k].Dictionary, defItem+1)
			err = e.appendList(c, k, from, to)
		default:
			e.words[k].follow(c.Dictionary, 1)
			err = e.appendCells(c, e.words[k].values, from, to, 1)
		}
		if err != nil {
			return err
		}
		if _, err := leaf.WriteRowValues(e.values); err != nil {
			return err
		}
	}
	return nil
}

// appendCells appends cells from to to of a column that is no set or list. A
// present cell has definition level top, a missing one the level below.
func (e *libraryEncoder) appendCells(c *datasets.Column, words []parquet.Value, from, to, top int) error {
	missing := missingValue(top)
	start := len(e.values)
	e.values = slices.Grow(e.values, to-from)[:start+to-from]
	dst := e.values[start:]
	switch c.Type {
	case datasets.Number:
		for i, x := range c.Numbers[from:to] {
			if dst[i] = missing; x == x {
				dst[i] = parquet.DoubleValue(x)
				dst[i].SetDefinitionLevel(top)
			}
		}
	case datasets.Integer:
		return e.putIntegers(dst, c, from, top)
	case datasets.Date:
		for i, x := range c.Days[from:to] {
			if dst[i] = missing; x != datasets.MissingDay {
				dst[i] = parquet.Int32Value(x)
				dst[i].SetDefinitionLevel(top)
			}
		}
	case datasets.Flag:
		flags := [3]parquet.Value{missing, parquet.BooleanValue(false).Level(0, top, 0), parquet.BooleanValue(true).Level(0, top, 0)}
		for i, x := range c.Flags[from:to] {
			dst[i] = flags[x+1]
		}
	case datasets.Category:
		for i, code := range c.Codes[from:to] {
			dst[i] = words[code+1]
		}
	default:
		for i := range dst {
			if dst[i] = missing; !c.Missing(from + i) {
				dst[i] = parquet.ByteArrayValue(c.Cell(from + i))
				dst[i].SetDefinitionLevel(top)
			}
		}
	}
	return nil
}

func (e *libraryEncoder) putIntegers(dst []parquet.Value, c *datasets.Column, from, top int) error {
	for i := range dst {
		x := c.Integers[from+i]
		switch {
		case isNull(c, from+i):
			dst[i] = missingValue(top)
			continue
		case !e.narrow:
			dst[i] = parquet.Int64Value(x)
		case x == int64(int32(x)):
			dst[i] = parquet.Int32Value(int32(x))
		default:
			return fmt.Errorf("row %d: %d does not fit an int32; write the column as int64", from+i, x)
		}
		dst[i].SetDefinitionLevel(top)
	}
	return nil
}

// appendSet appends rows of a set.
func (e *libraryEncoder) appendSet(c *datasets.Column, words []parquet.Value, from, to int) {
	for i := from; i < to; i++ {
		first := len(e.values)
		for _, code := range c.Items(i) {
			if v := words[code+1]; !v.IsNull() {
				v.SetRepetitionLevel(min(1, len(e.values)-first))
				e.values = append(e.values, v)
			}
		}
		if len(e.values) == first {
			e.appendEmpty(isNull(c, i))
		}
	}
}

// appendEmpty appends a row without items.
func (e *libraryEncoder) appendEmpty(missing bool) {
	level := defEmpty
	if missing {
		level = 0
	}
	e.values = append(e.values, parquet.NullValue().Level(0, level, 0))
}

// appendList appends rows of child k of a list. Their cells lie side by side, so
// they are turned into values at once, and only rows without any cut in.
func (e *libraryEncoder) appendList(c *datasets.Column, k, from, to int) error {
	for i := from; i < to; {
		if c.Offsets[i] == c.Offsets[i+1] || isNull(c, i) {
			e.appendEmpty(isNull(c, i))
			i++
			continue
		}
		first, run := len(e.values), i
		for i < to && c.Offsets[i] < c.Offsets[i+1] && !isNull(c, i) {
			i++
		}
		if err := e.appendCells(&c.Children[k], e.words[k].values, int(c.Offsets[run]), int(c.Offsets[i]), defItem+1); err != nil {
			return err
		}
		for j := run; j < i; j++ {
			for at := c.Offsets[j] + 1; at < c.Offsets[j+1]; at++ {
				e.values[first+int(at-c.Offsets[run])].SetRepetitionLevel(1)
			}
		}
	}
	return nil
}
