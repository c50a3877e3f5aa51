package pipeline

import (
	"context"
	"errors"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/parquetfile"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/internal/audit"
	"github.com/icpfit/icpfit/internal/segment"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
	"github.com/icpfit/icpfit/model/predict"
	"github.com/icpfit/icpfit/model/train"
)

// auditBase reads what the audit knows of every account: size and segment of the
// feature table, the grade of the night, when customers were won, and the grades
// that customers have out of fold.
func (r *Run) auditBase(ctx context.Context, f *audit.Facts, m *model.Model, accounts, customers *features.Table) (*audit.Base, error) {
	b := &audit.Base{}
	b.Grades, b.Top = gradesOf(m)
	roles := train.Roles(accounts.Specs)
	b.SizedBy, b.SegmentedBy = r.Project.Config.Audit.Size, r.Project.Config.Audit.Segment
	if b.SizedBy == "" {
		b.SizedBy = roles[train.Size]
	}
	labels, err := r.auditLabels(ctx, f.Graded)
	if err != nil {
		return nil, err
	}
	if b.SegmentedBy == "" && labels == nil {
		b.SegmentedBy = roles[train.Sector]
	}
	// A setting that the table of that night does not have yet is no feature of it.
	kept := func(name string, kind features.Kind) string {
		if slices.ContainsFunc(accounts.Specs, func(s features.Spec) bool { return s.Name == name && s.Kind == kind }) {
			return name
		}
		return ""
	}
	b.SizedBy, b.SegmentedBy = kept(b.SizedBy, features.Number), kept(b.SegmentedBy, features.Category)
	if err := addAccounts(ctx, b, accounts); err != nil {
		return nil, err
	}
	b.Seal()
	if labels != nil {
		b.SegmentedBy, b.Segments = "icpfit segments", labels.Segments
		for hash, at := range labels.ByDomain {
			b.SetSegment(hash, int(at))
		}
	}
	if err := addGrades(ctx, b, r.Project.Grades(f.Graded)); err != nil {
		return nil, damagedf("audit: %v; run `icpfit predict --as-of %s` again", err, f.Graded)
	}
	won, err := customers.Load(ctx, []string{"domain", "won_at"}, nil)
	if err != nil {
		return nil, err
	}
	for i := range won.Rows {
		b.SetWon(features.DomainHash(won.Column("domain").Cell(i)), won.Column("won_at").Days[i])
	}
	return b, r.regrade(ctx, b, m)
}

// auditLabels reads the segments of a night; nil where there are none, or not two
// that are found again, or a feature is to be the segments.
func (r *Run) auditLabels(ctx context.Context, night string) (*segment.Labels, error) {
	if r.Project.Config.Audit.Segment != "" {
		return nil, nil
	}
	labels, err := segment.ReadLabels(ctx, r.Project.Segments(night))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil && ctx.Err() == nil {
		return nil, damagedf("audit: %v", err)
	}
	if labels != nil && len(labels.Segments) < 2 {
		return nil, nil
	}
	return labels, err
}

// addAccounts adds the accounts of a feature table that can be scored.
func addAccounts(ctx context.Context, b *audit.Base, accounts *features.Table) error {
	columns := []string{"domain", "customer"}
	for _, name := range []string{b.SizedBy, b.SegmentedBy} {
		if name != "" {
			columns = append(columns, name)
		}
	}
	rows, err := accounts.Load(ctx, columns, func(row features.Row) bool { return row.Reason == "" })
	if err != nil {
		return err
	}
	domain, customer := rows.Column("domain"), rows.Column("customer")
	var size, segment *datasets.Column
	if b.SizedBy != "" {
		size = rows.Column(b.SizedBy)
	}
	var codes []int // place among the segments, by code: spellings of one text are one
	if b.SegmentedBy != "" {
		segment = rows.Column(b.SegmentedBy)
		places := map[string]int{}
		for _, text := range segment.Dictionary {
			key := bin.Fold(text)
			at, ok := places[key]
			if !ok {
				at = len(b.Segments)
				places[key] = at
				b.Segments = append(b.Segments, text)
			}
			codes = append(codes, at)
		}
	}
	for i := range rows.Rows {
		a := audit.Account{Domain: string(domain.Cell(i)), Grade: -1, Points: math.NaN(), Size: math.NaN(), Segment: -1, Customer: customer.Flags[i] == 1, Won: datasets.MissingDay}
		if size != nil {
			a.Size = size.Numbers[i]
		}
		if segment != nil && !segment.Missing(i) {
			a.Segment = codes[segment.Codes[i]]
		}
		b.Add(a)
	}
	return nil
}

// addGrades gives the accounts the grades of a night.
func addGrades(ctx context.Context, b *audit.Base, folder string) error {
	parts, err := predict.Parts(folder)
	if err != nil {
		return err
	}
	for _, path := range parts {
		if err := addPart(ctx, b, path); err != nil {
			return err
		}
	}
	return nil
}

var auditFields = []datasets.Field{
	{Name: "domain", Type: datasets.Text}, {Name: "grade", Type: datasets.Category}, {Name: "points", Type: datasets.Number},
}

func addPart(ctx context.Context, b *audit.Base, path string) (err error) {
	f, err := parquetfile.OpenFile(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	for g := range f.Groups() {
		rows, err := f.Group(g, auditFields)
		if err != nil {
			return err
		}
		var batch datasets.Batch
		for {
			if err := rows.Read(ctx, &batch); err != nil {
				if err := errors.Join(unlessEOF(err), rows.Close()); err != nil {
					return err
				}
				break
			}
			domain, grade := &batch.Columns[0], &batch.Columns[1]
			for i := range batch.Rows {
				if !grade.Missing(i) && !domain.Missing(i) {
					b.SetGrade(features.DomainHash(domain.Cell(i)), slices.Index(b.Grades, grade.Dictionary[grade.Codes[i]]), batch.Columns[2].Numbers[i])
				}
			}
		}
	}
	return nil
}

// regrade gives the customers that m has learned from the grades of their margins
// out of fold: those of the night are better than what accounts like them get.
func (r *Run) regrade(ctx context.Context, b *audit.Base, m *model.Model) error {
	path := filepath.Join(r.ModelFolder(m.Version), "oof.parquet")
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) || m.Grades.On == "priority" {
		return nil // nothing is known out of fold: an imported model, or a grade cut on priority
	}
	frame, margins, err := readOutOfFold(ctx, path, m)
	if err != nil || len(margins.Score) == 0 {
		return err
	}
	for i, margin := range margins.Mean() {
		if frame.Customer[i] {
			at := int64(math.Round(margin))
			b.SetGrade(frame.Keys[i], m.Grades.Index(at), m.Points(at))
		}
	}
	return nil
}

// auditEvents counts the optional tables.
func (r *Run) auditEvents(ctx context.Context, f *audit.Facts) error {
	day, err := ParseDay(f.AsOf)
	if err != nil {
		return err
	}
	set, err := r.Activity(ctx, f.Graded)
	if err != nil {
		return err
	}
	e := audit.NewEvents(f.Base, day)
	f.Events = e
	if err := e.Read(ctx, set); err != nil {
		return located("audit", err)
	}
	return nil
}
