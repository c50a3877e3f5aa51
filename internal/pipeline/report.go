package pipeline

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/internal/artifact"
	"github.com/icpfit/icpfit/internal/report"
	"github.com/icpfit/icpfit/model/predict"
)

// A ReportResult is a published report.
type ReportResult struct {
	Report *report.Report
	HTML   string // path
}

// Report writes the report on the grades of a date, "" for the newest.
func (r *Run) Report(ctx context.Context, asOf, lang string) (*ReportResult, error) {
	if lang != "en" && lang != "fr" {
		return nil, usagef("report: language is %q; want en or fr", lang)
	}
	if asOf == "" {
		newest, _, err := features.LatestTable(filepath.Dir(r.Project.Grades("x")), "")
		if err != nil {
			return nil, fmt.Errorf("report: no grades yet; run `icpfit predict`: %w", os.ErrNotExist)
		}
		asOf = newest
	}
	in, err := r.reportInput(asOf, lang)
	if err != nil {
		return nil, err
	}
	rep, err := report.Build(ctx, in)
	if err != nil {
		return nil, err
	}
	folder := r.Project.Reports(asOf)
	stage, err := artifact.Stage(folder)
	if err != nil {
		return nil, err
	}
	defer stage.Abort()
	if err := writeReport(stage, rep); err != nil {
		return nil, err
	}
	grades, err := artifact.ReadManifest(in.Grades)
	if err != nil {
		return nil, err
	}
	inputs := map[string]string{"grades": artifact.Fingerprint(grades), "lang": lang}
	return &ReportResult{rep, filepath.Join(folder, "report.html")}, stage.Publish(artifact.Manifest{Step: "report", Inputs: inputs, Rows: grades.Rows})
}

func (r *Run) reportInput(asOf, lang string) (report.Input, error) {
	in := report.Input{Name: r.Project.Config.Name, AsOf: asOf, Lang: lang, Grades: r.Project.Grades(asOf), Accounts: r.Project.Features(features.AccountsTable, asOf)}
	version, err := predict.Version(in.Grades)
	if err != nil {
		return in, err
	}
	if in.Model, err = r.Registry().Model(version); err != nil {
		return in, err
	}
	if in.Evaluation, err = r.Evaluation(version); err != nil {
		return in, err
	}
	if in.Audit, err = r.readAudit(asOf); err != nil {
		return in, err
	}
	in.PreviousAsOf, in.Previous, err = r.previousFolder(asOf)
	return in, err
}

func writeReport(stage *artifact.Staging, rep *report.Report) error {
	var html, md, calls bytes.Buffer
	text, err := rep.JSON()
	if err = errors.Join(err, report.WriteHTML(&html, rep), report.WriteMarkdown(&md, rep), report.WriteCalls(&calls, rep.CallList.Accounts)); err != nil {
		return err
	}
	return errors.Join(stage.Write("report.json", text), stage.Write("report.html", html.Bytes()), stage.Write("report.md", md.Bytes()), stage.Write("calls.csv", calls.Bytes()))
}
