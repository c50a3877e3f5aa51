package features

import (
	"fmt"
	"strings"
)

// How many customers training wants (method.md): in all, best ones among them,
// and in all where a small list is allowed; and how many accounts to compare
// them with.
const (
	MinCustomers      = 200
	MinBest           = 50
	MinCustomersSmall = 50
	MinPool           = 50 // as many as the fewest customers: every fold needs some of both
)

// The codes of a GateError.
const (
	NoneListed       = "no_customers_listed"
	NoneFound        = "no_customers_found"
	TooFewCustomers  = "too_few_customers"
	TooFewBest       = "too_few_best"
	OnlyGridPossible = "only_grid_possible"
	PoolTooSmall     = "pool_too_small"
	TimeTravel       = "time_travel"
	LeakSuspected    = "leak"
)

// A GateError refuses to train: there are not enough customers, or not enough
// other accounts, or something is known that could not be. Commands that meet it end with exit code 3.
type GateError struct {
	Code  string       `json:"code"`
	Fact  string       `json:"fact"` // what is wrong
	Do    string       `json:"do"`   // what to do about it
	Steps []FunnelStep `json:"funnel"`
}

// Error gives the fact, what each step lost, and what to do.
func (e *GateError) Error() string {
	var b strings.Builder
	lack := "too few customers to learn from"
	switch e.Code {
	case PoolTooSmall:
		lack = "too small a pool to learn from"
	case TimeTravel:
		lack = "time travel"
	case LeakSuspected:
		lack = "leak suspected"
	}
	fmt.Fprintf(&b, "%s: %s", lack, e.Fact)
	for i, s := range e.Steps {
		sep := ", "
		if i == 0 {
			sep = ": "
		}
		fmt.Fprintf(&b, "%s%s %d", sep, s.Name, s.Count)
		if s.Lost > 0 {
			fmt.Fprintf(&b, " (%d lost%s)", s.Lost, examples(s.Samples))
		}
	}
	fmt.Fprintf(&b, "; %s", e.Do)
	return b.String()
}

// examples names up to three samples.
func examples(samples []string) string {
	if len(samples) == 0 {
		return ""
	}
	return ": " + strings.Join(samples[:min(3, len(samples))], ", ")
}

// Gate says whether the customers of an audit suffice for training, and if so
// whether what is learned from them is provisional. MinCustomers are wanted,
// MinBest of them best; allowSmall goes down to MinCustomersSmall and makes the
// result provisional, but does not lower MinBest. The pool must hold MinPool
// accounts. Otherwise the error is a *GateError.
func Gate(a *Audit, allowSmall bool) (provisional bool, err error) {
	steps := a.Funnel()
	if len(steps) == 0 || steps[0].Count == 0 {
		return false, &GateError{NoneListed, "none is listed", "name a list of customer domains, or a filter over the accounts", steps}
	}
	last := steps[len(steps)-1]
	for _, s := range steps {
		if s.Name == stepFound && s.Count == 0 {
			return false, notFound(a, steps)
		}
	}
	switch {
	case last.Count < MinCustomersSmall:
		return false, &GateError{
			OnlyGridPossible, tooFew(last.Count, MinCustomersSmall),
			"write a grid instead (--learner grid), or add customers and accounts of class pipeline", steps,
		}
	case last.Best < MinBest:
		return false, &GateError{
			TooFewBest, fmt.Sprintf("%d best customers with features, %d wanted", last.Best, MinBest),
			"list more customers of class best", steps,
		}
	case a.Pool < MinPool && (last.Count >= MinCustomers || allowSmall):
		return false, SmallPool(a.Pool)
	case last.Count >= MinCustomers:
		return false, nil
	case allowSmall:
		return true, nil
	}
	return false, &GateError{
		TooFewCustomers, tooFew(last.Count, MinCustomers),
		"repair the lost domains, add customers or accounts of class pipeline, or go on with --allow-small, which marks the result provisional", steps,
	}
}

// SmallPool returns the refusal of a pool of that many accounts.
func SmallPool(have int64) *GateError {
	return &GateError{
		PoolTooSmall, fmt.Sprintf("%d accounts are not customers, %d wanted", have, MinPool),
		"give a base that also holds accounts that are no customers: what customers have in common shows only beside them", nil,
	}
}

func tooFew(have, want int) string {
	return fmt.Sprintf("%d with features, %d wanted", have, want)
}

// notFound tells a list that does not belong to the base.
func notFound(a *Audit, steps []FunnelStep) *GateError {
	fact := "none of those listed is in the base"
	if a.Listed != nil && len(a.Listed.First) > 0 && len(a.First) > 0 {
		fact += fmt.Sprintf(", where the list starts with %s and the base with %s", strings.Join(a.Listed.First, ", "), strings.Join(a.First, ", "))
	}
	return &GateError{NoneFound, fact, "check that both name websites, and that the list belongs to this base", steps}
}
