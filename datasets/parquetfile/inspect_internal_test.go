package parquetfile

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/encoding"
	"github.com/parquet-go/parquet-go/encoding/rle"
	"github.com/parquet-go/parquet-go/format"
)

// TestInspectSoundPages encodes values with the library: every encoding of
// every size passes, and does not pass for a page of far fewer values.
func TestInspectSoundPages(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	for _, n := range []int{1, 2, 7, 8, 129, 1000, 20_000} {
		numbers, indexes := make([]int64, n), make([]int32, n)
		var text []byte
		offsets := []uint32{0}
		for i := range n {
			numbers[i], indexes[i] = r.Int64N(1<<40)-1<<39, int32(r.IntN(1+i/8))
			text = fmt.Appendf(text, "company-%d.example", r.IntN(n*n))
			offsets = append(offsets, uint32(len(text)))
		}
		for _, tt := range []struct {
			enc    encoding.Encoding
			encode func(encoding.Encoding) ([]byte, error)
		}{
			{&parquet.DeltaBinaryPacked, func(e encoding.Encoding) ([]byte, error) { return e.EncodeInt64(nil, numbers) }},
			{&parquet.DeltaLengthByteArray, func(e encoding.Encoding) ([]byte, error) { return e.EncodeByteArray(nil, text, offsets) }},
			{&parquet.DeltaByteArray, func(e encoding.Encoding) ([]byte, error) { return e.EncodeByteArray(nil, text, offsets) }},
			{&parquet.RLEDictionary, func(e encoding.Encoding) ([]byte, error) { return e.EncodeInt32(nil, indexes) }},
		} {
			b, err := tt.encode(tt.enc)
			if err != nil {
				t.Fatal(err)
			}
			enc := tt.enc.Encoding()
			if err := checkValues(enc, b, uint64(n)+slack); err != nil {
				t.Errorf("%v of %d values: %v", enc, n, err)
			}
			if n > 1000 && checkValues(enc, b, uint64(n)/2) == nil {
				t.Errorf("%v of %d values passes for %d", enc, n, n/2)
			}
			if enc == format.DeltaByteArray {
				c := &compact{b: b}
				prefixes, err1 := deltaSum(c, uint64(n))
				suffixes, err2 := deltaSum(c, uint64(n))
				if err1 != nil || err2 != nil || prefixes+suffixes != int64(len(text)) {
					t.Errorf("lengths sum to %d + %d, want %d; %v, %v", prefixes, suffixes, len(text), err1, err2)
				}
			}
		}
	}
}

func TestInspectLevels(t *testing.T) {
	levels := make([]byte, 20_000)
	for i := range levels {
		levels[i] = byte(i / 900 % 3)
	}
	b, err := (&rle.Encoding{BitWidth: 2}).EncodeLevels(nil, levels)
	if err != nil {
		t.Fatal(err)
	}
	if err := checkRuns(b, 2, 20_000+8); err != nil {
		t.Error(err)
	}
	if checkRuns(b, 2, 19_000) == nil {
		t.Error("20,000 levels pass for 19,000")
	}
	if got := []uint64{levelBits(0), levelBits(1), levelBits(2), levelBits(3), levelBits(4)}; fmt.Sprint(got) != "[0 1 2 2 3]" {
		t.Errorf("levels up to 0, 1, 2, 3, 4 have %v bits", got)
	}
}

// TestInspectBombs gives bodies of some bytes that ask for gigabytes.
func TestInspectBombs(t *testing.T) {
	run := func(head uint64) []byte { return append(binary.AppendUvarint(nil, head), 1) }
	long := append([]byte{1}, run(1<<31)...)
	groups := append([]byte{1}, run(1<<31|1)...)
	delta := binary.AppendUvarint([]byte{0x80, 1, 4}, 1<<31) // 128 a block, 4 parts, 2^31 values
	delta = append(delta, 0)
	lengths := []byte{0x80, 1, 4, 2}                     // two lengths
	lengths = binary.AppendUvarint(lengths, 2*(1<<31-1)) // the first
	lengths = append(lengths, 0, 0, 0, 0, 0)             // and the same again
	for _, tt := range []struct {
		name string
		enc  format.Encoding
		body []byte
		want string
	}{
		{"indices, repeated", format.RLEDictionary, long, "runs of"},
		{"indices, packed", format.RLEDictionary, groups, "a run of"},
		{"flags", format.RLE, append([]byte{6, 0, 0, 0}, run(1<<31)...), "runs of"},
		{"numbers", format.DeltaBinaryPacked, delta, "2147483648 values"},
		{"lengths", format.DeltaLengthByteArray, delta, "2147483648 values"},
		{"texts", format.DeltaByteArray, append(lengths, lengths...), "texts of 8589934588 bytes"},
	} {
		if err := checkValues(tt.enc, tt.body, 100+slack); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want %q", tt.name, err, tt.want)
		}
	}
}
