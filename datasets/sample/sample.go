// Package sample generates a B2B account base whose truth is known: which
// companies are likely customers, by how much, and who was drawn.
//
// It stands behind `icpfit demo`, and behind tests that need to know whether
// what was learned is right. A base has two faces: typed, clean columns with
// the truth beside them, and the messy text that a CRM would export, which is
// all that the pipeline sees.
//
//	stream.go      a seeded generator for every cell
//	catalog.go     industries, countries, technologies, with their lifts
//	company.go     the clean columns
//	names.go       names and domains
//	truth.go       the log lift of a company; drawing the customers; the oracle's AUC
//	mess.go        clean value to cell, as people type it
//	listing.go     the list of customers
//	source.go      both as a datasets.Source
//	write.go       both as files, and the truth
//	history.go     what happened with the accounts: deals, campaigns, touches
//	tables.go      the history as the optional tables that icpfit reads
//	debts.go       faults that can be planted
//
// A company's log lift is a sum over its features (employees peak between 50
// and 500; software, fintech and e-commerce, some countries, HubSpot, Snowflake
// and Shopify, hiring and venture funding raise it; SAP lowers it), with one
// interaction. Customers are drawn without replacement in proportion to
// exp(log lift). Nothing else depends on who is a customer: not what is
// missing, not how it is spelled, not when the record was made. Web visits
// follow the log lift with noise, and would be there without any sale.
//
// The same Options give the same bytes, on any number of cores. On another kind
// of processor a last bit of a logarithm may differ, and with it, rarely, a cell.
package sample

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/icpfit/icpfit/datasets"
)

// Options decide what Generate makes. Start from DefaultOptions: the zero
// Options is invalid, and zero always means zero.
type Options struct {
	Accounts  int     `json:"accounts"`  // rows of the account table, duplicates and all; 2 to 20,000,000
	Customers int     `json:"customers"` // distinct companies of the table that are customers; 0 to half of Accounts
	Seed      uint64  `json:"seed"`      // any value
	Signal    float64 `json:"signal"`    // factor of the log lift, 0 to 4; 0 draws customers at random
	Mess      float64 `json:"mess"`      // 0 to 1; 0: clean, complete, one row a company; 1: as CRMs export
	AsOf      int32   `json:"as_of"`     // days since 1970-01-01; nothing in the base is later

	Debts []Debt `json:"debts,omitempty"` // planted; none by default
}

// DefaultOptions returns those of `icpfit demo`: 30,000 accounts with 600
// customers, as messy as an export, as of 2025-06-30.
func DefaultOptions() Options {
	return Options{Accounts: 30_000, Customers: 600, Seed: 1, Signal: 1, Mess: 1, AsOf: day(2025, time.June, 30)}
}

// Validate reports every bad option, not just the first.
func (o Options) Validate() error {
	var errs []error
	check := func(ok bool, format string, args ...any) {
		if !ok {
			errs = append(errs, fmt.Errorf("sample: "+format, args...))
		}
	}
	check(o.Accounts >= 2 && o.Accounts <= 20_000_000, "accounts is %d; want 2 to 20000000", o.Accounts)
	check(o.Customers >= 0 && o.Customers <= max(o.Accounts, 0)/2, "customers is %d; want 0 to half of the %d accounts", o.Customers, o.Accounts)
	check(o.Signal >= 0 && o.Signal <= 4, "signal is %g; want 0 to 4", o.Signal)
	check(o.Mess >= 0 && o.Mess <= 1, "mess is %g; want 0 to 1", o.Mess)
	for _, d := range o.Debts {
		check(slices.Contains(Debts, d), "debts: %q is none of %v", d, Debts)
	}
	check(o.AsOf >= day(2000, time.January, 1) && o.AsOf <= day(2100, time.January, 1), "as_of is day %d; want a day from 2000 to 2100", o.AsOf)
	return errors.Join(errs...)
}

// A Base is a generated account base. Its slices have one element a row of the
// account table and are in that table's order. It is not changed after
// Generate, so any number of goroutines may read it.
type Base struct {
	Options Options

	// Columns are the features of each row's company: true, typed, complete.
	// Their names are those of the table's columns.
	Columns []datasets.Column

	// Domain is the key of the row's company, "" where its website does not
	// lead to one (missing, invalid, a mail provider's, a page on a shared host).
	Domain []string

	Name        []string  // of the company, as it spells it
	DuplicateOf []int32   // the row that this one repeats; -1: none
	LogLift     []float64 // natural log of the density ratio of customers to companies; exp of it has mean 1 over companies
	Customer    []bool    // whether the company is a customer; also set on rows that repeat it
	Won         []int32   // the day it became one; datasets.MissingDay if it is none

	rows   []rowKind
	parent []int32 // row of the parent company; -1: none
	found  []int32 // the customers' rows, by row
}

// Generate makes a base. It fails if the options are invalid, or if fewer
// companies than Customers have a website that leads to a domain, which only
// happens to bases of a few rows.
func Generate(o Options) (*Base, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	b := &Base{Options: o}
	d := newDraws(o.Seed)
	b.layOut(d)
	b.name(d)
	score := b.companies(d)
	if err := b.drawCustomers(d, score); err != nil {
		return nil, err
	}
	return b, nil
}

// column returns the clean column of that place.
func (b *Base) column(f feature) *datasets.Column { return &b.Columns[f] }

// day returns a date as days since 1970-01-01.
func day(year int, month time.Month, d int) int32 {
	return int32(time.Date(year, month, d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// year returns the calendar year of a day.
func year(days int32) int { return time.Unix(int64(days)*86400, 0).UTC().Year() }

// clamp returns x within [low, high].
func clamp(x, low, high float64) float64 { return math.Min(math.Max(x, low), high) }
