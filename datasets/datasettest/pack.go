package datasettest

import (
	"bytes"
	"errors"
	"io"
	"os"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// Pack compresses data with "gzip" or "zstd".
func Pack(t testing.TB, with string, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	pack(t, with, &b, data, nil, 0)
	return b.Bytes()
}

// WritePacked writes a file that holds start, and times as often block,
// compressed with "gzip" or "zstd".
func WritePacked(t testing.TB, path, with, start, block string, times int) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	pack(t, with, f, []byte(start), []byte(block), times)
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

func pack(t testing.TB, with string, out io.Writer, start, block []byte, times int) {
	t.Helper()
	var w io.WriteCloser = gzip.NewWriter(out)
	var err error
	if with == "zstd" {
		w, err = zstd.NewWriter(out)
	}
	if err == nil {
		_, err = w.Write(start)
	}
	for range times {
		if err == nil {
			_, err = w.Write(block)
		}
	}
	if err = errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
}
