package spool

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"hash"
	"math"

	"github.com/icpfit/icpfit/datasets"
)

// A digest hashes rows, whatever batches they come in: for every column one hash
// of what has a fixed width a row, and one of its texts.
type digest struct {
	fields []datasets.Field
	fixed  []hash.Hash
	texts  []hash.Hash
	rows   int64
	buf    []byte
	text   []byte
}

func newDigest(fields []datasets.Field) *digest {
	d := &digest{fields: fields}
	for range fields {
		d.fixed, d.texts = append(d.fixed, sha256.New()), append(d.texts, sha256.New())
	}
	return d
}

// absent is the length of a text that is missing.
const absent = math.MaxUint32

// add hashes the rows of a batch.
func (d *digest) add(b *datasets.Batch) {
	for i := range b.Columns {
		c := &b.Columns[i]
		d.buf, d.text = d.buf[:0], d.text[:0]
		d.column(c, b.Rows)
		d.fixed[i].Write(d.buf)
		if c.Type == datasets.Text {
			d.texts[i].Write(c.Data)
		} else {
			d.texts[i].Write(d.text)
		}
	}
	d.rows += int64(b.Rows)
}

// column writes the rows of a column to the buffers.
func (d *digest) column(c *datasets.Column, rows int) {
	u32, u64 := binary.LittleEndian.AppendUint32, binary.LittleEndian.AppendUint64
	for i := range rows {
		switch c.Type {
		case datasets.Text:
			d.buf = u32(d.buf, uint32(c.Offsets[i+1]-c.Offsets[i]))
		case datasets.Number:
			v := c.Numbers[i]
			if math.IsNaN(v) {
				v = math.NaN() // there are many, and all are missing
			}
			d.buf = u64(d.buf, math.Float64bits(v))
		case datasets.Integer:
			v, known := c.Integers[i], byte(1)
			if c.Missing(i) {
				v, known = 0, 0
			}
			d.buf = append(u64(d.buf, uint64(v)), known)
		case datasets.Date:
			d.buf = u32(d.buf, uint32(c.Days[i]))
		case datasets.Flag:
			d.buf = append(d.buf, byte(c.Flags[i]))
		case datasets.Category:
			if c.Missing(i) {
				d.buf = u32(d.buf, absent)
			} else {
				d.word(c.Dictionary[c.Codes[i]])
			}
		case datasets.Set:
			if c.Missing(i) {
				d.buf = u32(d.buf, absent)
				continue
			}
			d.buf = u32(d.buf, uint32(len(c.Items(i))))
			for _, code := range c.Items(i) {
				d.word(c.Dictionary[code])
			}
		case datasets.List:
			panic("spool: no source that is copied has lists of objects")
		}
	}
}

func (d *digest) word(text string) {
	d.buf = binary.LittleEndian.AppendUint32(d.buf, uint32(len(text)))
	d.text = append(d.text, text...)
}

// String returns the hash of all rows and of the columns' names and types.
func (d *digest) String() string {
	h := sha256.New()
	head, err := json.Marshal(d.fields)
	if err != nil {
		panic(err) // names and numbers always marshal
	}
	h.Write(head)
	h.Write(binary.LittleEndian.AppendUint64(nil, uint64(d.rows)))
	for i := range d.fields {
		h.Write(d.fixed[i].Sum(nil))
		h.Write(d.texts[i].Sum(nil))
	}
	return hex.EncodeToString(h.Sum(nil))
}
