package pipeline

import (
	"context"
	"errors"
	"io/fs"
	"os"

	"github.com/icpfit/icpfit/internal/artifact"
	"github.com/icpfit/icpfit/internal/segment"
)

// segmented reports whether somebody has asked for segments: by making some, or by
// writing rules.
func (r *Run) segmented() bool {
	_, err := os.Stat(r.definitionPath())
	return err == nil || len(r.Project.Config.Segments.Rules) > 0
}

// segmentsState compares the segments of a date with what they would be made from.
func (r *Run) segmentsState(ctx context.Context, date string) StepState {
	s := StepState{Step: "segments", Folder: r.Project.Segments(date), State: artifact.InputsChanged}
	d, err := r.keptDefinition()
	switch {
	case err != nil:
		s.Reason = err.Error()
		return s
	case d == nil || artifact.Fingerprint(d.Options) != artifact.Fingerprint(r.segmentOptions()):
		s.State, s.Reason = artifact.OptionsChanged, "the segments asked for are others"
		return s
	}
	marketing, sales, err := r.given(ctx)
	if err != nil {
		s.Reason = err.Error()
		return s
	}
	m, _, err := r.segmentsManifest(date, d, marketing, sales)
	if err != nil {
		s.Reason = err.Error()
		return s
	}
	s.State, s.Reason = artifact.StateOf(s.Folder, m, artifact.ByHash)
	return s
}

// refreshSegments divides the accounts of a date, where somebody has asked for it.
func (r *Run) refreshSegments(ctx context.Context, out *RefreshResult, date string) (err error) {
	if !r.segmented() {
		return nil
	}
	s := r.segmentsState(ctx, date)
	out.Steps = append(out.Steps, s)
	if s.State != artifact.Current {
		out.Segments, err = r.Segments(ctx, date, false)
		return err
	}
	out.Segments = &SegmentsResult{Folder: s.Folder}
	if out.Segments.Divided, err = segment.Read(s.Folder); err != nil {
		return err
	}
	r.kept("segments", date, out.Segments.Scored)
	return artifact.Tidy(s.Folder)
}

// segmentsOf reads the segments of a date for the report on the grades in folder.
// It returns nil where there are none, or they are of other grades.
func (r *Run) segmentsOf(asOf, folder string) (*segment.Divided, error) {
	if folder != r.Project.Grades(asOf) {
		return nil, nil // grades that are held back
	}
	m, err := artifact.ReadManifest(r.Project.Segments(asOf))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, damagedf("report: %v; run `icpfit segments --as-of %s` again", err, asOf)
	}
	graded, err := manifest(folder, "icpfit predict --as-of "+asOf)
	if err != nil {
		return nil, err
	}
	if m.Inputs["grades"] != artifact.Fingerprint(graded) {
		return nil, nil
	}
	return segment.Read(r.Project.Segments(asOf))
}
