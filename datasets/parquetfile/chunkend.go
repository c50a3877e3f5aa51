package parquetfile

import (
	"bytes"
	"cmp"
	"hash/crc32"
	"slices"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/bloom"
	"github.com/parquet-go/parquet-go/bloom/xxhash"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// count notes what the chunk's statistics and indexes say of the page.
func (k *chunk) count(nulls int) {
	var least, most parquet.Value
	if k.bounded && k.values.count() > 0 {
		least, most = k.values.bounds()
		if k.least.IsNull() || k.typ.Compare(least, k.least) < 0 {
			k.least = least.Clone()
		}
		if k.most.IsNull() || k.typ.Compare(most, k.most) > 0 {
			k.most = most.Clone()
		}
	}
	k.index.IndexPage(int64(len(k.def)), int64(nulls), least, most)
	k.meta.NumValues += int64(len(k.def))
	k.meta.Statistics.NullCount += int64(nulls)
	sizes := &k.meta.SizeStatistics
	sizes.UnencodedByteArrayDataBytes += int64(k.values.text())
	if k.topRep > 0 {
		k.repCounts = countLevels(k.repCounts, sizes.RepetitionLevelHistogram, k.rep)
	}
	k.defCounts = countLevels(k.defCounts, sizes.DefinitionLevelHistogram, k.def)
}

// countLevels adds how often each level is to total, and appends it to pages.
func countLevels(pages, total []int64, levels []byte) []int64 {
	for level := range total {
		n := int64(bytes.Count(levels, []byte{byte(level)}))
		total[level] += n
		pages = append(pages, n)
	}
	return pages
}

// countSize notes a page of the chunk, whose header has head bytes.
func (k *chunk) countSize(h *format.PageHeader, head int) {
	k.meta.TotalUncompressedSize += int64(head) + int64(h.UncompressedPageSize)
	k.meta.TotalCompressedSize += int64(head) + int64(h.CompressedPageSize)
	coded := format.PageEncodingStats{PageType: h.Type, Encoding: h.DataPageHeaderV2.V.Encoding, Count: 1}
	if h.Type == format.DictionaryPage {
		coded.Encoding = h.DictionaryPageHeader.V.Encoding
	}
	stats := k.meta.EncodingStats
	i := slices.IndexFunc(stats, func(s format.PageEncodingStats) bool {
		return s.PageType == coded.PageType && s.Encoding == coded.Encoding
	})
	if i >= 0 {
		stats[i].Count++
		return
	}
	k.meta.EncodingStats = append(stats, coded)
}

// finish ends the last page and makes what stands before and behind the data pages.
func (k *chunk) finish() error {
	if k.complete {
		return nil
	}
	if k.rows > 0 {
		if err := k.endPage(); err != nil {
			return err
		}
	}
	k.words.Reset()
	k.filter.Reset()
	if k.dictionary {
		if err := k.makeDictionary(); err != nil {
			return err
		}
	}
	if k.filtered {
		if err := k.makeFilter(); err != nil {
			return err
		}
	}
	k.complete = true
	return nil
}

// makeDictionary makes the dictionary page.
func (k *chunk) makeDictionary() error {
	values, n, err := k.values.(dictionaryValues).dictionary()
	if err != nil {
		return err
	}
	if err := k.compress(values); err != nil {
		return err
	}
	k.wordsHeader = format.PageHeader{
		Type:                 format.DictionaryPage,
		UncompressedPageSize: int32(len(values)),
		CompressedPageSize:   int32(len(k.packed)),
		CRC:                  int32(crc32.ChecksumIEEE(k.packed)),
		DictionaryPageHeader: thrift.New(format.DictionaryPageHeader{NumValues: int32(n), Encoding: format.Plain}),
	}
	if err := writeHeader(&k.words, &k.wordsHeader); err != nil {
		return err
	}
	k.words.Write(k.packed)
	return nil
}

// makeFilter makes the bloom filter of all texts of the chunk: those of the
// dictionary, and those of pages without.
func (k *chunk) makeFilter() error {
	var hashes []uint64
	n := k.meta.NumValues
	switch values := k.values.(type) {
	case *textValues:
		hashes = values.hashes
	case *wordValues:
		hashes = slices.Clone(values.plain.hashes)
		for _, word := range values.words {
			hashes = append(hashes, xxhash.Sum64([]byte(word)))
		}
		n = int64(len(hashes))
	}
	if n == 0 {
		return nil
	}
	filter := make(bloom.SplitBlockFilter, bloom.NumSplitBlocksOf(n, filterBits))
	filter.InsertBulk(hashes)
	var protocol thrift.CompactProtocol
	err := thrift.NewEncoder(protocol.NewWriter(&k.filter)).Encode(&format.BloomFilterHeader{
		NumBytes:    int32(len(filter.Bytes())),
		Algorithm:   format.BloomFilterAlgorithm{Value: &format.SplitBlockAlgorithm{}},
		Hash:        format.BloomFilterHash{Value: &format.XxHash{}},
		Compression: format.BloomFilterCompression{Value: &format.BloomFilterUncompressed{}},
	})
	k.filter.Write(filter.Bytes())
	return err
}

// writeTo writes the pages of a complete chunk, and completes its metadata and
// the places of its pages.
func (k *chunk) writeTo(w *offsetWriter) error {
	if k.dictionary {
		k.meta.DictionaryPageOffset = w.offset
		k.countSize(&k.wordsHeader, k.words.Len()-int(k.wordsHeader.CompressedPageSize))
		if _, err := w.Write(k.words.Bytes()); err != nil {
			return err
		}
	}
	k.meta.DataPageOffset = w.offset
	for i := range k.locations {
		k.locations[i].Offset += w.offset
	}
	for _, page := range k.pages {
		if _, err := w.Write(page); err != nil {
			return err
		}
	}
	if k.bounded && !k.least.IsNull() {
		k.meta.Statistics.MinValue = k.least.AppendBytes([]byte{})
		k.meta.Statistics.MaxValue = k.most.AppendBytes([]byte{})
	}
	slices.SortFunc(k.meta.EncodingStats, func(a, b format.PageEncodingStats) int {
		return cmp.Or(cmp.Compare(a.PageType, b.PageType), cmp.Compare(a.Encoding, b.Encoding))
	})
	return nil
}

// writeFilter writes the bloom filter of a complete chunk, if it has one.
func (k *chunk) writeFilter(w *offsetWriter) error {
	if k.filter.Len() == 0 {
		return nil
	}
	k.meta.BloomFilterOffset, k.meta.BloomFilterLength = w.offset, int32(k.filter.Len())
	_, err := w.Write(k.filter.Bytes())
	return err
}

// columnIndex returns what the column index says of the pages.
func (k *chunk) columnIndex() format.ColumnIndex {
	if k.copied != nil {
		return *k.copied
	}
	index := k.index.ColumnIndex()
	index.RepetitionLevelHistogram, index.DefinitionLevelHistogram = k.repCounts, k.defCounts
	return index
}
