package audit

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/icpfit/icpfit/internal/activity"
	"github.com/icpfit/icpfit/internal/page"
	"github.com/icpfit/icpfit/internal/project"
	"github.com/icpfit/icpfit/model/metrics"
)

// A verdict is one test being decided.
type verdict struct {
	*page.Printer
	*Facts
	Limits   *project.AuditLimits
	asOf     int32
	test     Test
	severity string // "": passed
}

// tests decide, by the name of the test.
var tests = map[string]func(*verdict){
	"icp_age":                   (*verdict).icpAge,
	"product_changed":           (*verdict).productChanged,
	"grid_contradicted":         (*verdict).gridContradicted,
	"targets_by_size":           (*verdict).targetsBySize,
	"segments_unvalidated":      (*verdict).segmentsUnvalidated,
	"duplicates":                (*verdict).duplicates,
	"stale_records":             (*verdict).staleRecords,
	"missing_data":              (*verdict).missingData,
	"domain_errors":             (*verdict).domainErrors,
	"no_decision_role":          (*verdict).noDecisionRole,
	"clicks_not_intent":         (*verdict).clicksNotIntent,
	"volume_over_engagement":    (*verdict).volumeOverEngagement,
	"wrong_audience":            (*verdict).wrongAudience,
	"fit_fades":                 (*verdict).fitFades,
	"activity_up_pipeline_down": (*verdict).activityUpPipelineDown,
	"wins_unexplained":          (*verdict).winsUnexplained,
	"wins_by_being_first":       (*verdict).winsByBeingFirst,
	"buyers_leave":              (*verdict).buyersLeave,
	"accounts_unaudited":        (*verdict).accountsUnaudited,
}

// rule says when the test fails.
func (v *verdict) rule(args ...any) { v.test.Rule = v.T("rule."+v.test.ID, args...) }

// fails makes the test a debt of a severity, if it fails.
func (v *verdict) fails(failed bool, severity string) {
	if failed && (v.severity == "" || slices.Index(Severities, severity) < slices.Index(Severities, v.severity)) {
		v.severity = severity
	}
}

// grave is high where worse holds, else medium.
func grave(worse bool) string {
	if worse {
		return High
	}
	return Medium
}

// lacks makes the test not computable for want of something; needs "" is none.
func (v *verdict) lacks(needs ...string) bool {
	needs = slices.DeleteFunc(slices.Clone(needs), func(n string) bool { return n == "" })
	if len(needs) == 0 {
		return false
	}
	v.test.Needs = append(v.test.Needs, needs...)
	v.test.Why = v.T("needs", join(v.test.Needs))
	return true
}

// few makes the test not computable where it has fewer than wanted of a thing.
func (v *verdict) few(what string, has, wanted float64) bool {
	if has >= wanted {
		return false
	}
	v.test.Needs = append(v.test.Needs, fmt.Sprintf("%g %s", wanted, what))
	v.test.Why = v.T("needs.more", v.Count(int64(wanted)), v.T("thing."+what), v.Count(int64(has)))
	return true
}

// columns returns the columns of a table that are not there. A column that is
// there and always empty is there.
func (v *verdict) columns(table string, names ...string) []string {
	var needs []string
	in := v.Events.intakes[table]
	for _, name := range names {
		if in == nil || !slices.ContainsFunc(in.Columns, func(c activity.ColumnIntake) bool { return c.Name == name }) {
			needs = append(needs, table+"."+name)
		}
	}
	return needs
}

// known returns the columns of a table that are not there, or without any value.
func (v *verdict) known(table string, names ...string) []string {
	in := v.Events.intakes[table]
	if in == nil {
		return v.columns(table, names...)
	}
	return in.Needs(names...)
}

// A unit is how a figure is written: its number, and the text around it.
type unit struct {
	number func(p *page.Printer, x float64) string
	key    string // "": the number alone
}

func decimals(n int, factor float64) func(*page.Printer, float64) string {
	return func(p *page.Printer, x float64) string { return p.Num(factor*x, n) }
}

var (
	counts = unit{decimals(0, 1), ""}
	areas  = unit{decimals(3, 1), ""}
	shares = unit{decimals(1, 100), "unit.share"}
	times  = unit{decimals(2, 1), "unit.times"}
	months = unit{decimals(1, 1), "unit.months"}
	widths = unit{decimals(1, 100), "unit.points"}
	gaps   = unit{func(p *page.Printer, x float64) string { return p.Signed(100*x, 1) }, "unit.points"}
	paces  = unit{func(p *page.Printer, x float64) string { return p.Signed(100*x, 1) }, "unit.pace"}
	signed = unit{func(p *page.Printer, x float64) string { return p.Signed(x, 3) }, ""}
	points = unit{func(p *page.Printer, x float64) string { return p.Signed(x, 1) }, ""}
)

// text writes a figure.
func (u unit) text(p *page.Printer, x float64) string {
	if math.IsNaN(x) {
		return p.T("value.unknown")
	}
	if u.key == "" {
		return u.number(p, x)
	}
	return p.T(u.key, u.number(p, x))
}

// figure adds an estimate with its interval.
func (v *verdict) figure(name string, u unit, i metrics.Interval, n float64, label ...any) *Evidence {
	e := v.count(name, u, i.Value, n, label...)
	if !math.IsNaN(i.Value) {
		e.Text = v.T("interval", e.Text, u.number(v.Printer, i.Low), u.number(v.Printer, i.High))
		e.Low, e.High = finite(i.Low), finite(i.High)
	}
	return e
}

// count adds a figure that is counted, not estimated.
func (v *verdict) count(name string, u unit, x, n float64, label ...any) *Evidence {
	v.test.Evidence = append(v.test.Evidence, Evidence{
		Name: name, Label: v.T("e."+name, label...), Text: u.text(v.Printer, x), Value: finite(x), N: int64(n),
		write: func(x float64) string { return u.text(v.Printer, x) },
	})
	return &v.test.Evidence[len(v.test.Evidence)-1]
}

// say adds a row without a figure.
func (v *verdict) say(name, text string, label ...any) *Evidence {
	v.test.Evidence = append(v.test.Evidence, Evidence{Name: name, Label: v.T("e."+name, label...), Text: text})
	return &v.test.Evidence[len(v.test.Evidence)-1]
}

// at notes the limit that a figure is held against.
func (e *Evidence) at(limit float64) { e.Limit, e.limit = &limit, e.write(limit) }

// finite returns x for JSON, nil where it is no number.
func finite(x float64) *float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	return &x
}

// debt returns the test as a debt.
func (v *verdict) debt() Debt {
	t := &v.test
	return Debt{ID: t.ID, Severity: v.severity, Title: v.T("title." + t.ID), Meaning: v.T("meaning." + t.ID), Weight: t.Weight, Rule: t.Rule, Evidence: t.Evidence, Next: v.T("next." + t.ID)}
}

func join(texts []string) string {
	out := ""
	for i, t := range texts {
		if i > 0 {
			out += ", "
		}
		out += t
	}
	return out
}

// day returns the day since 1970-01-01 of a date.
func day(text string) (int32, error) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return 0, fmt.Errorf("audit: %q is no date; want one like 2026-01-31", text)
	}
	return int32(t.Unix() / 86400), nil
}

// date returns the date so many months after a day, the last of its month where
// that is shorter.
func date(from int32, months int) string {
	t := time.Unix(int64(from)*86400, 0).UTC()
	first := time.Date(t.Year(), t.Month()+time.Month(months), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(t.Day(), last)-1).Format(time.DateOnly)
}
