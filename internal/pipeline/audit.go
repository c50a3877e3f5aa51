package pipeline

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/internal/artifact"
	"github.com/icpfit/icpfit/internal/audit"
	"github.com/icpfit/icpfit/internal/observe"
	"github.com/icpfit/icpfit/internal/report"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/train"
)

// Files of an audit.
const (
	auditJSON     = "audit.json"
	auditHTML     = "audit.html"
	auditMarkdown = "audit.md"
)

// An AuditResult is a published audit.
type AuditResult struct {
	Audit *audit.Audit
	HTML  string // path
}

// Audit writes the audit of the foundations as of a date, "" for that of the
// newest grades: of the newest night until then, what the optional tables hold
// until then, and the audit before.
func (r *Run) Audit(ctx context.Context, asOf, lang string) (out *AuditResult, err error) {
	err = r.observe("audit", asOf, func(s *observe.Step) error {
		if out, err = r.makeAudit(ctx, asOf, lang); err != nil {
			return err
		}
		s.AsOf = out.Audit.AsOf
		grades := folder(r.Project.Grades(out.Audit.Graded))
		s.Rows, s.Inputs, s.Outputs = grades.Rows, []observe.Dataset{grades}, []observe.Dataset{folder(filepath.Dir(out.HTML))}
		return nil
	})
	return out, err
}

func (r *Run) makeAudit(ctx context.Context, asOf, lang string) (*AuditResult, error) {
	if err := checkLanguage("audit", lang); err != nil {
		return nil, err
	}
	date, night, err := r.auditNight(asOf)
	if err != nil {
		return nil, err
	}
	graded, err := manifest(r.Project.Grades(night), "icpfit predict --as-of "+night)
	if err != nil {
		return nil, err
	}
	f := &audit.Facts{Name: r.Project.Config.Name, Lang: lang, AsOf: date, Graded: night, Settings: r.Project.Config.Audit}
	before, err := r.auditBefore(date)
	if err != nil {
		return nil, err
	}
	f.Previous = before
	if err := r.auditFacts(ctx, f); err != nil {
		return nil, err
	}
	a, err := audit.Build(f)
	if err != nil {
		return nil, err
	}
	inputs := map[string]string{"grades": artifact.Fingerprint(graded), "before": none, "lang": lang}
	if before != nil {
		inputs["before"] = before.AsOf
	}
	return r.publishAudit(a, artifact.Manifest{
		Step: "audit", Inputs: inputs, Rows: graded.Rows,
		Options: artifact.Fingerprint([]any{audit.Format, r.Project.Config.Name, r.Project.Config.Audit}),
	})
}

// auditNight returns the date of an audit and the newest night until then.
func (r *Run) auditNight(asked string) (date, night string, err error) {
	root, end := filepath.Dir(r.Project.Grades("x")), ""
	if asked != "" {
		day, err := ParseDay(asked)
		if err != nil {
			return "", "", err
		}
		if today := r.Now.UTC().Format(time.DateOnly); asked > today {
			return "", "", usagef("audit: %s is in the future, today is %s; give a date that has come", asked, today)
		}
		end = features.DayString(day + 1)
	}
	night, _, err = features.LatestTable(root, end)
	if errors.Is(err, fs.ErrNotExist) {
		until := ""
		if asked != "" {
			until = " until " + asked
		}
		return "", "", notFoundf("audit: %s: no grades%s; run `icpfit predict`", root, until)
	}
	if err != nil {
		return "", "", err
	}
	if asked == "" {
		asked = night
	}
	return asked, night, nil
}

// auditBefore reads the newest audit of an earlier date; nil where there is none.
func (r *Run) auditBefore(date string) (*audit.Audit, error) {
	before, folder, err := features.LatestTable(filepath.Dir(r.Project.Audits("x")), date)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return readAuditOf(folder, before)
}

// auditUntil returns the newest audit until a date and its folder; "" where there
// is none.
func (r *Run) auditUntil(asOf string) (date, folder string, err error) {
	day, err := ParseDay(asOf)
	if err != nil {
		return "", "", err
	}
	date, folder, err = features.LatestTable(filepath.Dir(r.Project.Audits("x")), features.DayString(day+1))
	if errors.Is(err, fs.ErrNotExist) {
		return "", "", nil
	}
	return date, folder, err
}

// foundations returns what the newest audit until a date found, for the report of
// that date; nil where there is none.
func (r *Run) foundations(asOf string) (*report.Foundations, error) {
	date, folder, err := r.auditUntil(asOf)
	if err != nil || folder == "" {
		return nil, err
	}
	a, err := readAuditOf(folder, date)
	if err != nil {
		return nil, err
	}
	return &report.Foundations{AsOf: a.AsOf, Score: a.Score, Debts: len(a.Debts), High: a.High(), Headline: a.Headline}, nil
}

// readAuditOf reads a published audit.
func readAuditOf(folder, date string) (*audit.Audit, error) {
	text, err := os.ReadFile(filepath.Join(folder, auditJSON))
	if err == nil {
		var a *audit.Audit
		if a, err = audit.Read(text); err == nil {
			return a, nil
		}
	}
	return nil, damagedf("audit: %s: %v; run `icpfit audit --as-of %s` again, or remove it", folder, err, date)
}

// auditFacts gathers what the audit is made of.
func (r *Run) auditFacts(ctx context.Context, f *audit.Facts) (err error) {
	night, err := readFacts(r.Project.Grades(f.Graded))
	if err != nil {
		return damagedf("audit: %v; run `icpfit predict --as-of %s` again", err, f.Graded)
	}
	m, err := r.Model(night.Version)
	if err != nil {
		return err
	}
	e, err := r.Evaluation(night.Version)
	if err != nil {
		return err
	}
	f.Version, f.ModelAsOf = m.Version, m.AsOf
	if f.Data, err = r.readAudit(f.Graded); err != nil {
		return err
	}
	if f.Data.Changed == nil && r.Project.Config.Accounts.Modified != "" {
		f.RecordsReason = "features as_of=" + f.Graded + " made anew"
	}
	measuredFacts(f, e)
	accounts, customers, err := r.pair(f.Graded)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, accounts.Close(), customers.Close()) }()
	if f.Base, err = r.auditBase(ctx, f, m, accounts, customers); err != nil {
		return err
	}
	if err := r.auditFrame(ctx, f, m, accounts, customers); err != nil {
		return err
	}
	return r.auditEvents(ctx, f)
}

// sizeAlone begins the label of the baseline that ranks by size.
const sizeAlone = "size alone ("

// measuredFacts takes what was measured out of fold.
func measuredFacts(f *audit.Facts, e *train.Evaluation) {
	if auc, ok := e.Metrics["auc"]; ok {
		f.AUC = &auc
	}
	for _, c := range e.Candidates {
		if name, ok := strings.CutPrefix(c.Learner, sizeAlone); ok {
			f.SizeAlone = &audit.SizeAlone{Feature: strings.TrimSuffix(name, ")"), AUC: c.AUC, Difference: c.AUCDifference}
		}
	}
}

// publishAudit writes all forms of an audit.
func (r *Run) publishAudit(a *audit.Audit, m artifact.Manifest) (*AuditResult, error) {
	folder := r.Project.Audits(a.AsOf)
	stage, err := artifact.Stage(folder)
	if err != nil {
		return nil, err
	}
	defer stage.Abort()
	var html, md bytes.Buffer
	text, err := a.JSON()
	if err = errors.Join(err, audit.WriteHTML(&html, a), audit.WriteMarkdown(&md, a)); err != nil {
		return nil, fmt.Errorf("audit: %w", err)
	}
	if err := errors.Join(stage.Write(auditJSON, text), stage.Write(auditHTML, html.Bytes()), stage.Write(auditMarkdown, md.Bytes())); err != nil {
		return nil, err
	}
	return &AuditResult{a, filepath.Join(folder, auditHTML)}, stage.Publish(m)
}

// gradesOf returns the names of a model's grades, best first, and how many of
// them are the best: those of tier 1.
func gradesOf(m *model.Model) (names []string, top int) {
	for _, c := range m.Grades.Cuts {
		names = append(names, c.Grade)
		if c.Tier == 1 && top == len(names)-1 {
			top++
		}
	}
	return names, max(1, min(top, len(names)-1))
}
