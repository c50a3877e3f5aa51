package pipeline

import (
	"context"
	"path/filepath"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/parquetfile"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/evaluate"
	"github.com/icpfit/icpfit/model/train"
)

// A Preview says what the grades would be by one method.
type Preview struct {
	Method  string              `json:"method"`
	Current bool                `json:"current"` // the model's own
	Grades  []evaluate.GradeRow `json:"grades"`
	Notes   []string            `json:"notes,omitempty"`
	Problem string              `json:"problem,omitempty"` // why the method cannot be shown
	Learned bool                `json:"-"`                 // lifts are claimed: the model is no written grid
}

// PreviewGrades returns the consequence of every method of cutting grades for
// the champion, out of fold. Nothing is changed.
func (r *Run) PreviewGrades(ctx context.Context) ([]Preview, error) {
	version, err := r.Champion()
	if err != nil {
		return nil, err
	}
	m, err := r.Model(version)
	if err != nil {
		return nil, err
	}
	f, margins, err := readOutOfFold(ctx, filepath.Join(r.registry().Folder(version), "oof.parquet"), m)
	if err != nil {
		return nil, err
	}
	f.Seed = r.Project.Config.Model.Seed
	var out []Preview
	for _, method := range train.Methods {
		o := train.GradeOptions{Scale: m.Grades.Scale, Method: method, On: "fit", Tiers: r.Project.Config.Grades.Tiers}
		if method == r.Project.Config.Grades.Method {
			o.Cuts = r.Project.Config.Grades.Cuts
		}
		p := Preview{Method: method, Current: method == m.Grades.Method && m.Grades.On == "fit"}
		p.Learned = m.Grid == nil
		if method == "lift" && !p.Learned {
			p.Problem = "a written grid claims no lift; it is cut by score"
			out = append(out, p)
			continue
		}
		grades, err := train.Cut(f, m, margins.Mean(), o)
		if err != nil {
			p.Problem = err.Error()
			out = append(out, p)
			continue
		}
		measured, err := f.Measure(margins, &grades, m.BasePoints)
		if err != nil {
			return nil, err
		}
		p.Grades, p.Notes = measured.Grades, grades.Notes
		out = append(out, p)
	}
	return out, nil
}

// readOutOfFold reads oof.parquet back into a frame without features and its
// margins.
func readOutOfFold(ctx context.Context, path string, m *model.Model) (*evaluate.Frame, *evaluate.OutOfFold, error) {
	file, err := parquetfile.OpenFile(path)
	if err != nil {
		return nil, nil, damagedf("grades preview: version %s has no measurement out of fold: %v; train again", m.Version, err)
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
