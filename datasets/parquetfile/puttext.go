package parquetfile

import (
	"bytes"
	"encoding/binary"
	"slices"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/bloom/xxhash"
	"github.com/parquet-go/parquet-go/format"

	"github.com/icpfit/icpfit/datasets"
)

// textValues are texts, each behind its length as in the file.
type textValues struct {
	filtered bool     // hashes are kept for a filter
	bounded  bool     // least and most are kept
	hashes   []uint64 // of the row group
	data     []byte   // of the page, as are the others
	n        int
	least    []byte
	most     []byte
}

func (p *textValues) put(c *datasets.Column, from, to int, levels []byte, missing byte) error {
	at := c.Offsets[from]
	for i, end := range c.Offsets[from+1 : to+1] {
		if levels[i] = missing; end != at {
			levels[i]++
			addText(p, c.Data[at:end])
		}
		at = end
	}
	return nil
}

// addText appends one text.
func addText[T string | []byte](p *textValues, text T) {
	p.data = binary.LittleEndian.AppendUint32(p.data, uint32(len(text)))
	start := len(p.data)
	p.data = append(p.data, text...)
	p.n++
	p.note(p.data[start:])
}

func (p *textValues) note(text []byte) {
	if p.filtered {
		p.hashes = append(p.hashes, xxhash.Sum64(text))
	}
	switch {
	case !p.bounded:
	case p.n == 1:
		p.least, p.most = text, text
	case bytes.Compare(text, p.least) < 0:
		p.least = text
	case bytes.Compare(text, p.most) > 0:
		p.most = text
	}
}

func (p *textValues) count() int { return p.n }
func (p *textValues) size() int  { return len(p.data) }
func (p *textValues) text() int  { return len(p.data) - 4*p.n }

func (p *textValues) bounds() (parquet.Value, parquet.Value) {
	return parquet.ByteArrayValue(p.least), parquet.ByteArrayValue(p.most)
}

func (p *textValues) encode() ([]byte, error)   { return p.data, nil }
func (p *textValues) encoding() format.Encoding { return format.Plain }

func (p *textValues) clear() {
	p.data, p.n = p.data[:0], 0
	p.least, p.most = nil, nil
}

func (p *textValues) reset() {
	p.clear()
	p.hashes = p.hashes[:0]
}

// wordValues are texts in a dictionary that a row group has of its own, in the
// order of their first use. A batch's codes are looked up in a table that is made
// from the batch's dictionary, so a text is hashed once a row group and not once a row.
type wordValues struct {
	texts []string // the dictionary of the batch
	table []int32  // of its code i at i+1: the text's place in words, or absent, or unused
	index map[string]int32
	words []string // the dictionary of the row group
	bytes int      // of words
	codes []int32  // the page: places in words
	out   []byte   // codes, encoded
	used  []bool   // of words, for bounds

	outgrown bool       // the dictionary is full, and what follows is plain
	plain    textValues // from then on
}

const (
	absent = -1 // the code of a missing cell, or of an empty text
	unused = -2 // a text that is not in the row group's dictionary yet
)

// begin brings the table up to date with a batch's dictionary. Comparing texts
// that share their memory, as they do from batch to batch, is comparing pointers.
func (p *wordValues) begin(dictionary []string) {
	same := 0
	for same < len(p.texts) && same < len(dictionary) && p.texts[same] == dictionary[same] {
		same++
	}
	if len(p.table) == 0 {
		p.table = append(p.table, absent)
	}
	p.texts, p.table = append(p.texts[:same], dictionary[same:]...), p.table[:same+1]
	for _, text := range dictionary[same:] {
		p.table = append(p.table, fresh(text))
	}
}

// fresh returns what the table says of a text not met yet.
func fresh(text string) int32 {
	if text == "" {
		return absent
	}
	return unused
}

func (p *wordValues) put(c *datasets.Column, from, to int, levels []byte, missing byte) error {
	if p.outgrown {
		for i, code := range c.Codes[from:to] {
			if levels[i] = missing; p.table[code+1] != absent {
				levels[i]++
				addText(&p.plain, p.texts[code])
			}
		}
		return nil
	}
	n := len(p.codes)
	dst := slices.Grow(p.codes, to-from)[:n+to-from]
	codes, table := c.Codes[from:to], p.table
	levels = levels[:len(codes)]
	for i, code := range codes {
		at := table[code+1]
		if at == unused {
			at = p.enter(code)
		}
		there := byte(1) - byte(uint32(at)>>31)
		dst[n], levels[i] = at, missing+there
		n += int(there)
	}
	p.codes = dst[:n]
	return nil
}

// enter puts the text of a code into the dictionary, unless it is there under
// the code of another batch.
func (p *wordValues) enter(code int32) int32 {
	text := p.texts[code]
	at, ok := p.index[text]
	if !ok {
		at = int32(len(p.words))
		p.index[text] = at
		p.words = append(p.words, text)
		p.bytes += len(text)
	}
	p.table[code+1] = at
	return at
}

func (p *wordValues) count() int {
	if p.outgrown {
		return p.plain.count()
	}
	return len(p.codes)
}

func (p *wordValues) size() int {
	if p.outgrown {
		return p.plain.size()
	}
	return 4 * len(p.codes)
}

func (p *wordValues) text() int {
	if p.outgrown {
		return p.plain.text()
	}
	return 0
}

func (p *wordValues) bounds() (parquet.Value, parquet.Value) {
	if p.outgrown {
		return p.plain.bounds()
	}
	p.used = append(p.used[:0], make([]bool, len(p.words))...)
	for _, at := range p.codes {
		p.used[at] = true
	}
	least := p.words[p.codes[0]]
	most := least
	for at, used := range p.used {
		if used {
			least, most = min(least, p.words[at]), max(most, p.words[at])
		}
	}
	return parquet.ByteArrayValue([]byte(least)), parquet.ByteArrayValue([]byte(most))
}

func (p *wordValues) encode() (out []byte, err error) {
	if p.outgrown {
		return p.plain.encode()
	}
	p.out, err = encodeCodes(p.out, p.codes)
	return p.out, err
}

func (p *wordValues) encoding() format.Encoding {
	if p.outgrown {
		return format.Plain
	}
	return format.RLEDictionary
}

func (p *wordValues) clear() {
	p.outgrown = p.outgrown || p.bytes > maxDictionary
	p.codes = p.codes[:0]
	p.plain.clear()
}

func (p *wordValues) reset() {
	p.clear()
	p.plain.reset()
	for i, text := range p.texts {
		p.table[i+1] = fresh(text)
	}
	clear(p.index)
	clear(p.words)
	p.words, p.bytes, p.outgrown = p.words[:0], 0, false
}

// dictionary implements dictionaryValues.
func (p *wordValues) dictionary() ([]byte, int, error) {
	dst := make([]byte, 0, 4*len(p.words)+p.bytes)
	for _, word := range p.words {
		dst = binary.LittleEndian.AppendUint32(dst, uint32(len(word)))
		dst = append(dst, word...)
	}
	return dst, len(p.words), nil
}
