package main

import (
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// settings is the icpfit.yaml of a written base.
const settings = `version: 1
as_of: 2026-01-31
accounts: {path: accounts.csv, domain: website, name: company}
customers: {path: customers.csv, domain: domain}
features:
  - {name: sector, pillar: firmographic, kind: category, column: sector}
  - {name: employees, pillar: firmographic, kind: number, column: employees, parser: range}
  - {name: technologies, pillar: technographic, kind: set, column: tech, separator: "|"}
  - {name: visits, pillar: intent, kind: number, column: visits}
model:
  learner: scorecard
  seed: 1
`

// writeBase writes a base: `base FOLDER CUSTOMERS POOL [KIND]`. The kinds are
//
//	alike     customers are all the same
//	constant  every account is the same
//	noise     customers are drawn like the pool
//	hostile   texts that attack terminals, pages and spreadsheets
//	sector    customers are all of one sector
//	label     a column says who is a customer
//	sectors   some 5,000 sectors, most of one account
//	items     over 100,000 items of a set, most of one account
func writeBase(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: base FOLDER CUSTOMERS POOL [KIND]")
	}
	customers, err := strconv.Atoi(args[1])
	ts.Check(err)
	pool, err := strconv.Atoi(args[2])
	ts.Check(err)
	folder := ts.MkAbs(args[0])
	ts.Check(os.MkdirAll(folder, 0o777))
	rows, list := [][]string{{"website", "company", "sector", "employees", "tech", "visits"}}, []string{"domain"}
	kind := ""
	if len(args) > 3 {
		kind = args[3]
	}
	r := rand.New(rand.NewPCG(1, 2))
	for i := range customers + pool {
		customer := i < customers
		row := account(r, i, customer, kind)
		rows = append(rows, row)
		if customer {
			list = append(list, row[0])
		}
	}
	f, err := os.Create(filepath.Join(folder, "accounts.csv"))
	ts.Check(err)
	w := csv.NewWriter(f)
	ts.Check(w.WriteAll(rows))
	ts.Check(f.Close())
	ts.Check(os.WriteFile(filepath.Join(folder, "customers.csv"), []byte(strings.Join(list, "\n")+"\n"), 0o666))
	ts.Check(os.WriteFile(filepath.Join(folder, "icpfit.yaml"), []byte(settings), 0o666))
}

// account returns the cells of account i.
func account(r *rand.Rand, i int, customer bool, kind string) []string {
	sectors, most := []string{"Retail", "Industry", "Retail", "Tech"}, 2000
	if customer && kind != "noise" {
		sectors, most = []string{"Tech", "Tech", "Retail", "Industry"}, 400
	}
	letter := "p"
	if customer {
		letter = "c"
	}
	row := []string{
		fmt.Sprintf("%s%05d.com", letter, i), fmt.Sprintf("Company %d", i), sectors[r.IntN(4)], strconv.Itoa(1 + r.IntN(most)),
		strings.Join([]string{"AWS", "SAP", "Slack", "HubSpot"}[r.IntN(3):], "|"), strconv.Itoa(r.IntN(20)),
	}
	switch {
	case kind == "constant" || kind == "alike" && customer:
		copy(row[2:], []string{"Tech", "50", "AWS", "3"})
	case kind == "sector" && customer:
		row[2] = "Tech"
	case kind == "label":
		row[2] = map[bool]string{true: "won", false: "open"}[customer]
	case kind == "sectors" && i%3 > 0:
		row[2] = fmt.Sprintf("Sector %d", i)
	case kind == "items":
		for k := range 60 {
			row[4] += fmt.Sprintf("|tool %d", 60*i+k)
		}
	case kind == "hostile":
		row[1] = fmt.Sprintf("%s %d", attacks[i%len(attacks)], i)
		row[2] = attacks[r.IntN(4)]
		row[4] = attacks[i%len(attacks)] + "|AWS"
	}
	return row
}

// attacks are texts as a CRM may hold them, by whom they attack: pages,
// spreadsheets, readers, terminals, logs, databases, templates.
var attacks = []string{
	"<script>alert(1)</script>", "=cmd|' /C calc'!A0", "\u202egnp.exe", "\x1b[31mred\x1b[0m", "\x1b]0;title\x07", "\u200bhidden", "\u009b31mred",
	"line\nbreak", "\r\nlines", `"quoted"`, "+1+1", "@SUM(A1)", "-2+3", "\u2066isolated\u2069", "deleted\x7f", "'; drop table accounts; --", "{{7*7}}", "\U000e0041tag",
}
