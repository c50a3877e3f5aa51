package anyfile_test

import (
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/icpfit/icpfit/datasets/anyfile"
)

func ExampleOpen() {
	dir, err := os.MkdirTemp("", "anyfile")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	for _, text := range []string{"domain,name\nacme.example,Acme\n", "{\"domain\":\"acme.example\"}\n"} {
		path := filepath.Join(dir, "accounts.txt")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			log.Fatal(err)
		}
		src, err := anyfile.Open(path)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%T\n", src)
	}
	// Output:
	// *csvfile.Source
	// *jsonfile.Source
}
