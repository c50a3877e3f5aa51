package project

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/icpfit/icpfit/features"
)

// choices holds the values of the keys that take one of a few. The JSON Schema
// prints the same lists.
var choices = map[string][]string{
	"features[].pillar":  texts(features.Pillars),
	"features[].kind":    texts(features.Kinds),
	"features[].missing": {"neutral", "learn"},
	"features[].empty":   {"unknown", "none"},
	"grid.mode":          {"sum", "pillars"},
	"model.learner":      {"auto", "scorecard", "logistic", "trees", "grid"},
	"model.prefer":       {"accuracy", "table"},
	"model.missing":      {"neutral", "learn"},
	"grades.scale":       {"A-F", "A-D+F", "A-D"},
	"grades.method":      {"lift", "quantile", "score", "capture", "capacity"},
	"grades.on":          {"fit", "priority"},
}

func texts[T ~string](values []T) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = string(v)
	}
	return out
}

// Validate reports every value that cannot be used, not just the first, as a
// *ConfigError whose faults name their key.
func (c *Config) Validate() error { return faultError(c.faults()) }

func (c *Config) faults() []Fault {
	v := &validator{}
	v.general(c)
	v.inputs(c)
	v.specs(c.Features)
	if c.Grid != nil {
		v.grid(c.Grid, c.Features)
	}
	v.model(c)
	v.grades(c.Grades)
	v.byHand(c)
	v.tables(c.Tables)
	v.audit(c.Audit, c.Features)
	v.gates(c.Gates)
	v.segments(c)
	return v.faults
}

type validator struct{ faults []Fault }

func (v *validator) add(path, format string, args ...any) {
	v.faults = append(v.faults, Fault{Path: path, Msg: fmt.Sprintf(format, args...)})
}

var index = regexp.MustCompile(`\[\d+\]`)

// choice checks a key that takes one of a few values.
func (v *validator) choice(path, value string) {
	allowed := choices[index.ReplaceAllString(path, "[]")]
	switch {
	case slices.Contains(allowed, value):
	case value == "":
		v.add(path, "is missing; want one of %s", strings.Join(allowed, ", "))
	default:
		v.add(path, "%q is not one of %s%s", value, strings.Join(allowed, ", "), didYouMean(value, allowed))
	}
}

// didYouMean is suggest without the list.
func didYouMean(word string, options []string) string {
	if s := suggest(word, options); strings.HasPrefix(s, "; did") {
		return s
	}
	return ""
}

// required checks a text that must be there.
func (v *validator) required(path, value, what string) {
	if strings.TrimSpace(value) == "" {
		v.add(path, "is missing; give %s", what)
	}
}

func (v *validator) general(c *Config) {
	switch c.Version {
	case 1:
	case 0:
		v.add("version", "is missing; write version: 1")
	default:
		v.add("version", "is %d; this icpfit reads version 1", c.Version)
	}
	if !icpName.MatchString(c.Name) {
		v.add("name", "%q cannot name an ICP; want up to 64 letters, digits, blanks, dots, hyphens or underscores", clip(c.Name))
	}
	if c.AsOf != "" {
		if _, err := time.Parse(time.DateOnly, c.AsOf); err != nil {
			v.add("as_of", "%q is not a date; want YYYY-MM-DD", clip(c.AsOf))
		}
	}
}

var icpName = regexp.MustCompile(`^[\pL\pN]([\pL\pN ._-]{0,63})$`)

func (v *validator) inputs(c *Config) {
	a := c.Accounts
	if a.Path == "" && a.Postgres == "" && a.Query == "" {
		v.add("accounts.path", "is missing; give the file of accounts, or postgres: and query:")
	}
	v.database("accounts", a.Path, a.Postgres, a.Query)
	v.required("accounts.domain", c.Accounts.Domain, "the column that holds the domain or website")
	cu := c.Customers
	if cu.Lag < 0 || cu.Lag > 3650 {
		v.add("customers.lag_days", "is %d; want days from 0 to 3650", cu.Lag)
	}
	v.database("customers", cu.Path, cu.Postgres, cu.Query)
	listed := cu.Path != "" || cu.Postgres != "" || cu.Query != ""
	switch {
	case !listed && cu.Where == "":
		v.add("customers", "names no customers; give path: (a file of domains), postgres: and query:, or where: (a condition on the accounts)")
	case cu.Path != "" && cu.Where != "":
		v.add("customers.where", "customers come from path %q already; keep one of the two", clip(cu.Path))
	case listed && cu.Where != "":
		v.add("customers.where", "customers come from a query already; keep one of the two")
	case listed:
		v.required("customers.domain", cu.Domain, "the column that holds the domain or website")
	default:
		if cu.Domain != "" {
			v.add("customers.domain", "has no meaning with where:, which picks rows of the accounts; delete it")
		}
		if _, err := features.FilterCustomers(cu.Where, features.CustomerColumns{}); err != nil {
			fact := strings.TrimPrefix(firstLine(err.Error()), "customers: where: ")
			v.add("customers.where", "%s; write a condition on the accounts, as in Type == \"Customer\"", fact)
		}
	}
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

func (v *validator) model(c *Config) {
	v.choice("model.learner", c.Model.Learner)
	v.choice("model.prefer", c.Model.Prefer)
	v.choice("model.missing", c.Model.Missing)
	if c.Model.Group != "" {
		v.group(c.Model.Group, c.Features)
	}
	if p := c.Model.PoolShare; p != nil && !(*p > 0 && *p < 1) {
		v.add("model.pool_share", "is %g; want a share between 0 and 1, such as 0.05", *p)
	}
	if d := c.Model.TestFrom; d != "" {
		if _, err := time.Parse(time.DateOnly, d); err != nil {
			v.add("model.test_from", "%q is not a date; want YYYY-MM-DD", clip(d))
		}
	}
	if c.Model.Learner == "grid" && c.Grid == nil {
		v.add("model.learner", "is grid, and there is no grid: section; write one")
	}
}

// group checks that the column within which to rank is a feature of few values.
func (v *validator) group(name string, specs []features.Spec) {
	var names []string
	for _, s := range specs {
		if s.Name != name {
			names = append(names, s.Name)
			continue
		}
		if !slices.Contains([]features.Kind{features.Category, features.Set, features.Flag}, s.Kind) {
			v.add("model.group", "%q is of kind %s; want a category, set or flag", clip(name), s.Kind)
		}
		return
	}
	v.add("model.group", "%q is no feature; name one of features:, such as the list or provider an account came from%s", clip(name), didYouMean(name, names))
}

// byHand checks what people decide beside the model.
func (v *validator) byHand(c *Config) {
	if c.Overrides != nil {
		v.required("overrides.path", c.Overrides.Path, "the file of overrides, with the columns domain, grade, author, reason, expires")
	}
	if s := c.Exploration.Share; !(s >= 0 && s <= 0.5) {
		v.add("exploration.share", "is %g; want a share from 0 to 0.5, such as 0.02", s)
	}
}

func (v *validator) gates(g GatesConfig) {
	for _, share := range []struct {
		key string
		is  float64
	}{{"base_shrunk", g.BaseShrunk}, {"coverage", g.Coverage}, {"new_values", g.NewValues}} {
		if !(share.is > 0 && share.is <= 1) {
			v.add("gates."+share.key, "is %g; want a share above 0, to 1, which never holds", share.is)
		}
	}
	if g.InputAge < 1 || g.InputAge > 3650 {
		v.add("gates.input_age_days", "is %d; want days from 1 to 3650", g.InputAge)
	}
	if g.ModelAge < 1 || g.ModelAge > 120 {
		v.add("gates.model_age_months", "is %d; want months from 1 to 120", g.ModelAge)
	}
}

func (v *validator) grades(g GradesConfig) {
	v.choice("grades.scale", g.Scale)
	v.choice("grades.method", g.Method)
	v.choice("grades.on", g.On)
	if !(g.Hysteresis >= 0 && g.Hysteresis <= 50) {
		v.add("grades.hysteresis", "is %g; want points from 0 to 50", g.Hysteresis)
	}
	if g.On == "priority" && slices.Contains([]string{"lift", "capture"}, g.Method) {
		v.add("grades.method", "%s is not known of a priority; want score, quantile or capacity with on: priority", g.Method)
	}
	letters := Scales[g.Scale]
	for grade, tier := range g.Tiers {
		path := "grades.tiers." + grade
		if letters != nil && !slices.Contains(letters, grade) {
			v.add(path, "the scale %s has no grade %s; want %s", g.Scale, clip(grade), strings.Join(letters, ", "))
		}
		if tier < 1 || tier > 3 {
			v.add(path, "is %d; want a tier from 1 to 3", tier)
		}
	}
	for _, grade := range letters {
		if _, ok := g.Tiers[grade]; g.Tiers != nil && !ok {
			v.add("grades.tiers", "has no tier for grade %s; write all grades or none", grade)
		}
	}
	if g.Cuts != nil && letters != nil {
		v.cuts(g, len(letters)-1)
	}
}

// cuts checks the number, the order and the range of cuts.
func (v *validator) cuts(g GradesConfig, want int) {
	if len(g.Cuts) != want {
		v.add("grades.cuts", "has %d numbers; the scale %s has %d grades and wants %d, best first", len(g.Cuts), g.Scale, want+1, want)
	}
	falls := g.Method == "lift" || g.Method == "score"
	for i, c := range g.Cuts {
		path := fmt.Sprintf("grades.cuts[%d]", i)
		switch {
		case g.Method == "lift" && !(c > 0):
			v.add(path, "is %g; want a lift above 0", c)
		case (g.Method == "quantile" || g.Method == "capture") && !(c > 0 && c < 1):
			v.add(path, "is %g; want a share between 0 and 1", c)
		case g.Method == "capacity" && !(c >= 1 && c == math.Trunc(c)):
			v.add(path, "is %g; want a number of accounts", c)
		case i > 0 && falls && c >= g.Cuts[i-1]:
			v.add(path, "is %g after %g; cuts by %s fall from the best grade down", c, g.Cuts[i-1], g.Method)
		case i > 0 && !falls && c <= g.Cuts[i-1]:
			v.add(path, "is %g after %g; cuts by %s are cumulative and rise from the best grade on", c, g.Cuts[i-1], g.Method)
		}
	}
}
