package pipeline

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/internal/artifact"
	"github.com/icpfit/icpfit/internal/observe"
	"github.com/icpfit/icpfit/internal/project"
	"github.com/icpfit/icpfit/internal/segment"
)

// A SegmentsResult is what `segments --json` prints.
type SegmentsResult struct {
	*segment.Divided
	Folder string `json:"folder"`
	New    bool   `json:"new"` // the segments themselves were made, not only the accounts divided
}

// Segments divides the scored accounts of a date, "" for the newest grades, into
// segments. It keeps those that there are, unless renew is set, there are none, or
// the rules in icpfit.yaml are others.
func (r *Run) Segments(ctx context.Context, asOf string, renew bool) (out *SegmentsResult, err error) {
	err = r.observe("segments", asOf, func(s *observe.Step) error {
		if out, err = r.makeSegments(ctx, asOf, renew); err != nil {
			return err
		}
		s.AsOf, s.Rows = out.AsOf, out.Scored
		s.Inputs, s.Outputs = []observe.Dataset{folder(r.Project.Grades(s.AsOf))}, []observe.Dataset{folder(out.Folder)}
		return nil
	})
	return out, err
}

// makeSegments is Segments unobserved.
func (r *Run) makeSegments(ctx context.Context, asOf string, renew bool) (*SegmentsResult, error) {
	if asOf == "" {
		newest, _, err := features.LatestTable(filepath.Dir(r.Project.Grades("x")), "")
		if err != nil {
			return nil, notFoundf("segments: %s: no grades yet; run `icpfit predict`", filepath.Join(r.Project.Dir, "grades"))
		}
		asOf = newest
	}
	day, err := ParseDay(asOf)
	if err != nil {
		return nil, err
	}
	graded := r.Project.Grades(asOf)
	if _, err := os.Stat(graded); errors.Is(err, fs.ErrNotExist) {
		return nil, notFoundf("segments: %s: no grades of %s; run `icpfit predict --as-of %s`", graded, asOf, asOf)
	}
	accounts, _, err := r.table(features.AccountsTable, asOf)
	if err != nil {
		return nil, err
	}
	out, err := r.divide(ctx, accounts, day, renew)
	return out, errors.Join(err, accounts.Close())
}

// divide divides the accounts of a table.
func (r *Run) divide(ctx context.Context, accounts *features.Table, day int32, renew bool) (*SegmentsResult, error) {
	d, isNew, err := r.definition(ctx, accounts, day, renew)
	if err != nil {
		return nil, segmentFault(err)
	}
	n := segment.Night{Definition: d, Accounts: accounts, AsOf: day}
	if n.Marketing, n.Sales, err = r.given(ctx); err != nil {
		return nil, err
	}
	m, before, err := r.segmentsManifest(accounts.AsOf, d, n.Marketing, n.Sales)
	if err != nil {
		return nil, err
	}
	out := &SegmentsResult{Folder: r.Project.Segments(accounts.AsOf), New: isNew}
	if state, _ := artifact.StateOf(out.Folder, m, artifact.ByHash); state == artifact.Current {
		if out.Divided, err = segment.Read(out.Folder); err == nil {
			return out, artifact.Tidy(out.Folder)
		}
	}
	n.Progress = func(rows int64) { r.progress("segments", rows, accounts.Rows()) }
	if n.Graded, err = segment.LoadGraded(ctx, r.Project.Grades(accounts.AsOf)); err != nil {
		return nil, err
	}
	if isNew {
		text, err := d.Encode()
		if err != nil {
			return nil, err
		}
		if err := artifact.WriteFile(r.definitionPath(), text); err != nil {
			return nil, err
		}
	}
	return out, r.publishSegments(ctx, out, n, before, m)
}

// publishSegments divides the night n and publishes what comes of it.
func (r *Run) publishSegments(ctx context.Context, out *SegmentsResult, n segment.Night, before *segment.Divided, m artifact.Manifest) error {
	stage, err := artifact.Stage(out.Folder)
	if err != nil {
		return err
	}
	defer stage.Abort()
	f, err := stage.Create(segment.PartFile)
	if err != nil {
		return err
	}
	conflicts := func() error { return nil }
	if n.Marketing != nil {
		list, err := stage.Create(segment.ConflictsFile)
		if err != nil {
			return errors.Join(err, f.Close())
		}
		buffered := bufio.NewWriter(list)
		n.Conflicts, conflicts = buffered, func() error { return errors.Join(buffered.Flush(), list.Close()) }
	}
	out.Divided, err = n.Divide(ctx, f)
	if err = errors.Join(err, f.Close(), conflicts()); err != nil {
		return segmentFault(err)
	}
	if err := out.Against(before); err != nil {
		return err
	}
	text, err := json.MarshalIndent(out.Divided, "", " ")
	if err != nil {
		return fmt.Errorf("segments: %w", err)
	}
	if err := stage.Write(segment.DividedFile, append(text, '\n')); err != nil {
		return err
	}
	m.Rows = out.Scored
	return stage.Publish(m)
}

// segmentFault makes what the caller can put right a UsageError.
func segmentFault(err error) error {
	var overlap *segment.OverlapError
	if errors.As(err, &overlap) || errors.Is(err, segment.ErrNothingKnown) {
		return usagef("%v", err)
	}
	return err
}

// segmentsManifest says what the segments of a date are made of, and returns those
// of the night before, nil for none.
func (r *Run) segmentsManifest(asOf string, d *segment.Definition, marketing, sales *segment.Given) (m artifact.Manifest, before *segment.Divided, err error) {
	m = artifact.Manifest{Step: "segments", Options: artifact.Fingerprint(segment.Format), Inputs: map[string]string{"definition": d.Fingerprint(), "previous": none}}
	for name, from := range map[string][2]string{
		"features": {r.Project.Features(features.AccountsTable, asOf), "icpfit features --as-of " + asOf}, "grades": {r.Project.Grades(asOf), "icpfit predict --as-of " + asOf},
	} {
		made, err := manifest(from[0], from[1])
		if err != nil {
			return m, nil, err
		}
		m.Inputs[name] = artifact.Fingerprint(made)
	}
	if marketing != nil {
		m.Inputs["marketing"], m.Inputs["sales"] = artifact.Fingerprint(marketing.Fingerprint()), artifact.Fingerprint(sales.Fingerprint())
	}
	_, folder, err := features.LatestTable(filepath.Dir(r.Project.Segments("x")), asOf)
	if errors.Is(err, fs.ErrNotExist) {
		return m, nil, nil
	}
	if err == nil {
		before, err = segment.Read(folder)
	}
	if err != nil {
		return m, nil, fmt.Errorf("%w, or remove %s", err, folder)
	}
	m.Inputs["previous"] = artifact.Fingerprint(before)
	return m, before, nil
}

// given reads marketing's own segments and those of sales, nil where icpfit.yaml
// names none.
func (r *Run) given(ctx context.Context) (marketing, sales *segment.Given, err error) {
	c := r.Project.Config.Segments
	if c.Marketing == nil {
		return nil, nil, nil
	}
	for _, in := range []struct {
		to  **segment.Given
		key string
		of  *project.DivisionConfig
	}{{&marketing, "segments.marketing", c.Marketing}, {&sales, "segments.sales", c.Sales}} {
		src, domain, err := r.Project.Division(in.of)
		if err != nil {
			return nil, nil, located(in.key+".path", err)
		}
		if *in.to, err = segment.ReadGiven(ctx, src, domain, in.of.Segment); err != nil {
			return nil, nil, fmt.Errorf("%s: %w", in.key, err)
		}
	}
	return marketing, sales, nil
}

func (r *Run) definitionPath() string {
	return filepath.Join(filepath.Dir(r.Project.Segments("x")), segment.DefinitionFile)
}

// segmentOptions returns what icpfit.yaml says of segments.
func (r *Run) segmentOptions() segment.Options {
	c := r.Project.Config.Segments
	o := segment.Options{Features: c.Features, Segments: c.K, Minimum: c.Minimum, Seed: c.Seed}
	for _, rule := range c.Rules {
		o.Rules = append(o.Rules, segment.Rule(rule))
	}
	return o
}

// definition returns the segments to divide by: those that there are, or new ones.
func (r *Run) definition(ctx context.Context, accounts *features.Table, day int32, renew bool) (d *segment.Definition, isNew bool, err error) {
	o := r.segmentOptions()
	if !renew {
		d, err = r.keptDefinition()
		switch {
		case err != nil:
			return nil, false, err
		case d == nil || len(o.Rules) > 0 && artifact.Fingerprint(d.Options) != artifact.Fingerprint(o): // people have written others
		case artifact.Fingerprint(d.Options) != artifact.Fingerprint(o):
			return nil, false, usagef("segments: icpfit.yaml says other segments than those made of %s; restore it, or make other segments with `icpfit segments --renew`", d.AsOf)
		default:
			return d, false, nil
		}
	}
	in := segment.Input{Accounts: accounts, AsOf: day, Group: r.Project.Config.Model.Group}
	in.Progress = func(done, of int) { r.progress("looking for segments", int64(done), int64(of)) }
	d, err = segment.Define(ctx, in, o)
	return d, true, err
}

// keptDefinition reads _definition.json, nil for none.
func (r *Run) keptDefinition() (*segment.Definition, error) {
	text, err := os.ReadFile(r.definitionPath())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("segments: %w", err)
	}
	d, err := segment.Decode(text)
	if err != nil {
		return nil, damagedf("segments: %s: %v; restore it, or make other segments with `icpfit segments --renew`", r.definitionPath(), err)
	}
	return d, nil
}
