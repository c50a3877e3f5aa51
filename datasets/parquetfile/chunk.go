package parquetfile

import (
	"bytes"
	"slices"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"

	"github.com/icpfit/icpfit/datasets"
)

// A leafSpec is what the column chunks of one leaf column have in common.
type leafSpec struct {
	path           []string
	typ            parquet.Type
	cells          datasets.Type // of its values: for a set, the category of its items
	topRep, topDef byte
	narrow         bool // an integer stored as INT32
	encoded        format.Encoding
	dictionary     bool // it is encoded by one
	bounded        bool // it has statistics of the least and the most
	filtered       bool
}

// leafSpecs returns the leaves of each field: of a list, one for each child.
func leafSpecs(schema *parquet.Schema, fields []datasets.Field, opts Options) [][]leafSpec {
	paths := schema.Columns()
	var all [][]leafSpec
	for _, f := range fields {
		cells := []datasets.Type{f.Type}
		switch f.Type {
		case datasets.Set:
			cells[0] = datasets.Category
		case datasets.List:
			cells = cells[:0]
			for _, c := range f.Children {
				cells = append(cells, c.Type)
			}
		}
		leaves := make([]leafSpec, len(cells))
		for k := range leaves {
			path := paths[k]
			node, _ := schema.Lookup(path...)
			leaves[k] = leafSpec{
				path: path, typ: node.Node.Type(), cells: cells[k],
				topRep: byte(node.MaxRepetitionLevel), topDef: byte(node.MaxDefinitionLevel),
				narrow:     opts.Int32[f.Name],
				encoded:    node.Node.Encoding().Encoding(),
				dictionary: node.Node.Encoding().Encoding() == format.RLEDictionary,
				bounded:    f.Type != datasets.List, // nobody looks for rows by the least and the most of their lists' items
				filtered:   slices.Contains(opts.Filtered, f.Name),
			}
		}
		all, paths = append(all, leaves), paths[len(leaves):]
	}
	return all
}

// indexBytes is how many bytes of a text the column index has at most.
const indexBytes = 16

// A chunk is a column chunk being filled.
type chunk struct {
	pageMaker // of the page that is not full

	pages       [][]byte     // those that are full, each with its header
	complete    bool         // there are a dictionary page and a filter
	words       bytes.Buffer // the dictionary page
	wordsHeader format.PageHeader
	filter      bytes.Buffer
	index       parquet.ColumnIndexer
	locations   []format.PageLocation // counted from the first
	written     int64                 // bytes of pages
	meta        format.ColumnMetaData // without offsets
	repCounts   []int64               // how often each level is, page after page
	defCounts   []int64
	allRows     int64 // of the full pages
	least       parquet.Value
	most        parquet.Value

	copied *format.ColumnIndex // of a chunk that another file has; nil: it is being filled
}

func newChunk(l *leafSpec, packer *compressor) *chunk {
	k := &chunk{pageMaker: pageMaker{leafSpec: l, packer: packer, values: newValues(l)}}
	k.reset()
	return k
}

// reset starts the chunk of another row group.
func (k *chunk) reset() {
	k.clear()
	k.values.reset()
	k.pages, k.written = k.pages[:0], 0
	k.words.Reset()
	k.filter.Reset()
	k.index = k.typ.NewColumnIndexer(indexBytes)
	k.locations, k.repCounts, k.defCounts = k.locations[:0], k.repCounts[:0], k.defCounts[:0]
	k.complete, k.allRows, k.least, k.most, k.copied = false, 0, parquet.Value{}, parquet.Value{}, nil
	k.meta = format.ColumnMetaData{
		Type:         format.Type(k.typ.Kind()),
		Encoding:     usedBy(k.encoded),
		PathInSchema: k.path,
		Codec:        k.packer.codec(),
	}
	if k.topRep > 0 {
		k.meta.SizeStatistics.RepetitionLevelHistogram = make([]int64, k.topRep+1)
	}
	k.meta.SizeStatistics.DefinitionLevelHistogram = make([]int64, k.topDef+1)
}

// usedBy returns the encodings in a chunk of values so encoded: levels are run-length
// encoded, and a dictionary is plain.
func usedBy(values format.Encoding) []format.Encoding {
	switch values {
	case format.Plain:
		return []format.Encoding{format.Plain, format.RLE}
	case format.RLEDictionary:
		return []format.Encoding{format.Plain, format.RLE, format.RLEDictionary}
	}
	return []format.Encoding{format.RLE, values}
}

// endPage encodes the page and starts the next.
func (k *chunk) endPage() error {
	header, err := k.encode()
	if err != nil {
		return err
	}
	page := k.nextPage()
	for _, part := range [][]byte{k.head.Bytes(), k.repCoded, k.defCoded, k.packed} {
		page = append(page, part...)
	}
	k.count(k.nulls())
	k.countSize(&header, k.head.Len())
	k.pages = append(k.pages, page)
	k.locations = append(k.locations, format.PageLocation{
		Offset: k.written, CompressedPageSize: int32(len(page)), FirstRowIndex: k.allRows,
	})
	k.written += int64(len(page))
	k.allRows += int64(k.rows)
	k.clear()
	return nil
}

// nextPage returns the memory of the page that had this place in an earlier row
// group; of about the same size, most likely.
func (k *chunk) nextPage() []byte {
	if n := len(k.pages); n < cap(k.pages) {
		return k.pages[:n+1][n][:0]
	}
	return nil
}
