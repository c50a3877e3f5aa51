package artifact

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A State says whether what a step made can be used as it is.
type State string

// The states, in the order in which they are looked for.
const (
	Missing        State = "missing"
	Corrupt        State = "corrupt"
	FormatChanged  State = "format-changed"
	OptionsChanged State = "options-changed"
	InputsChanged  State = "inputs-changed"
	Current        State = "current"
)

// A Check says how closely the files of a folder are looked at.
type Check int

// Checks of files.
const (
	BySize Check = iota // each file is there and has its size
	ByHash              // it has its SHA-256 as well: everything is read
)

// ErrCorrupt is wrapped by the error of a folder whose files are not those of
// its manifest.
var ErrCorrupt = errors.New("not what was published")

// StateOf compares a folder with the manifest that the step would give it now,
// of which Inputs and Options count, and says why they differ; "" for Current.
func StateOf(dir string, want Manifest, check Check) (state State, reason string) {
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		return Missing, "not made yet"
	}
	data, err := os.ReadFile(filepath.Join(dir, ManifestName))
	if err != nil {
		return Corrupt, fmt.Sprintf("%s: %v", ManifestName, cause(err))
	}
	var have Manifest
	if err := json.Unmarshal(data, &have); err != nil {
		return Corrupt, fmt.Sprintf("%s: %v", ManifestName, err)
	}
	if have.Format != Format {
		return FormatChanged, fmt.Sprintf("format %d; this icpfit writes %d", have.Format, Format)
	}
	if err := verify(dir, &have, check); err != nil {
		return Corrupt, err.Error()
	}
	if have.Options != want.Options {
		return OptionsChanged, "the settings are others than those it was made with"
	}
	for _, name := range slices.Sorted(maps.Keys(want.Inputs)) {
		if was, ok := have.Inputs[name]; !ok {
			return InputsChanged, fmt.Sprintf("input %s is new", name)
		} else if was != want.Inputs[name] {
			return InputsChanged, fmt.Sprintf("input %s changed", name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(have.Inputs)) {
		if _, ok := want.Inputs[name]; !ok {
			return InputsChanged, fmt.Sprintf("input %s is gone", name)
		}
	}
	return Current, ""
}

// Verify checks the files of a folder against its manifest and returns it. The
// error wraps ErrCorrupt where a file is gone, changed or not in the manifest.
func Verify(dir string, check Check) (*Manifest, error) {
	m, err := ReadManifest(dir)
	if err != nil {
		return nil, err
	}
	if err := verify(dir, m, check); err != nil {
		return nil, fmt.Errorf("verify: %s: %w", dir, err)
	}
	return m, nil
}

func verify(dir string, m *Manifest, check Check) error {
	named := map[string]bool{ManifestName: true}
	for _, f := range m.Files {
		if f.Name != filepath.Base(f.Name) || !filepath.IsLocal(f.Name) {
			return fmt.Errorf("%w: the manifest names %q, which is no file of this folder", ErrCorrupt, f.Name)
		}
		named[f.Name] = true
		if err := verifyFile(filepath.Join(dir, f.Name), f, check); err != nil {
			return err
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return cause(err)
	}
	for _, e := range entries {
		if name := e.Name(); !named[name] && !strings.HasPrefix(name, ".") {
			return fmt.Errorf("%w: %s is not in the manifest", ErrCorrupt, name)
		}
	}
	return nil
}

func verifyFile(path string, want File, check Check) error {
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w: %s is gone", ErrCorrupt, want.Name)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", want.Name, cause(err))
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%w: %s is no plain file", ErrCorrupt, want.Name)
	}
	if info.Size() != want.Size {
		return fmt.Errorf("%w: %s has %d bytes; the manifest says %d", ErrCorrupt, want.Name, info.Size(), want.Size)
	}
	if check == BySize {
		return nil
	}
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("%s: %w", want.Name, cause(err))
	}
	defer f.Close()
	have, err := hashed(want.Name, f)
	if err != nil {
		return fmt.Errorf("%s: %w", want.Name, cause(err))
	}
	if have.SHA256 != want.SHA256 {
		return fmt.Errorf("%w: %s has another SHA-256 than the manifest says", ErrCorrupt, want.Name)
	}
	return nil
}
