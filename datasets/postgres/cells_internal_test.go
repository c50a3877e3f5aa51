package postgres

import (
	"encoding/binary"
	"testing"
	"unicode/utf8"

	"github.com/icpfit/icpfit/datasets"
)

// FuzzCells feeds cells that no server would send: an error or a value, no
// panic, and no text that is not UTF-8.
func FuzzCells(f *testing.F) {
	array := binary.BigEndian.AppendUint32(nil, 1)
	array = binary.BigEndian.AppendUint32(array, 0)
	array = binary.BigEndian.AppendUint32(array, 25)
	array = binary.BigEndian.AppendUint32(array, 2)
	array = binary.BigEndian.AppendUint32(array, 1)
	array = append(binary.BigEndian.AppendUint32(array, 3), "SAP"...)
	array = binary.BigEndian.AppendUint32(array, 0xffffffff)
	for _, cell := range [][]byte{nil, {}, {1}, {2}, []byte("12.5"), []byte("NaN"), []byte("caf\xe9"), make([]byte, 4), make([]byte, 8), array, array[:len(array)-5], append(array[:20:20], 0x7f, 0, 0, 0)} {
		for w := range types {
			f.Add(uint8(w), cell)
		}
	}
	f.Fuzz(func(t *testing.T, w uint8, cell []byte) {
		c := column{wire: wire(int(w) % len(types)), items: newItems()}
		var b datasets.Batch
		b.Prepare([]datasets.Field{{Name: "a", Type: types[c.wire]}})
		dst := &b.Columns[0]
		if c.add(dst, cell, 1) != nil {
			return
		}
		if types[c.wire] == datasets.Text && !utf8.Valid(dst.Cell(0)) {
			t.Errorf("text %q", dst.Cell(0))
		}
		if types[c.wire] == datasets.Set {
			for _, code := range dst.Items(0) {
				if !utf8.ValidString(c.items.texts[code]) {
					t.Errorf("item %q", c.items.texts[code])
				}
			}
		}
		if cell == nil && !dst.Missing(0) {
			t.Errorf("NULL of %v is not missing", types[c.wire])
		}
	})
}

func TestBrokenCells(t *testing.T) {
	for _, tt := range []struct {
		wire wire
		cell string
	}{
		{asInteger, "123"},
		{asOID, "12345678"},
		{asFloat, "1"},
		{asBool, "\x02"},
		{asBool, ""},
		{asDay, "1"},
		{asMicros, "1234"},
		{asDigits, "1.5"},
		{asText, "caf\xe9"},
		{asTexts, "1"},
		{asTexts, "\x00\x00\x00\x07\x00\x00\x00\x00\x00\x00\x00\x19"},
		{asTexts, "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x19abc"},
		{asTexts, "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x19\x00\x00\x00\x02\xe9a"},
	} {
		c := column{wire: tt.wire, items: newItems()}
		var b datasets.Batch
		b.Prepare([]datasets.Field{{Name: "a", Type: types[tt.wire]}})
		if err := c.add(&b.Columns[0], []byte(tt.cell), 1); err == nil {
			t.Errorf("wire %d takes %q", tt.wire, tt.cell)
		}
	}
}
