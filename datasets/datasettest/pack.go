package datasettest

import (
	"bytes"
	"errors"
	"io"
	"os"
	"testing"
)

// A Packer starts a stream that compresses what is written to it.
type Packer func(w io.Writer) (io.WriteCloser, error)

// Pack compresses data.
func Pack(t testing.TB, with Packer, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	pack(t, with, &b, string(data), "", 0)
	return b.Bytes()
}

// WritePacked writes a file that holds start, and times as often block, compressed.
func WritePacked(t testing.TB, path string, with Packer, start, block string, times int) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	pack(t, with, f, start, block, times)
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

func pack(t testing.TB, with Packer, out io.Writer, start, block string, times int) {
	t.Helper()
	w, err := with(out)
	if err == nil {
		_, err = io.WriteString(w, start)
	}
	for range times {
		if err == nil {
			_, err = io.WriteString(w, block)
		}
	}
	if err = errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
}
