package sample_test

import (
	"fmt"
	"log"

	"github.com/icpfit/icpfit/datasets/sample"
)

func ExampleGenerate() {
	o := sample.DefaultOptions()
	o.Seed = 7
	base, err := sample.Generate(o)
	if err != nil {
		log.Fatal(err)
	}
	customers := 0
	for i := range base.Customer {
		if base.Customer[i] && base.DuplicateOf[i] < 0 {
			customers++
		}
	}
	fmt.Printf("%d rows, %d customers, best possible AUC above 0.8: %v\n", len(base.Domain), customers, base.OracleAUC() > .8)
	// Output: 30000 rows, 600 customers, best possible AUC above 0.8: true
}
