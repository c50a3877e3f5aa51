package pipeline

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/registry"
	"github.com/icpfit/icpfit/model/train"
)

func (r *Run) registry() registry.Registry { return registry.Registry{Dir: r.Project.Models()} }

// ModelFolder returns the folder of a version.
func (r *Run) ModelFolder(version string) string { return r.registry().Folder(version) }

// Champion returns the version in use. Where there is none yet the error wraps
// registry.ErrNoChampion.
func (r *Run) Champion() (string, error) {
	version, err := r.registry().Champion()
	return version, repairable(err)
}

// Versions lists the versions, oldest first.
func (r *Run) Versions() ([]string, error) { return r.registry().Versions() }

// Model loads and checks the model of a version.
func (r *Run) Model(version string) (*model.Model, error) {
	m, err := r.registry().Model(version)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, notFoundf("models: no version %s; `icpfit models list` shows them", version)
	}
	return m, repairable(err)
}

// Evaluation reads the evaluation of a version.
func (r *Run) Evaluation(version string) (*train.Evaluation, error) {
	path := filepath.Join(r.registry().Folder(version), "evaluation.json")
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, damagedf("models: %s is not there: version %s is not complete; train again, or remove its folder", path, version)
	}
	if err != nil {
		return nil, fmt.Errorf("models: %w", err)
	}
	var e train.Evaluation
	if err := json.Unmarshal(data, &e); err != nil {
		return nil, damagedf("models: %s: %v; restore the file, or train again", path, err)
	}
	return &e, nil
}

// Promote makes a version the champion, for a reason that is logged, and
// returns the champion until then.
func (r *Run) Promote(version, author, reason string) (before string, err error) {
	if _, err := r.Model(version); err != nil {
		return "", err
	}
	before, err = r.Champion()
	if err != nil && !errors.Is(err, registry.ErrNoChampion) && !errors.Is(err, registry.ErrBadChampion) {
		return "", err
	}
	return before, repairable(r.registry().Promote(version, before, r.entry(author, reason)))
}

// Rollback makes the champion before the one in use the champion again, by the
// log, and returns both.
func (r *Run) Rollback(author, reason string) (version, before string, err error) {
	if before, err = r.Champion(); err != nil {
		return "", "", err
	}
	log, err := r.registry().Log()
	if err != nil {
		return "", "", repairable(err)
	}
	for _, e := range slices.Backward(log) {
		if e.Version == before && e.Before != "" {
			_, err = r.Promote(e.Before, author, reason)
			return e.Before, before, err
		}
	}
	return "", "", notFoundf("models: rollback: the log names no champion before %s; promote a version with `icpfit models promote VERSION`", before)
}

// first makes a version the champion where there is none, and reports whether
// it is the champion now.
func (r *Run) first(version, author string) (bool, error) {
	champion, err := r.Champion()
	if err == nil {
		return champion == version, repairable(r.registry().Finish())
	}
	if !errors.Is(err, registry.ErrNoChampion) {
		return false, err
	}
	return true, r.registry().Promote(version, "", r.entry(author, "first version trained"))
}

func (r *Run) entry(author, reason string) registry.Entry {
	return registry.Entry{Time: r.Now.UTC().Format(time.RFC3339), Author: author, Reason: reason}
}
