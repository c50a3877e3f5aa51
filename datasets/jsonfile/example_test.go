package jsonfile_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/jsonfile"
)

func ExampleNew() {
	dir, err := os.MkdirTemp("", "jsonfile")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "accounts.jsonl")
	text := `{"domain":"acme.example","address":{"country":"FR"},"technologies":["hubspot","slack"]}
{"domain":"bolt.example","technologies":[]}
`
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		log.Fatal(err)
	}

	ctx := context.Background()
	r, err := jsonfile.New(path).Open(ctx)
	if err != nil {
		log.Fatal(err)
	}
	defer r.Close()
	for _, f := range r.Schema() {
		fmt.Println(f.Name, f.Type)
	}
	var batch datasets.Batch
	if err := r.Read(ctx, &batch); err != nil {
		log.Fatal(err)
	}
	tech := batch.Column("technologies")
	for i := range batch.Rows {
		fmt.Println(len(tech.Items(i)), "technologies, missing:", tech.Missing(i))
	}
	// Output:
	// domain text
	// address.country text
	// technologies set
	// 2 technologies, missing: false
	// 0 technologies, missing: false
}
