package csvfile_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/csvfile"
)

func ExampleNew() {
	dir, err := os.MkdirTemp("", "csvfile")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "accounts.csv")
	text := "domain;name;city\nacme.example;Acme;\"Paris; Lyon\"\nbolt.example;Bolt;\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		log.Fatal(err)
	}

	ctx := context.Background()
	r, err := csvfile.New(path, csvfile.DefaultOptions()).Open(ctx)
	if err != nil {
		log.Fatal(err)
	}
	defer r.Close()
	var batch datasets.Batch
	for {
		err := r.Read(ctx, &batch)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			log.Fatal(err)
		}
		city := batch.Column("city")
		for i := range batch.Rows {
			fmt.Printf("line %d: %q missing: %v\n", batch.Lines[i], city.Cell(i), city.Missing(i))
		}
	}
	// Output:
	// line 2: "Paris; Lyon" missing: false
	// line 3: "" missing: true
}
