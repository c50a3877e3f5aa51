// Package registry keeps the versions of a model, which of them is the
// champion, and the log of promotions.
//
//	models/<version>/    model.json, evaluation.json, oof.parquet, importance.parquet
//	models/champion      the version in use: one line
//	models/log.jsonl     one promotion a line, only ever appended to
//	models/.promotion    a promotion under way, as it will be logged
package registry

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/icpfit/icpfit/internal/artifact"
	"github.com/icpfit/icpfit/model"
)

// A Registry is the models folder of a project.
type Registry struct{ Dir string }

// An Entry is one line of the promotion log.
type Entry struct {
	Time    string `json:"time"`    // RFC 3339, UTC
	Version string `json:"version"` // promoted
	Before  string `json:"before"`  // champion until then, "" for none
	Author  string `json:"author"`
	Reason  string `json:"reason"`
}

// ErrNoChampion is returned where no model has been trained yet.
var ErrNoChampion = errors.New("no model yet; run `icpfit train`")

// ErrBadChampion is returned where the champion file names no version. Promote
// replaces it.
var ErrBadChampion = errors.New("no version; promote one with `icpfit models promote VERSION`")

// versionForm keeps names inside the folder: as-of date, dash, hash.
var versionForm = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}-[0-9a-f]{8}$`)

// Folder returns the folder of a version.
func (r Registry) Folder(version string) string { return filepath.Join(r.Dir, version) }

// Champion returns the version in use.
func (r Registry) Champion() (string, error) {
	data, err := os.ReadFile(filepath.Join(r.Dir, "champion"))
	if errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("models: %s: %w", r.Dir, ErrNoChampion)
	}
	if err != nil {
		return "", fmt.Errorf("models: %w", err)
	}
	version := strings.TrimSpace(string(data))
	if !versionForm.MatchString(version) {
		return "", fmt.Errorf("models: %s: %q is %w", filepath.Join(r.Dir, "champion"), version, ErrBadChampion)
	}
	return version, nil
}

// Versions lists the versions, oldest first.
func (r Registry) Versions() ([]string, error) {
	entries, err := os.ReadDir(r.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("models: %w", err)
	}
	var out []string
	for _, e := range entries {
		if e.IsDir() && versionForm.MatchString(e.Name()) {
			out = append(out, e.Name())
		}
	}
	return out, nil
}

// Model loads the model of a version, once every file of the version is what its
// manifest says.
func (r Registry) Model(version string) (*model.Model, error) {
	if !versionForm.MatchString(version) {
		return nil, fmt.Errorf("models: %q is no version; `icpfit models list` shows them", version)
	}
	data, err := readFile(filepath.Join(r.Folder(version), "model.json"), model.MaxBytes)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("models: no version %s; `icpfit models list` shows them: %w", version, fs.ErrNotExist)
	}
	if err != nil {
		return nil, fmt.Errorf("models: %w", err)
	}
	m, err := model.Load(data)
	if err != nil {
		return nil, fmt.Errorf("models: %s: %w", version, err)
	}
	if m.Version != version {
		return nil, fmt.Errorf("models: folder %s holds version %s; put it back where it was", version, m.Version)
	}
	if _, err := artifact.Verify(r.Folder(version), artifact.ByHash); err != nil {
		return nil, fmt.Errorf("models: version %s: %w; restore the folder or train again", version, err)
	}
	return m, nil
}

// readFile reads a file of at most so many bytes.
func readFile(path string, most int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, most+1))
	if err == nil && int64(len(data)) > most {
		err = fmt.Errorf("%s: over %d MiB, more than any model takes; restore the file or train again", path, most>>20)
	}
	return data, err
}

// Log returns the promotions, oldest first.
func (r Registry) Log() ([]Entry, error) {
	data, err := os.ReadFile(filepath.Join(r.Dir, "log.jsonl"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("models: %w", err)
	}
	var out []Entry
	whole := data[:bytes.LastIndexByte(data, '\n')+1] // a killed promotion may leave a part of a line: the next one completes it
	for i, line := range strings.Split(string(whole), "\n") {
		if line == "" {
			continue // after the last newline
		}
		var e Entry
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			return nil, fmt.Errorf("models: %s:%d: %w", filepath.Join(r.Dir, "log.jsonl"), i+1, err)
		}
		out = append(out, e)
	}
	e, _, err := r.unlogged()
	if err == nil && e != nil && (len(out) == 0 || out[len(out)-1] != *e) {
		out = append(out, *e)
	}
	return out, err
}
