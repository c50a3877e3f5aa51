package jsonfile_test

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/jsonfile"
)

// BenchmarkRead reads generated accounts of 20 texts and a set. The pass that
// finds the columns is made once, before the clock starts.
func BenchmarkRead(b *testing.B) {
	const rows = 20_000
	var text strings.Builder
	for i := range rows {
		fmt.Fprintf(&text, `{"domain":"d%d.example","tech":["hubspot","slack"]`, i)
		for c := range 20 {
			fmt.Fprintf(&text, `,"column_%d":"value %d"`, c, i%50)
		}
		text.WriteString("}\n")
	}
	path := filepath.Join(b.TempDir(), "accounts.jsonl")
	if err := os.WriteFile(path, []byte(text.String()), 0o600); err != nil {
		b.Fatal(err)
	}
	src := jsonfile.New(path)
	var batch datasets.Batch
	read := func() {
		r, err := src.Open(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		n := 0
		for err == nil {
			err = r.Read(b.Context(), &batch)
			n += batch.Rows
		}
		if err := r.Close(); err != nil {
			b.Fatal(err)
		}
		if !errors.Is(err, io.EOF) || n != rows {
			b.Fatal(n, err)
		}
	}
	read()
	b.SetBytes(int64(text.Len()))
	b.ReportAllocs()
	for b.Loop() {
		read()
	}
	b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
