package parquetfile

import (
	"io"
	"slices"

	"github.com/parquet-go/parquet-go/bloom"
	"github.com/parquet-go/parquet-go/bloom/xxhash"
	"github.com/parquet-go/parquet-go/format"

	"github.com/icpfit/icpfit/datasets"
)

// filterBits is how many bits a bloom filter has a value: of a thousand row groups
// without a text, about one is read for it.
const filterBits = 16

// filterHeader is more than the header of a bloom filter has.
const filterHeader = 64

// MayHold reports whether row group g may have a row with that text in the text
// column of that name. It is false only where the file has a bloom filter that
// rules it out: one of another kind, or one that cannot be read, rules out nothing.
func (f *File) MayHold(g int, name, text string) bool {
	i := slices.IndexFunc(f.columns, func(c column) bool { return c.field.Name == name })
	if i < 0 || f.columns[i].err != nil || f.columns[i].field.Type != datasets.Text && f.columns[i].field.Type != datasets.Category {
		return true
	}
	may := true
	err := protect(func() (err error) {
		lib, err := f.footer.open(f.disk, g)
		if err == nil {
			may, err = f.check(&lib.Metadata().RowGroups[0].Columns[f.columns[i].leaves[0].index].MetaData, text)
		}
		return err
	})
	return may || err != nil
}

func (f *File) check(m *format.ColumnMetaData, text string) (bool, error) {
	if m.BloomFilterOffset <= 0 {
		return true, nil
	}
	var head [filterHeader]byte
	n, err := f.disk.ReadAt(head[:], m.BloomFilterOffset)
	if err != nil && n == 0 {
		return true, err
	}
	var h format.BloomFilterHeader
	end, err := unmarshalHead(head[:n], &h)
	if err != nil {
		return true, err
	}
	_, block := h.Algorithm.Value.(*format.SplitBlockAlgorithm)
	_, hash := h.Hash.Value.(*format.XxHash)
	_, plain := h.Compression.Value.(*format.BloomFilterUncompressed)
	if !block || !hash || !plain || h.NumBytes < bloom.BlockSize || h.NumBytes%bloom.BlockSize != 0 {
		return true, nil
	}
	bits := io.NewSectionReader(f.disk, m.BloomFilterOffset+int64(end), int64(h.NumBytes))
	return bloom.CheckSplitBlock(bits, int64(h.NumBytes), xxhash.Sum64([]byte(text)))
}
