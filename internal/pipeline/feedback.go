package pipeline

import (
	"context"
	"path/filepath"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/internal/activity"
	"github.com/icpfit/icpfit/internal/feedback"
	"github.com/icpfit/icpfit/internal/graded"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/predict"
)

// Feedback holds the grades of a date, "" for the newest, against what people say
// of the accounts. Nothing is written.
func (r *Run) Feedback(ctx context.Context, asOf, lang string) (*feedback.Feedback, *feedback.Teller, error) {
	teller, err := feedback.NewTeller(lang)
	if err != nil {
		return nil, nil, usagef("feedback: --lang is %q; want en or fr", lang)
	}
	if r.Project.Config.Tables.Feedback == nil {
		return nil, nil, usagef("feedback: icpfit.yaml names none; write tables: {feedback: {path: feedback.csv}}, with the columns domain, verdict (accepted, rejected, won, lost), reason, date, author")
	}
	if asOf == "" {
		if asOf, _, err = features.LatestTable(filepath.Dir(r.Project.Grades("x")), ""); err != nil {
			return nil, nil, notFoundf("feedback: %s: no grades yet; run `icpfit predict`", filepath.Dir(r.Project.Grades("x")))
		}
	}
	version, err := predict.Version(r.Project.Grades(asOf))
	if err != nil {
		return nil, nil, notFoundf("feedback: %v; run `icpfit predict --as-of %s`", err, asOf)
	}
	m, err := r.Model(version)
	if err != nil {
		return nil, nil, err
	}
	f, err := r.feedback(ctx, asOf, m, teller)
	return f, teller, err
}

// feedback holds the grades of a date by m against feedback; nil where the project
// has none.
func (r *Run) feedback(ctx context.Context, asOf string, m *model.Model, teller *feedback.Teller) (*feedback.Feedback, error) {
	if r.Project.Config.Tables.Feedback == nil {
		return nil, nil
	}
	grades, _ := gradesOf(m)
	night, err := graded.Load(ctx, r.Project.Grades(asOf), grades)
	if err != nil {
		return nil, err
	}
	set, err := r.tables(night)
	if err != nil {
		return nil, err
	}
	return feedback.Build(ctx, feedback.Input{
		AsOf: asOf, Model: m, Accounts: r.Project.Features(features.AccountsTable, asOf), Night: night, Set: set,
		Seed: r.Project.Config.Model.Seed, Words: teller.Printer,
	})
}

// tables opens the optional tables, to be joined to the accounts of a night.
func (r *Run) tables(night *graded.Night) (*activity.Set, error) {
	inputs, err := r.Project.Tables()
	if err != nil {
		return nil, located("tables", err)
	}
	return activity.NewSet(night.Base, inputs)
}
