package parquetfile

import (
	"bytes"
	"encoding/binary"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress"
	"github.com/parquet-go/parquet-go/format"
)

// TestCheckCodec compresses pages of all kinds and sizes: the size told from
// the compressed bytes is the right one and no other. Zstandard does not state
// the size of frames below 256 bytes; those are only bounded.
func TestCheckCodec(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	random := make([]byte, 300_000)
	for i := range random {
		random[i] = byte(r.Uint32())
	}
	text := []byte(strings.Repeat("acme.com,Acme Corporation;", 20_000))
	for _, codec := range []compress.Codec{&parquet.Uncompressed, &parquet.Snappy, &parquet.Gzip, &parquet.Zstd, &parquet.Lz4Raw} {
		for _, page := range [][]byte{random[:1], random[:100], random, text[:7], text[:270], text, make([]byte, 1<<20)} {
			packed, err := codec.Encode(nil, page)
			if err != nil {
				t.Fatal(err)
			}
			check := func(b []byte, want int) error {
				return checkCodec(codec.CompressionCodec(), bytes.NewReader(b), 0, int64(len(b)), int64(want))
			}
			if err := check(packed, len(page)); err != nil {
				t.Errorf("%v of %d bytes: %v", codec, len(page), err)
			}
			for _, want := range []int{len(page) - 1, len(page) + 1} {
				stated := codec.CompressionCodec() != format.Zstd || len(page) >= 256
				if stated && check(packed, want) == nil {
					t.Errorf("%v of %d bytes passes for %d", codec, len(page), want)
				}
			}
		}
	}
}

// TestDamagedLZ4 gives damaged LZ4 to the library wherever the check lets it
// pass: it must come to an end.
func TestDamagedLZ4(t *testing.T) {
	page := []byte(strings.Repeat("acme.com,Acme Corporation;", 40))
	packed, err := parquet.Lz4Raw.Encode(nil, page)
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(9, 10))
	passed := 0
	for range 20_000 {
		b := slices.Clone(packed)
		for range 1 + r.IntN(3) {
			b[r.IntN(len(b))] = byte(r.Uint32())
		}
		b = b[:len(b)-r.IntN(2)*r.IntN(len(b))]
		if checkCodec(format.Lz4Raw, bytes.NewReader(b), 0, int64(len(b)), int64(len(page))) == nil {
			passed++
			if _, err := parquet.Lz4Raw.Decode(make([]byte, len(page)), b); err != nil {
				t.Fatal(err)
			}
		}
	}
	if passed == 0 {
		t.Error("no damaged page passed: the test shows nothing")
	}
}

// TestZstdBomb refuses frames that would decode to gigabytes.
func TestZstdBomb(t *testing.T) {
	stated := binary.LittleEndian.AppendUint64([]byte{0x28, 0xB5, 0x2F, 0xFD, 0xE0}, 1<<40)
	stated = append(stated, 1, 0, 0) // an empty last block
	endless := []byte{0x28, 0xB5, 0x2F, 0xFD, 0, 0x58}
	for range 3000 { // blocks of 128 KiB, one byte repeated
		endless = append(endless, 0x02, 0x00, 0x10, 'x')
	}
	endless = append(endless, 1, 0, 0)
	for name, b := range map[string][]byte{"stated": stated, "repeated": endless} {
		if err := checkCodec(format.Zstd, bytes.NewReader(b), 0, int64(len(b)), 1000); err == nil {
			t.Errorf("%s: passes", name)
		}
	}
}

func TestCodecsNotRead(t *testing.T) {
	for _, codec := range []format.CompressionCodec{format.Brotli, format.LZO, format.Lz4, 99} {
		if err := checkCodec(codec, bytes.NewReader([]byte{1}), 0, 1, 1); err == nil || readable(codec) == nil {
			t.Errorf("%v passes", codec)
		}
	}
}

// TestDecimal compares with quotients that a float64 holds exactly or that are
// the nearest to it by definition of the literal.
func TestDecimal(t *testing.T) {
	for _, tt := range []struct {
		unscaled int64
		scale    int
		want     float64
	}{
		{12345, 2, 123.45}, {-5, 1, -0.5}, {7, 0, 7}, {1, 25, 1e-25}, {math.MaxInt64, 18, 9.223372036854775807}, {math.MinInt64, 0, -9223372036854775808},
	} {
		if got := decimal(tt.unscaled, tt.scale); got != tt.want {
			t.Errorf("decimal(%d, %d) = %v, want %v", tt.unscaled, tt.scale, got, tt.want)
		}
		b := binary.BigEndian.AppendUint64(nil, uint64(tt.unscaled))
		if got := bigDecimal(b, tt.scale); got != tt.want {
			t.Errorf("bigDecimal(% x, %d) = %v, want %v", b, tt.scale, got, tt.want)
		}
	}
	if got, want := bigDecimal([]byte{1, 0, 0, 0, 0, 0, 0, 0, 0}, 3), 18446744073709551.616; got != want {
		t.Errorf("2^64 / 1000 = %v, want %v", got, want)
	}
}
