package infer

import (
	"context"
	"fmt"
	"strings"

	"github.com/icpfit/icpfit/datasets"
)

// CustomerList is what Customers made of a list; "" is a column it does not have.
type CustomerList struct {
	Source string
	Domain string
	Class  string
	WonAt  string
	Weight string
}

// customerRows is how much of a list is looked at.
const customerRows = 20_000

// Customers looks at a list of customers. domain is the column that names the
// company, "" to look for it; a list of one column needs no name for it.
//
// It is an error wrapping datasets.ErrShape if the first line is a domain and
// not a header, and a *DomainError if no column names the company.
func Customers(ctx context.Context, src datasets.Source, domain string) (*CustomerList, error) {
	profiles, err := readProfiles(ctx, src, customerRows)
	if err != nil {
		return nil, fmt.Errorf("infer customers: %w", err)
	}
	headers := make([]string, len(profiles))
	for i, p := range profiles {
		headers[i] = p.name
	}
	if len(profiles) == 0 {
		return nil, fmt.Errorf("infer customers: %s: %w", src.Name(), datasets.Shapef("has no columns; want one of domains"))
	}
	if headless(profiles[0]) {
		return nil, fmt.Errorf("infer customers: %w", datasets.Shapef("%s has no header: the first cell is a domain, %q; add a first line: domain", src.Name(), clip(headers[0])))
	}
	at := 0
	if domain != "" || len(profiles) != 1 {
		if at, err = findDomain(src.Name(), "customers", domain, profiles, nil); err != nil {
			return nil, fmt.Errorf("infer customers: %w", err)
		}
	}
	list := &CustomerList{Source: src.Name(), Domain: headers[at]}
	pick := func(names []string, least float64, ok func(string) bool) string {
		if i := findName(headers, names); i >= 0 && i != at && profiles[i].filled > 0 && profiles[i].share(ok) >= least {
			return headers[i]
		}
		return ""
	}
	list.Class = pick(classNames, 0.9, isClass)
	list.WonAt = pick(wonNames, 0.5, isDate)
	list.Weight = pick(weightNames, 0.9, isPlainNumber)
	return list, nil
}

// headless reports whether the name of the first column is itself a domain,
// like its cells; company.name, a field within a field, is not meant.
func headless(p *profile) bool {
	_, last, dotted := strings.Cut(p.name, ".")
	key, _ := datasets.DomainKey(p.name)
	switch {
	case !dotted || key == "" || last == "name" || last == "domain" || last == "website":
		return false
	}
	return p.filled == 0 || p.share(isDomain) > 0.8
}

func isClass(cell string) bool {
	switch strings.ToLower(cell) {
	case "best", "pipeline", "ordinary", "lost":
		return true
	}
	return false
}
