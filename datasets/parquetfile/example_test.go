package parquetfile_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/parquetfile"
)

// Example writes a small feature table and reads it back.
func Example() {
	fields := []datasets.Field{
		{Name: "domain", Type: datasets.Text},
		{Name: "country", Type: datasets.Category},
	}
	b := &datasets.Batch{}
	b.Prepare(fields)
	b.Rows = 2
	b.Columns[0].Data = []byte("acme.combolt.io")
	b.Columns[0].Offsets = []int32{0, 8, 15}
	b.Columns[1].Codes, b.Columns[1].Dictionary = []int32{0, -1}, []string{"FR"}

	var out bytes.Buffer
	w, err := parquetfile.NewWriter(&out, fields, parquetfile.DefaultOptions())
	if err != nil {
		log.Fatal(err)
	}
	if err := errors.Join(w.Write(b), w.Close()); err != nil {
		log.Fatal(err)
	}
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "part-0.parquet")
	if err := os.WriteFile(path, out.Bytes(), 0o600); err != nil {
		log.Fatal(err)
	}

	ctx := context.Background()
	r, err := parquetfile.New(path).Open(ctx)
	if err != nil {
		log.Fatal(err)
	}
	for err = r.Read(ctx, b); err == nil; err = r.Read(ctx, b) {
		for i := range b.Rows {
			country := b.Column("country")
			if country.Missing(i) {
				fmt.Printf("%s, country unknown\n", b.Column("domain").Cell(i))
			} else {
				fmt.Printf("%s, %s\n", b.Column("domain").Cell(i), country.Dictionary[country.Codes[i]])
			}
		}
	}
	if err != io.EOF {
		log.Fatal(err)
	}
	if err := r.Close(); err != nil {
		log.Fatal(err)
	}
	// Output:
	// acme.com, FR
	// bolt.io, country unknown
}
