package features_test

import (
	"bytes"
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/icpfit/icpfit/datasets/csvfile"
	"github.com/icpfit/icpfit/features"
)

func ExampleBuild() {
	folder, err := os.MkdirTemp("", "features")
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = os.RemoveAll(folder) }()
	write := func(name, text string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			log.Fatal(err)
		}
		return path
	}
	accounts := csvfile.New(write("accounts.csv", "website,employees,tech\n"+
		"https://www.acme.com,51-200,Go|Kafka\nacme.com,150,\nglobex.fr,unknown,none\n"), csvfile.DefaultOptions())
	list := csvfile.New(write("customers.csv", "domain\nacme.com\n"), csvfile.DefaultOptions())

	ctx := context.Background()
	customers, err := features.LoadCustomers(ctx, list, features.CustomerColumns{})
	if err != nil {
		log.Fatal(err)
	}
	var accountsTable, customersTable bytes.Buffer
	audit, err := features.Build(ctx, features.Input{
		Accounts: accounts, Domain: "website", Customers: customers, AsOf: 20_484,
		Specs: []features.Spec{
			{Name: "employees", Pillar: features.Firmographic, Kind: features.Number, Column: "employees", Parser: "range"},
			{Name: "technologies", Pillar: features.Technographic, Kind: features.Set, Column: "tech"},
		},
	}, features.Output{Accounts: &accountsTable, Customers: &customersTable})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(audit.Rows, "rows,", audit.Duplicates.Total, "duplicate,", audit.Customers, "customer,", audit.Pool, "in the pool")

	table, err := features.OpenTable(filepath.Dir(write("part-0.parquet", accountsTable.String())))
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = table.Close() }()
	b, err := table.Load(ctx, []string{"domain", "employees"}, func(r features.Row) bool { return r.Customer && r.Reason == "" })
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s has %g employees on %s\n", b.Columns[0].Cell(0), b.Columns[1].Numbers[0], table.AsOf)

	_, err = features.Gate(audit, false)
	fmt.Println(err)
	// Output:
	// 3 rows, 1 duplicate, 1 customer, 1 in the pool
	// acme.com has 125.5 employees on 2026-01-31
	// too few customers to learn from: 1 with features, 50 wanted: listed 1, valid domain 1, deduplicated 1, found in the base 1, with features 1; write a grid instead (--learner grid), or add customers and accounts of class pipeline
}
