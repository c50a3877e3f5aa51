package pipeline

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/internal/artifact"
	"github.com/icpfit/icpfit/internal/report"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/predict"
)

// A ReportResult is a published report.
type ReportResult struct {
	Report *report.Report
	HTML   string // path
}

// makeReport is Report unobserved.
func (r *Run) makeReport(ctx context.Context, asOf, lang string) (*ReportResult, error) {
	if err := checkLanguage("report", lang); err != nil {
		return nil, err
	}
	if asOf == "" {
		newest, _, err := features.LatestTable(filepath.Dir(r.Project.Grades("x")), "")
		if err != nil {
			return nil, notFoundf("report: %s: no grades yet; run `icpfit predict`", filepath.Join(r.Project.Dir, "grades"))
		}
		asOf = newest
	}
	if _, err := ParseDay(asOf); err != nil {
		return nil, err
	}
	graded := r.Project.Grades(asOf)
	if _, err := os.Stat(graded); errors.Is(err, fs.ErrNotExist) {
		return nil, notFoundf("report: %s: no grades of %s; run `icpfit predict --as-of %s`", graded, asOf, asOf)
	}
	grades, err := manifest(graded, "icpfit predict --as-of "+asOf)
	if err != nil {
		return nil, err
	}
	facts, err := readFacts(graded)
	if err != nil {
		return nil, damagedf("report: %v; run `icpfit predict --as-of %s` again", err, asOf)
	}
	in, err := r.reportInput(facts, graded, lang)
	if err != nil {
		return nil, err
	}
	if err := r.addOutcomes(ctx, &in); err != nil {
		return nil, err
	}
	return r.publishReport(asOf, r.reportManifest(ctx, asOf, grades, lang), func(create report.Create) (*report.Report, error) {
		in.Create = create
		return report.Build(ctx, in)
	})
}

// publishReport publishes all forms of a report, and the lists that build makes beside
// it.
func (r *Run) publishReport(asOf string, m artifact.Manifest, build func(report.Create) (*report.Report, error)) (*ReportResult, error) {
	folder := r.Project.Reports(asOf)
	stage, err := artifact.Stage(folder)
	if err != nil {
		return nil, err
	}
	defer stage.Abort()
	rep, err := build(func(name string) (io.WriteCloser, error) { return stage.Create(name) })
	if err != nil {
		return nil, err
	}
	if err := writeReport(stage, rep); err != nil {
		return nil, err
	}
	return &ReportResult{rep, filepath.Join(folder, "report.html")}, stage.Publish(m)
}

// reportManifest says what a report is made of; the grades' own says the rest.
func (r *Run) reportManifest(ctx context.Context, asOf string, grades *artifact.Manifest, lang string) artifact.Manifest {
	inputs := map[string]string{"grades": artifact.Fingerprint(grades), "lang": lang, "outcomes": r.outcomesPrint(ctx, asOf)}
	if _, folder, err := r.auditUntil(asOf); err == nil && folder != "" {
		inputs["audit"] = "damaged" // until it is read, which then fails
		if m, err := artifact.ReadManifest(folder); err == nil {
			inputs["audit"] = artifact.Fingerprint(m)
		}
	}
	if divided, err := artifact.ReadManifest(r.Project.Segments(asOf)); err == nil {
		inputs["segments"] = artifact.Fingerprint(divided)
	}
	return artifact.Manifest{Step: "report", Inputs: inputs, Options: r.reportOptions(), Rows: grades.Rows}
}

// reportOptions returns the fingerprint of what a report is made with.
func (r *Run) reportOptions() string {
	return artifact.Fingerprint([]any{report.Format, r.Project.Config.Name})
}

// checkLanguage refuses a language of pages that there is none of, in a command.
func checkLanguage(command, lang string) error {
	if lang != "en" && lang != "fr" {
		return usagef("%s: --lang is %q; want en or fr", command, lang)
	}
	return nil
}

// reportInput gathers what the report on a night is made of, whose grades are in
// folder.
func (r *Run) reportInput(facts *nightFacts, folder, lang string) (report.Input, error) {
	asOf := facts.AsOf
	in := report.Input{Name: r.Project.Config.Name, AsOf: asOf, Lang: lang, Grades: folder, Accounts: r.Project.Features(features.AccountsTable, asOf), Accepted: facts.Accepted}
	version, err := predict.Version(in.Grades)
	if err != nil {
		return in, damagedf("report: %v; run `icpfit predict --as-of %s` again", err, asOf)
	}
	if in.Model, err = r.Model(version); err != nil {
		return in, err
	}
	if in.Evaluation, err = r.Evaluation(version); err != nil {
		return in, err
	}
	if in.Audit, err = r.readAudit(asOf); err != nil {
		return in, err
	}
	if in.Overrides, err = heldOverrides(in.Grades, facts, in.Model); err != nil {
		return in, err
	}
	if in.Segments, err = r.segmentsOf(asOf, folder); err != nil {
		return in, err
	}
	in.Unknown, in.Pool = facts.Summary.Unknown, facts.Summary.Pool
	if in.Foundations, err = r.foundations(asOf); err != nil {
		return in, err
	}
	if in.PreviousAsOf = facts.Previous; in.PreviousAsOf != "" {
		in.Previous = r.Project.Grades(facts.Previous)
		_, err := os.Stat(in.Previous)
		in.PreviousGone = errors.Is(err, fs.ErrNotExist)
		if !in.PreviousGone {
			if in.PreviousPool, err = previousPool(in.Previous, version); err != nil {
				return in, err
			}
		}
	}
	customers := r.Project.Features(features.CustomersTable, asOf)
	if _, err := os.Stat(customers); err == nil {
		in.Customers = customers
	}
	return in, nil
}

// previousPool reads the pool of the night before; nil where another model graded
// it or a release that did not count it.
func previousPool(folder, version string) (*model.Tally, error) {
	before, err := readFacts(folder)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, damagedf("report: %v; grade that night again, or remove %s", err, folder)
	case before.Version != version:
		return nil, nil
	}
	return before.Summary.Pool, nil
}

// heldOverrides reads the decisions by hand that held when a folder was graded.
func heldOverrides(folder string, facts *nightFacts, m *model.Model) (*predict.Overrides, error) {
	if facts.Overrides == "" {
		return nil, nil
	}
	text, err := os.ReadFile(filepath.Join(folder, overridesFile))
	if err == nil {
		var o *predict.Overrides
		if o, err = predict.ReadOverrides(bytes.NewReader(text), facts.Overrides, facts.AsOf, &m.Grades); err == nil {
			return o, nil
		}
	}
	return nil, damagedf("report: the overrides of %s: %v; run `icpfit predict --as-of %s` again", facts.AsOf, err, facts.AsOf)
}

func writeReport(stage *artifact.Staging, rep *report.Report) error {
	var html, md, drifts bytes.Buffer
	text, err := rep.JSON()
	if err = errors.Join(err, report.WriteHTML(&html, rep), report.WriteMarkdown(&md, rep), report.WriteDrift(&drifts, rep)); err != nil {
		return err
	}
	return errors.Join(stage.Write("report.json", text), stage.Write("report.html", html.Bytes()), stage.Write("report.md", md.Bytes()), stage.Write("drift.csv", drifts.Bytes()))
}
