package project_test

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/icpfit/icpfit/internal/project"
)

const audited = `version: 1
accounts: {path: a.csv, domain: website}
customers: {path: c.csv, domain: domain}
features:
  - {name: employees, pillar: firmographic, kind: number, column: n}
  - {name: industry, pillar: firmographic, kind: category, column: i}
audit: `

func loadAudit(t *testing.T, section string) (*project.Project, error) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, project.FileName), []byte(audited+section+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return project.Load(dir)
}

func TestAuditSettings(t *testing.T) {
	p, err := loadAudit(t, "{weights: {duplicates: 0, fit_fades: 2.5}, size: employees, segment: industry, limits: {duplicates: 0.2, review_months: 3}}")
	if err != nil {
		t.Fatal(err)
	}
	want := project.AuditConfig{Weights: map[string]float64{"duplicates": 0, "fit_fades": 2.5}, Size: "employees", Segment: "industry", Limits: project.DefaultAuditLimits()}
	want.Limits.Duplicates, want.Limits.ReviewMonths = .2, 3
	if !reflect.DeepEqual(p.Config.Audit, want) {
		t.Errorf("%+v, want %+v", p.Config.Audit, want)
	}
	for section, fault := range map[string]string{
		"{weights: {duplicate: 1}}":       `audit.weights.duplicate: the audit has no such test; did you mean "duplicates"?`,
		"{weights: {duplicates: -1}}":     "audit.weights.duplicates: is -1; want a weight from 0, which leaves the test out, to 100",
		"{limits: {duplicates: 1.5}}":     "audit.limits.duplicates: is 1.5; want 0 to 1",
		"{limits: {review_months: .nan}}": "audit.limits.review_months: is the number .nan; want a finite number",
		"{limits: {stale: 1}}":            "audit.limits.stale: unknown key",
		"{size: industry}":                `audit.size: "industry" is of kind category; want a number`,
		"{segment: sector}":               `audit.segment: "sector" is no feature`,
	} {
		_, err := loadAudit(t, section)
		var faults *project.ConfigError
		if !errors.As(err, &faults) || !strings.Contains(err.Error(), fault) {
			t.Errorf("%s: %v, want %q", section, err, fault)
		}
	}
}

// Every limit has a default, which is not 0, and bounds of its own.
func TestAuditLimits(t *testing.T) {
	v := reflect.ValueOf(project.DefaultAuditLimits())
	for i := range v.NumField() {
		if v.Field(i).Float() <= 0 {
			t.Errorf("%s has no default", v.Type().Field(i).Name)
		}
		key := v.Type().Field(i).Tag.Get("yaml")
		if _, err := loadAudit(t, "{limits: {"+key+": -5}}"); err == nil || !strings.Contains(err.Error(), "audit.limits."+key+": is -5; want ") {
			t.Errorf("%s: %v", key, err)
		}
	}
}
