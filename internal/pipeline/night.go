package pipeline

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/internal/artifact"
	"github.com/icpfit/icpfit/internal/disk"
	"github.com/icpfit/icpfit/internal/report"
	"github.com/icpfit/icpfit/model/predict"
)

// Files of a folder of grades beside its parts.
const (
	changesFile   = "_changes"               // the part of changes/as_of=D; a reader of *.parquet does not meet it
	changesSeal   = "_changes_manifest.json" // its manifest
	nightFile     = "_night.json"            // a Night's settings and counts
	poolFile      = "_pool.json"             // what its pool looks like: a model.Tally
	overridesFile = "_overrides.csv"         // the decisions by hand that held
)

// none stands in a manifest for an input that there was not.
const none = "none"

// nightFacts are what _night.json holds: what a night was graded with, beside
// what the manifest names by hash, and what came of it.
type nightFacts struct {
	AsOf        string              `json:"as_of"`
	Version     string              `json:"version"`
	Previous    string              `json:"previous"`  // date of the night before; "": a first night
	Overrides   string              `json:"overrides"` // the file's path in icpfit.yaml; "": none
	Exploration predict.Exploration `json:"exploration"`
	Shards      int                 `json:"shards"`          // that the base was graded in, ≥ 1
	Shard       *int                `json:"shard,omitempty"` // which of them this folder is; nil: all
	Summary     *predict.Summary    `json:"summary"`
	Accepted    []report.Accepted   `json:"accepted,omitempty"` // gates that somebody has passed
}

// A nightly is a night that is about to be graded: all its inputs, opened.
type nightly struct {
	nightFacts
	in      predict.Input
	inputs  map[string]string // name to fingerprint, for the manifest
	options string
	by      []byte // text of the overrides; nil: none
	before  string // folder of the night before
	close   []func() error
}

// Close closes the inputs.
func (n *nightly) Close() error {
	var errs []error
	for _, c := range n.close {
		errs = append(errs, c())
	}
	return errors.Join(errs...)
}

// openNight opens what a night is graded from as things are; nightFacts says what
// that is.
func (r *Run) openNight(asOf, version string) (*nightly, error) {
	facts, by, err := r.nightFacts(asOf, version)
	if err != nil {
		return nil, err
	}
	return r.openFacts(facts, by)
}

// nightFacts says what a night is graded from as things are, and returns the text
// of the overrides: the feature table of a date, "" for the newest, a version, ""
// for the champion, the newest grades before that date, the overrides and the
// settings of icpfit.yaml.
func (r *Run) nightFacts(asOf, version string) (facts nightFacts, by []byte, err error) {
	if version == "" {
		if version, err = r.Champion(); err != nil {
			return facts, nil, err
		}
	}
	if asOf == "" {
		if asOf, err = r.newest(); err != nil {
			return facts, nil, err
		}
	}
	c := r.Project.Config
	facts = nightFacts{AsOf: asOf, Version: version, Shards: 1, Exploration: predict.Exploration(c.Exploration)}
	if c.Overrides != nil {
		facts.Overrides = c.Overrides.Path
		if by, err = readOverrides(r.Project.Path(c.Overrides.Path)); err != nil {
			return facts, nil, err
		}
	}
	facts.Previous, _, err = r.previousFolder(asOf)
	return facts, by, err
}

// nightInputs returns the fingerprints of what facts name, for the manifest. by
// is the text of the overrides.
func (r *Run) nightInputs(facts nightFacts, by []byte) (map[string]string, error) {
	table, err := manifest(r.Project.Features(features.AccountsTable, facts.AsOf), "icpfit features --as-of "+facts.AsOf)
	if err != nil {
		return nil, err
	}
	trained, err := manifest(r.ModelFolder(facts.Version), "icpfit train")
	if err != nil {
		return nil, err
	}
	inputs := map[string]string{"features": artifact.Fingerprint(table), "model": facts.Version, "model_files": artifact.Fingerprint(trained), "previous": none, "previous_grades": none, "overrides": none}
	if by != nil {
		inputs["overrides"] = hashOf(by)
	}
	if facts.Previous != "" {
		graded, err := manifest(r.Project.Grades(facts.Previous), "icpfit predict --as-of "+facts.Previous)
		if err != nil {
			return nil, err
		}
		inputs["previous"], inputs["previous_grades"] = facts.Previous, artifact.Fingerprint(graded)
	}
	return inputs, nil
}

// nightOptions returns the fingerprint of the settings that a night is graded by:
// cuts and hysteresis are the model's.
func nightOptions(facts nightFacts) string {
	return artifact.Fingerprint([]any{predict.Format, facts.Exploration})
}

// openFacts opens the inputs that facts name. by is the text of the overrides.
func (r *Run) openFacts(facts nightFacts, by []byte) (_ *nightly, err error) {
	n := &nightly{nightFacts: facts, by: by}
	n.close = append(n.close, collectOften())
	defer func() {
		if err != nil {
			err = errors.Join(err, n.Close())
		}
	}()
	if n.in.Model, err = r.Model(n.Version); err != nil {
		return nil, err
	}
	if n.in.AsOf, err = ParseDay(n.AsOf); err != nil {
		return nil, err
	}
	// What is named is looked at before it is opened: a table that is replaced in
	// between is then known to be another.
	inputs, unnamed := r.nightInputs(facts, by)
	accounts, _, err := r.table(features.AccountsTable, n.AsOf)
	if err != nil {
		return nil, err
	}
	n.close = append(n.close, accounts.Close)
	if unnamed != nil {
		return nil, unnamed
	}
	n.inputs, n.options = inputs, nightOptions(facts)
	if err := fits(n.in.Model, accounts); err != nil {
		return nil, err
	}
	n.in.Accounts, n.in.Exploration = accounts, n.Exploration
	n.in.Progress = func(rows int64) { r.progress("predict", rows, accounts.Rows()) }
	if by != nil {
		if n.in.Overrides, err = predict.ReadOverrides(bytes.NewReader(by), n.Overrides, n.AsOf, &n.in.Model.Grades); err != nil {
			return nil, handFault(err)
		}
	}
	return n, r.openPrevious(n)
}

// openPrevious opens the night before, if there is one.
func (r *Run) openPrevious(n *nightly) error {
	if n.Previous == "" {
		return nil
	}
	var err error
	n.before = r.Project.Grades(n.Previous)
	if n.in.Previous, err = predict.LoadPrevious(n.before); err != nil {
		return n.gradeAgain(err)
	}
	n.close = append(n.close, n.in.Previous.Close)
	return nil
}

// gradeAgain says what to do about a night before that cannot be read.
func (n *nightly) gradeAgain(err error) error {
	return damagedf("%v; grade that night again with `icpfit predict --as-of %s`, or remove %s", err, n.Previous, n.before)
}

// A scratch is a file that is gone when it is closed.
type scratch struct{ *disk.File }

// Close closes the file and removes it.
func (s scratch) Close() error { return errors.Join(s.File.Close(), disk.Remove(s.Name())) }

// mostOverrides is the largest file of overrides in bytes.
const mostOverrides = 64 << 20

func readOverrides(path string) ([]byte, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, usagef("icpfit.yaml: overrides.path: %s: no such file; create it with the header domain,grade,author,reason,expires, or delete the key", path)
	}
	if err != nil {
		return nil, fmt.Errorf("overrides: %w", err)
	}
	text, err := io.ReadAll(io.LimitReader(f, mostOverrides+1))
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, fmt.Errorf("overrides: %w", err)
	}
	if len(text) > mostOverrides {
		return nil, usagef("overrides: %s: has more than %d bytes; it is kept by people", path, mostOverrides)
	}
	return text, nil
}

// handFault makes a fault of the overrides a UsageError.
func handFault(err error) error {
	var wrong *predict.OverrideError
	if errors.As(err, &wrong) {
		return usagef("%v", err)
	}
	return err
}

// write grades the shard of n, or the whole base, into stage.
func (n *nightly) write(ctx context.Context, stage *artifact.Staging) error {
	changes, err := n.grade(ctx, stage)
	if err != nil {
		return err
	}
	return n.describe(stage, changes)
}

// grade writes the parts of the grades and of the changes.
func (n *nightly) grade(ctx context.Context, stage *artifact.Staging) (*artifact.Output, error) {
	parts, err := stage.Create(partFile)
	if err != nil {
		return nil, err
	}
	changes, err := stage.Create(changesFile)
	if err != nil {
		return nil, errors.Join(err, parts.Close())
	}
	n.in.Scratch = func() (predict.Scratch, error) {
		f, err := disk.CreateTemp(stage.Folder(), "_night-before-")
		if err != nil {
			return nil, err
		}
		return scratch{f}, nil
	}
	n.Summary, err = predict.Run(ctx, n.in, parts, changes)
	if err = errors.Join(err, parts.Close(), changes.Close()); err != nil {
		var before *predict.PreviousError
		if errors.As(err, &before) && errors.Is(err, datasets.ErrShape) {
			return nil, n.gradeAgain(before)
		}
		return nil, handFault(err)
	}
	return changes, nil
}

// describe writes what stands beside the parts.
func (n *nightly) describe(stage *artifact.Staging, changes *artifact.Output) error {
	facts, err := json.MarshalIndent(n.nightFacts, "", " ")
	if err != nil {
		return fmt.Errorf("predict: %w", err)
	}
	part := changes.File()
	part.Name = partFile
	seal, err := json.MarshalIndent(artifact.Manifest{
		Format: artifact.Format, Step: "changes", Inputs: n.inputs, Options: n.options, Rows: n.Summary.Listed,
		Files: []artifact.File{part},
	}, "", " ")
	if err != nil {
		return fmt.Errorf("predict: %w", err)
	}
	pool, err := json.Marshal(n.Summary.Pool)
	if err != nil {
		return fmt.Errorf("predict: %w", err)
	}
	err = errors.Join(stage.Write(nightFile, append(facts, '\n')), stage.Write(poolFile, append(pool, '\n')), stage.Write(changesSeal, append(seal, '\n')))
	if n.by != nil {
		err = errors.Join(err, stage.Write(overridesFile, n.by))
	}
	return err
}

func (n *nightly) manifest() artifact.Manifest {
	return artifact.Manifest{Step: "predict", Inputs: n.inputs, Options: n.options, Rows: n.Summary.Rows}
}

// linkChanges makes changes/as_of=D: links to the files in the folder of grades
// of that night. Both tables are so replaced by the one rename that publishes the
// grades: no reader finds one of them older than the other.
func (r *Run) linkChanges(asOf string) error {
	folder := r.Project.Changes(asOf)
	links := map[string]string{partFile: changesFile, artifact.ManifestName: changesSeal}
	whole := true
	for name, file := range links {
		to, err := os.Readlink(filepath.Join(folder, name))
		whole = whole && err == nil && to == linkTo(asOf, file)
	}
	if whole {
		return artifact.Tidy(folder)
	}
	stage, err := artifact.Stage(folder)
	if err != nil {
		return err
	}
	defer stage.Abort()
	for name, file := range links {
		if err := stage.Link(name, linkTo(asOf, file)); err != nil {
			return err
		}
	}
	return stage.PublishLinks()
}

func linkTo(asOf, file string) string {
	return filepath.Join("..", "..", "grades", "as_of="+asOf, file)
}

// readFacts reads _night.json and _pool.json of a folder of grades. A release that
// did not count the pool has left no _pool.json.
func readFacts(folder string) (*nightFacts, error) {
	var f nightFacts
	if err := readJSON(filepath.Join(folder, nightFile), &f); err != nil {
		return nil, err
	}
	if f.Summary == nil || f.Shards < 1 || f.Shards > predict.MaxShards {
		return nil, fmt.Errorf("%s: it is not complete", filepath.Join(folder, nightFile))
	}
	if err := readJSON(filepath.Join(folder, poolFile), &f.Summary.Pool); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	return &f, nil
}

func readJSON(path string, to any) error {
	text, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(text, to)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}
