package project

import (
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"strings"

	"github.com/icpfit/icpfit/features"
)

// AuditConfig says how the foundations are audited.
type AuditConfig struct {
	Weights map[string]float64 `yaml:"weights,omitempty"` // by test, of AuditTests; 1 where none is given, 0 leaves the test out
	Size    string             `yaml:"size,omitempty"`    // the feature that says how large an account is; "": found by its name
	Segment string             `yaml:"segment,omitempty"` // the feature whose values are the segments; "": those of `icpfit segments`, or the sector, found by its name
	Limits  AuditLimits        `yaml:"limits"`
}

// AuditTests lists the tests of the audit, in the order in which they are shown.
var AuditTests = []string{
	"icp_age", "product_changed", "grid_contradicted", "targets_by_size", "segments_unvalidated",
	"duplicates", "stale_records", "missing_data", "domain_errors",
	"no_decision_role", "clicks_not_intent", "volume_over_engagement", "wrong_audience",
	"fit_fades", "activity_up_pipeline_down", "wins_unexplained", "wins_by_being_first", "buyers_leave", "accounts_unaudited",
}

// AuditLimits are the limits of the audit's tests.
type AuditLimits struct {
	ReviewMonths  float64 `yaml:"review_months"`  // age of the ICP from which it is due
	OverdueMonths float64 `yaml:"overdue_months"` // and from which that is serious
	Releases      float64 `yaml:"releases"`       // major releases since the ICP was made
	Duplicates    float64 `yaml:"duplicates"`     // share of rows
	StaleMonths   float64 `yaml:"stale_months"`   // age from which a record is stale
	StaleRecords  float64 `yaml:"stale_records"`  // share of records
	Coverage      float64 `yaml:"coverage"`       // least mean share of known values
	DomainErrors  float64 `yaml:"domain_errors"`  // share of rows
	Unsupported   float64 `yaml:"unsupported"`    // share of accounts in segments without a closed deal
	DecisionRole  float64 `yaml:"decision_role"`  // least share of engaged contacts
	IntentAUC     float64 `yaml:"intent_auc"`     // least AUC of the intent pillar
	Intent        float64 `yaml:"intent"`         // least share of accounts with an intent feature
	WrongAudience float64 `yaml:"wrong_audience"` // share of responses from below the two best grades
	Explained     float64 `yaml:"explained"`      // least share of wins with a reason
	FirstGap      float64 `yaml:"first_gap"`      // win rate without a competitor above that with one
	Retention     float64 `yaml:"retention"`      // least share of customers that stay a year
	Audited       float64 `yaml:"audited"`        // least share of customers whose revenue is followed, and of those in decline that sales has met
}

// auditLimits says of each limit what it may be and what it means.
var auditLimits = []struct {
	key          string
	value        float64
	lowest, most float64
	doc          string
}{
	{"review_months", 6, 1, 120, "Age of the ICP, in months, from which it is due for a review."},
	{"overdue_months", 12, 1, 120, "Age of the ICP, in months, from which that is a debt of high severity."},
	{"releases", 1, 1, 100, "Major releases of the product since the ICP was made, from which it is a debt; of twice as many, and of two at least, high."},
	{"duplicates", .05, 0, 1, "Share of the rows that repeat another, above which it is a debt."},
	{"stale_months", 24, 1, 120, "Months without a change after which a record is stale."},
	{"stale_records", .5, 0, 1, "Share of stale records above which it is a debt."},
	{"coverage", .5, 0, 1, "Mean share of known values, over features and accounts, below which it is a debt."},
	{"domain_errors", .1, 0, 1, "Share of rows without a usable domain above which it is a debt."},
	{"unsupported", .25, 0, 1, "Share of accounts in segments without one closed deal above which it is a debt."},
	{"decision_role", .15, 0, 1, "Share of engaged contacts with a role in the decision below which it is a debt."},
	{"intent_auc", .55, .5, 1, "AUC of the intent pillar alone, customers against pool, below which it is a debt."},
	{"intent", .3, 0, 1, "Share of accounts with a known intent feature below which it is a debt."},
	{"wrong_audience", .75, 0, 1, "Share of campaign responses from below the two best grades above which it is a debt."},
	{"explained", .5, 0, 1, "Share of wins with a recorded reason or signal below which it is a debt."},
	{"first_gap", .15, 0, 1, "Win rate without a competitor less that with one, above which it is a debt."},
	{"retention", .8, 0, 1, "Share of customers that stay for a year below which it is a debt."},
	{"audited", .5, 0, 1, "Share of customers whose revenue is followed, and of those in decline that sales has met since, below which it is a debt."},
}

// DefaultAuditLimits returns the limits that hold where icpfit.yaml has none.
func DefaultAuditLimits() AuditLimits {
	var l AuditLimits
	v := reflect.ValueOf(&l).Elem()
	for i := range auditLimits {
		v.Field(i).SetFloat(auditLimits[i].value)
	}
	return l
}

// audit checks the settings of the audit.
func (v *validator) audit(c AuditConfig, specs []features.Spec) {
	for _, test := range slices.Sorted(maps.Keys(c.Weights)) {
		path, w := "audit.weights."+test, c.Weights[test]
		switch {
		case !slices.Contains(AuditTests, test):
			v.add(path, "the audit has no such test%s", suggest(test, AuditTests))
		case !(w >= 0 && w <= 100):
			v.add(path, "is %g; want a weight from 0, which leaves the test out, to 100", w)
		}
	}
	limits := reflect.ValueOf(c.Limits)
	for i, l := range auditLimits {
		if x := limits.Field(i).Float(); !(x >= l.lowest && x <= l.most) || math.IsInf(x, 0) {
			v.add("audit.limits."+l.key, "is %g; want %g to %g", x, l.lowest, l.most)
		}
	}
	for _, f := range []struct {
		key, name string
		kinds     []features.Kind
	}{
		{"size", c.Size, []features.Kind{features.Number}},
		{"segment", c.Segment, []features.Kind{features.Category}},
	} {
		at := slices.IndexFunc(specs, func(s features.Spec) bool { return s.Name == f.name })
		switch {
		case f.name == "":
		case at < 0:
			v.add("audit."+f.key, "%q is no feature%s", clip(f.name), suggest(f.name, specNames(specs)))
		case !slices.Contains(f.kinds, specs[at].Kind):
			v.add("audit."+f.key, "%q is of kind %s; want a %s", clip(f.name), specs[at].Kind, f.kinds[0])
		}
	}
}

func init() {
	docs["audit"] = "The audit of the foundations (icpfit audit)."
	docs["audit.weights"] = "Weights of the tests in the score, by name: " + strings.Join(AuditTests, ", ") + ". Absent: 1 each."
	docs["audit.weights{}"] = "Weight, 0 to 100; 0 leaves the test out."
	docs["audit.size"] = "Feature that says how large an account is, a number. Absent: found by its name, as in employees."
	docs["audit.segment"] = "Feature whose values are the segments, a category. Absent: those of icpfit segments where it has run, else the sector, found by its name."
	docs["audit.limits"] = "Limits of the tests."
	for _, l := range auditLimits {
		docs["audit.limits."+l.key] = fmt.Sprintf("%s Absent: %g.", l.doc, l.value)
	}
}
