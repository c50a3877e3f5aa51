package sample

import (
	"fmt"
	"slices"
	"strings"
)

// A Debt is a fault of how the company that the base is of finds its customers,
// planted so that it can be found: `icpfit audit` is tested on it.
type Debt string

// The debts. Duplicates changes the account table; Grid and Stale are for who
// makes a project of the base, of these Stale adds releases and cuts the list of customers; all others change
// the history.
const (
	Grid        Debt = "grid"        // a written grid that the wins contradict
	Stale       Debt = "stale"       // an ICP of 11 months ago, and a product that was changed twice since
	Size        Debt = "size"        // campaigns aimed at large companies rather than at those that fit
	Duplicates  Debt = "duplicates"  // a fifth of the rows repeat another
	Fading      Debt = "fading"      // for a year, fewer deals are won in every grade
	Funnel      Debt = "funnel"      // for a year, more and more touches, fewer and fewer deals
	Unexplained Debt = "unexplained" // nobody wrote down why deals were won
	First       Debt = "first"       // deals are won where no competitor is
	Roles       Debt = "roles"       // those who engage decide nothing
	Volume      Debt = "volume"      // for a year, more and more content, fewer and fewer answers
	Audience    Debt = "audience"    // campaigns are answered by anybody
	Churn       Debt = "churn"       // two customers in five leave within a year
	Neglect     Debt = "neglect"     // sales does not meet customers, whether they grow or decline
)

// Debts lists the debts.
var Debts = []Debt{Grid, Stale, Size, Duplicates, Fading, Funnel, Unexplained, First, Roles, Volume, Audience, Churn, Neglect}

// StaleDays is for how long a stale ICP has been in use: due for a review, and not
// yet so old that grades are held back.
const StaleDays = 335

// duplicatesPlanted is the share of rows that repeat another, of Duplicates.
const duplicatesPlanted = .20

// ParseDebts reads names separated by commas; "all" is all of them.
func ParseDebts(names string) ([]Debt, error) {
	if names == "all" {
		return slices.Clone(Debts), nil
	}
	var out []Debt
	for name := range strings.SplitSeq(names, ",") {
		d := Debt(strings.TrimSpace(name))
		if d == "" {
			continue
		}
		if !slices.Contains(Debts, d) {
			var known []string
			for _, k := range Debts {
				known = append(known, string(k))
			}
			return nil, fmt.Errorf("%q is no debt; want all, or some of %s", name, strings.Join(known, ", "))
		}
		if !slices.Contains(out, d) {
			out = append(out, d)
		}
	}
	return out, nil
}

// has reports whether a debt is planted.
func (o *Options) has(d Debt) bool { return slices.Contains(o.Debts, d) }

// duplicates returns the share of rows that repeat another.
func (o *Options) duplicates() float64 {
	if o.has(Duplicates) {
		return duplicatesPlanted
	}
	return shareDuplicate * o.Mess
}
