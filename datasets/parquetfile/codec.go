package parquetfile

import (
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/parquet-go/parquet-go/format"
)

// The library hands pages to codecs that write whatever the compressed bytes
// ask for: a page of some kilobytes can ask for gigabytes, and a damaged LZ4
// page makes it double its buffer for ever. So the compressed bytes are asked
// first how much they hold.

// readable returns an error for a codec that is not read.
func readable(codec format.CompressionCodec) error {
	switch codec {
	case format.Uncompressed, format.Snappy, format.Gzip, format.Zstd, format.Lz4Raw:
		return nil
	}
	// BROTLI's size cannot be told without inflating it, and hardly anyone
	// writes it; LZ4 (the old framing) and LZO the library does not know.
	return fmt.Errorf("compressed with %v; write the file again with zstd or snappy", codec)
}

// checkCodec returns an error unless the n bytes of r at off decompress to want
// bytes. For frames that do not state their size it only bounds it.
func checkCodec(codec format.CompressionCodec, r io.ReaderAt, off, n, want int64) error {
	if n == 0 {
		if want != 0 {
			return fmt.Errorf("no bytes for %d", want)
		}
		return nil
	}
	var got int64
	var err error
	switch codec {
	case format.Uncompressed:
		got = n
	case format.Snappy:
		got, err = snappySize(r, off, n)
	case format.Gzip:
		got, err = gzipSize(r, off, n, want)
	case format.Zstd:
		got, err = zstdSize(r, off, n, want)
	case format.Lz4Raw:
		got, err = lz4Size(r, off, n, want)
	default:
		err = readable(codec)
	}
	if err == nil && got != want {
		err = fmt.Errorf("holds %d bytes, its header says %d", got, want)
	}
	return err
}

// snappySize returns the size a Snappy block starts with.
func snappySize(r io.ReaderAt, off, n int64) (int64, error) {
	head := make([]byte, min(n, binary.MaxVarintLen64))
	if _, err := r.ReadAt(head, off); err != nil {
		return 0, err
	}
	size, k := binary.Uvarint(head)
	if k <= 0 || size > maxPage {
		return 0, errors.New("not a Snappy block")
	}
	return int64(size), nil
}

// gzipSize inflates at most one byte more than want.
func gzipSize(r io.ReaderAt, off, n, want int64) (int64, error) {
	z, err := gzip.NewReader(io.NewSectionReader(r, off, n))
	if err != nil {
		return 0, err
	}
	return io.Copy(io.Discard, io.LimitReader(z, want+1))
}

// lz4Size walks the sequences of an LZ4 block, and stops beyond want.
//
// Source: https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md
func lz4Size(r io.ReaderAt, off, n, want int64) (int64, error) {
	b := make([]byte, n)
	if _, err := r.ReadAt(b, off); err != nil {
		return 0, err
	}
	broken := errors.New("not an LZ4 block")
	length := func(nibble byte) int64 { // reads the bytes that lengthen a nibble
		v := int64(nibble)
		for more := nibble == 15; more && len(b) > 0; b = b[1:] {
			v += int64(b[0])
			more = b[0] == 255
		}
		return v
	}
	var size int64
	for size <= want && len(b) > 0 {
		token := b[0]
		b = b[1:]
		literals := length(token >> 4)
		if literals > int64(len(b)) {
			return 0, broken
		}
		size += literals
		if b = b[literals:]; len(b) == 0 && token&15 == 0 { // a block ends in literals
			return size, nil
		}
		if len(b) < 2 {
			return 0, broken
		}
		back := int64(binary.LittleEndian.Uint16(b))
		if b = b[2:]; back == 0 || back > size {
			return 0, broken
		}
		size += length(token&15) + 4
	}
	return 0, broken
}

// zstdSize walks the blocks of the Zstandard frames. Where a frame does not
// state its size it returns want if the blocks cannot hold more than maxPage.
//
// Source: RFC 8878, section 3.1.
func zstdSize(r io.ReaderAt, off, n, want int64) (int64, error) {
	z := zstdWalk{r: r, off: off, end: off + n}
	var size int64
	stated := true
	for z.off < z.end {
		frame, ok, err := z.frame()
		if err != nil {
			return 0, err
		}
		stated = stated && ok
		if size += frame; frame < 0 || size > maxPage {
			return 0, errors.New("a Zstandard frame larger than its page may be")
		}
	}
	if !stated {
		return want, nil
	}
	return size, nil
}

type zstdWalk struct {
	r        io.ReaderAt
	off, end int64
}

// bytes reads the next n bytes, at most 8, as a little-endian number.
func (z *zstdWalk) number(n int64) (uint64, error) {
	var b [8]byte
	if n > z.end-z.off {
		return 0, io.ErrUnexpectedEOF
	}
	if _, err := z.r.ReadAt(b[:n], z.off); err != nil {
		return 0, err
	}
	z.off += n
	return binary.LittleEndian.Uint64(b[:]), nil
}

// frame walks one frame and returns its stated size, or a bound if it states
// none.
func (z *zstdWalk) frame() (size int64, stated bool, err error) {
	magic, err := z.number(4)
	if err != nil || magic != 0xFD2FB528 { // skippable frames have no use in a page
		return 0, false, errors.New("not a Zstandard frame")
	}
	size, stated, checksum, err := z.frameHeader()
	if err != nil {
		return 0, false, err
	}
	var bound int64
	for last := false; !last; {
		head, err := z.number(3)
		if err != nil {
			return 0, false, err
		}
		last = head&1 == 1
		length := int64(head >> 3)
		switch head >> 1 & 3 {
		case 0: // as it is
			bound += length
		case 1: // one byte, repeated
			bound, length = bound+length, 1
		case 2: // compressed
			bound += 128 << 10
		default:
			return 0, false, errors.New("not a Zstandard block")
		}
		if z.off += length; z.off > z.end {
			return 0, false, io.ErrUnexpectedEOF
		}
	}
	z.off += checksum
	if !stated {
		size = bound
	}
	return size, stated, nil
}

// frameHeader reads what follows the magic number. A size that does not fit
// comes back negative.
func (z *zstdWalk) frameHeader() (size int64, stated bool, checksum int64, err error) {
	descriptor, err := z.number(1)
	if err != nil {
		return 0, false, 0, err
	}
	single := descriptor&0x20 != 0
	if descriptor&4 != 0 {
		checksum = 4
	}
	skip := []int64{0, 1, 2, 4}[descriptor&3] // the dictionary's id
	if !single {
		skip++ // the window's size
	}
	if _, err := z.number(skip); err != nil {
		return 0, false, 0, err
	}
	width := []int64{0, 2, 4, 8}[descriptor>>6]
	if width == 0 && single {
		width = 1
	}
	v, err := z.number(width)
	if width == 2 {
		v += 256
	}
	return int64(v), width > 0, checksum, err
}
