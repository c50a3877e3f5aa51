package pipeline

import (
	"bytes"
	"context"
	"path/filepath"
	"slices"
	"strings"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/parquetfile"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/internal/artifact"
	"github.com/icpfit/icpfit/internal/report"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/evaluate"
	"github.com/icpfit/icpfit/model/train"
)

// scales lists the scales in the order a preview shows them.
var scales = []string{"A-F", "A-D+F", "A-D"}

// PreviewGrades returns the consequence of every method of cutting grades for
// the champion, out of fold, on a scale, on "all" of them, or where it is "" on
// the model's own. Nothing is changed.
func (r *Run) PreviewGrades(ctx context.Context, scale, lang string) (*report.Preview, error) {
	if err := checkLanguage("grades", lang); err != nil {
		return nil, err
	}
	shown := scales
	if scale != "all" && scale != "" {
		if !slices.Contains(scales, scale) {
			return nil, usagef("grades preview: --scale is %q; want %s or all", scale, strings.Join(scales, ", "))
		}
		shown = []string{scale}
	}
	version, err := r.Champion()
	if err != nil {
		return nil, err
	}
	m, err := r.Model(version)
	if err != nil {
		return nil, err
	}
	if scale == "" {
		shown = []string{m.Grades.Scale}
	}
	f, margins, err := readOutOfFold(ctx, filepath.Join(r.registry().Folder(version), "oof.parquet"), m)
	if err != nil {
		return nil, err
	}
	f.Seed = r.Project.Config.Model.Seed
	out := &report.Preview{Name: m.Name, Version: m.Version, Lang: lang, Learned: m.Grid == nil}
	for _, scale := range shown {
		for _, method := range train.Methods {
			w, err := r.way(f, m, margins, method, scale)
			if err != nil {
				return nil, err
			}
			out.Ways = append(out.Ways, *w)
		}
	}
	return out, nil
}

// way measures one method on one scale. Cuts of icpfit.yaml are for the method
// and the scale that are set beside them.
func (r *Run) way(f *evaluate.Frame, m *model.Model, margins *evaluate.OutOfFold, method, scale string) (*report.Way, error) {
	c := &r.Project.Config.Grades
	o := train.GradeOptions{Scale: scale, Method: method, On: "fit", Tiers: c.Tiers}
	w := &report.Way{Method: method, Scale: scale, Current: method == m.Grades.Method && scale == m.Grades.Scale && m.Grades.On == "fit"}
	if method == "lift" && m.Grid != nil {
		w.Problem = "a written grid claims no lift; it is cut by score"
		return w, nil
	}
	if method == c.Method && scale == c.Scale {
		o.Cuts = c.Cuts
	}
	grades, err := train.Cut(f, m, margins.Mean(), o)
	if err != nil {
		w.Problem = err.Error()
		return w, nil
	}
	measured, err := f.Measure(margins, &grades, m.BasePoints)
	if err != nil {
		return nil, err
	}
	w.Grades, w.Notes = measured.Grades, grades.Notes
	return w, nil
}

// WritePreview writes a preview to a file as one HTML page; readers see the old
// file or the new.
func WritePreview(path string, v *report.Preview) error {
	var page bytes.Buffer
	if err := report.WritePreviewHTML(&page, v); err != nil {
		return err
	}
	return artifact.WriteFile(path, page.Bytes())
}

// readOutOfFold reads oof.parquet back into a frame without features and its
// margins.
func readOutOfFold(ctx context.Context, path string, m *model.Model) (*evaluate.Frame, *evaluate.OutOfFold, error) {
	file, err := parquetfile.OpenFile(path)
	if err != nil {
		return nil, nil, damagedf("models: version %s has no measurement out of fold: %v; train again", m.Version, err)
	}
	defer file.Close()
	f, o := &evaluate.Frame{Batch: &datasets.Batch{}}, &evaluate.OutOfFold{}
	for g := range file.Groups() {
		rows, err := file.Group(g, file.Schema())
		if err != nil {
			return nil, nil, err
		}
		var b datasets.Batch
		for err == nil {
			if err = rows.Read(ctx, &b); err != nil {
				break
			}
			for i := range b.Rows {
				addOutOfFold(f, o, &b, i)
			}
		}
		if err := unlessEOF(err); err != nil {
			return nil, nil, err
		}
		if err := rows.Close(); err != nil {
			return nil, nil, err
		}
	}
	return f, o, nil
}

func addOutOfFold(f *evaluate.Frame, o *evaluate.OutOfFold, b *datasets.Batch, i int) {
	repeat := int(b.Column("repeat").Integers[i])
	for len(o.Score) <= repeat {
		o.Score, o.Fold = append(o.Score, nil), append(o.Fold, nil)
	}
	o.Score[repeat] = append(o.Score[repeat], float64(b.Column("margin").Integers[i]))
	o.Fold[repeat] = append(o.Fold[repeat], uint8(b.Column("fold").Integers[i]))
	if repeat > 0 {
		return
	}
	f.Customer = append(f.Customer, b.Column("customer").Flags[i] == 1)
	f.Weights = append(f.Weights, b.Column("weight").Numbers[i])
	f.Keys = append(f.Keys, features.DomainHash(string(b.Column("domain").Cell(i))))
}
