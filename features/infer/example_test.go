package infer_test

import (
	"context"
	"fmt"
	"log"

	"github.com/icpfit/icpfit/datasets/sample"
	"github.com/icpfit/icpfit/features/infer"
)

func ExampleAccounts() {
	opts := sample.DefaultOptions()
	opts.Accounts, opts.Customers = 2000, 100
	base, err := sample.Generate(opts)
	if err != nil {
		log.Fatal(err)
	}
	r, err := infer.Accounts(context.Background(), base.Source(), infer.DefaultOptions())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("accounts are named by", r.Domain)
	for _, s := range r.Specs[:3] {
		fmt.Println(s.Name, "is a", s.Kind)
	}
	fmt.Println(r.LeftOut[1].Column, "is left out:", r.LeftOut[1].Reason)

	list, err := infer.Customers(context.Background(), base.Customers(), "")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("customers are named by", list.Domain, "and were won at", list.WonAt)
	// Output:
	// accounts are named by website
	// industry is a category
	// employees is a number
	// annual_revenue is a number
	// company_name is left out: a name: accounts.name
	// customers are named by domain and were won at won_at
}
