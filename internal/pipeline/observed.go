package pipeline

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/internal/artifact"
	"github.com/icpfit/icpfit/internal/observe"
	"github.com/icpfit/icpfit/model/predict"
)

// observe runs a step and tells r.Watch of it. do adds to s what it finds.
func (r *Run) observe(name, asOf string, do func(s *observe.Step) error) error {
	s := &observe.Step{ICP: r.Project.Config.Name, Name: name, AsOf: asOf, Start: time.Now(), Ages: map[string]time.Duration{}}
	r.Watch.Begin(s)
	s.Err = do(s)
	s.End = time.Now()
	r.Watch.End(s)
	return s.Err
}

// kept tells r.Watch that a step of a date is not run again.
func (r *Run) kept(name, asOf string, rows int64) {
	now := time.Now()
	s := &observe.Step{ICP: r.Project.Config.Name, Name: name, AsOf: asOf, Start: now, End: now, Rows: rows}
	if name == "predict" {
		s.Held = map[string]int64{}
	}
	r.Watch.Kept(s)
}

// Features writes the feature tables of a date, "" for today.
func (r *Run) Features(ctx context.Context, asOf string) (out *FeaturesResult, err error) {
	err = r.observe("features", asOf, func(s *observe.Step) error {
		r.inputs(s)
		if out, err = r.makeFeatures(ctx, asOf); err != nil {
			holds(s, err)
			return err
		}
		s.AsOf, s.Rows = out.AsOf, out.Audit.Rows
		made := folder(out.Accounts)
		if m, err := artifact.ReadManifest(out.Accounts); err == nil {
			for i, name := range []string{"accounts", "customers"}[:len(s.Inputs)] {
				s.Inputs[i].Version = m.Inputs[name]
			}
		}
		s.Outputs = []observe.Dataset{made, folder(out.Customers)}
		return nil
	})
	return out, err
}

// Train makes a model version of the newest feature tables. The first version
// becomes the champion. Where nothing was learned the result comes with an
// error wrapping train.ErrNothingLearned, and nothing is written.
func (r *Run) Train(ctx context.Context, o TrainOptions) (out *TrainResult, err error) {
	err = r.observe("train", "", func(s *observe.Step) error {
		if asOf, err := r.newest(); err == nil {
			s.AsOf = asOf
			s.Inputs = []observe.Dataset{folder(r.Project.Features(features.AccountsTable, asOf)), folder(r.Project.Features(features.CustomersTable, asOf))}
		}
		if out, err = r.makeModel(ctx, o); err != nil {
			return err
		}
		s.Rows = int64(out.Customers + out.Pool)
		s.Outputs = []observe.Dataset{folder(out.Folder)}
		if out.Champion {
			r.modelAge(s, out.Version)
		}
		return nil
	})
	return out, err
}

// Predict grades the base of a date, "" for the newest feature table, with a
// version, "" for the champion.
func (r *Run) Predict(ctx context.Context, asOf, version string) (*PredictResult, error) {
	return r.observeGrades(asOf, func() (*PredictResult, error) { return r.makeGrades(ctx, asOf, version) })
}

// PredictShard grades one shard of the base, in any order and beside others, and
// publishes the night when all are there. Waiting then is empty.
func (r *Run) PredictShard(ctx context.Context, asOf, version string, shard predict.Shard) (*PredictResult, error) {
	return r.observeGrades(asOf, func() (*PredictResult, error) { return r.makeShard(ctx, asOf, version, shard) })
}

// PublishShards publishes a night graded in so many shards; it names those that
// are not there. It grades nothing itself.
func (r *Run) PublishShards(ctx context.Context, asOf, version string, count int) (*PredictResult, error) {
	return r.observeGrades(asOf, func() (*PredictResult, error) { return r.joinShards(ctx, asOf, version, count) })
}

// observeGrades runs a step that grades the base of a date.
func (r *Run) observeGrades(asOf string, grade func() (*PredictResult, error)) (out *PredictResult, err error) {
	err = r.observe("predict", asOf, func(s *observe.Step) error {
		if out, err = grade(); err != nil {
			holds(s, err)
			return err
		}
		s.AsOf, s.Rows = out.AsOf, out.Rows
		for _, a := range out.Accepted {
			r.Watch.Accepted(s, a.Code, a.Feature, a.Message, a.Reason, a.Author)
		}
		s.Inputs = []observe.Dataset{folder(r.Project.Features(features.AccountsTable, out.AsOf)), folder(r.registry().Folder(out.Version))}
		if len(out.Waiting) > 0 {
			return nil // a shard: nothing is published yet
		}
		s.Grades, s.Unscored, s.Held, s.Outputs = out.Grades, out.Unscored, map[string]int64{}, []observe.Dataset{folder(out.Folder)}
		r.modelAge(s, out.Version)
		return nil
	})
	return out, err
}

// holds notes in s which gates hold grades back.
func holds(s *observe.Step, err error) {
	var held *HeldBackError
	var refusal *RefusalError
	switch {
	case errors.As(err, &held):
		s.AsOf, s.Held = held.AsOf, map[string]int64{}
		for i := range held.Held {
			s.Held[held.Held[i].Code] = 1
		}
	case errors.As(err, &refusal) && len(refusal.Features) > 0:
		s.Held = map[string]int64{refusal.Code: 1}
	}
}

// Report writes the report on the grades of a date, "" for the newest.
func (r *Run) Report(ctx context.Context, asOf, lang string) (out *ReportResult, err error) {
	err = r.observe("report", asOf, func(s *observe.Step) error {
		if out, err = r.makeReport(ctx, asOf, lang); err != nil {
			return err
		}
		s.AsOf = out.Report.AsOf
		grades := folder(r.Project.Grades(s.AsOf))
		s.Rows, s.Inputs, s.Outputs = grades.Rows, []observe.Dataset{grades}, []observe.Dataset{folder(filepath.Dir(out.HTML))}
		return nil
	})
	return out, err
}

// inputs names what icpfit.yaml says is read, and how old it is.
func (r *Run) inputs(s *observe.Step) {
	c := r.Project.Config
	for _, in := range []struct{ key, path, query string }{
		{"accounts", c.Accounts.Path, c.Accounts.Query}, {"customers", c.Customers.Path, c.Customers.Query},
	} {
		switch {
		case in.query != "":
			s.Inputs = append(s.Inputs, observe.Dataset{Namespace: "postgres", Name: in.key + ".query", Rows: -1})
		case in.path != "":
			s.Inputs = append(s.Inputs, observe.Dataset{Namespace: "file", Name: absolute(r.Project.Path(in.path)), Rows: -1})
		}
	}
	if c.Accounts.Query != "" {
		s.Ages[observe.Input] = 0
	} else if info, err := os.Stat(r.Project.Path(c.Accounts.Path)); err == nil {
		s.Ages[observe.Input] = max(0, s.Start.Sub(info.ModTime()))
	}
}

// modelAge notes how old what a version has learned is. Versions start with
// their date.
func (r *Run) modelAge(s *observe.Step, version string) {
	if learned, err := time.Parse(time.DateOnly, version[:min(len(version), len(time.DateOnly))]); err == nil {
		s.Ages[observe.Model] = max(0, s.Start.Sub(learned))
	}
}

// folder describes a published folder by its manifest.
func folder(path string) observe.Dataset {
	d := observe.Dataset{Namespace: "file", Name: absolute(path), Rows: -1}
	if m, err := artifact.ReadManifest(path); err == nil {
		d.Version, d.Rows = artifact.Fingerprint(m), m.Rows
	}
	return d
}

func absolute(path string) string {
	if full, err := filepath.Abs(path); err == nil {
		return full
	}
	return path
}
