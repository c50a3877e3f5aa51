package artifact_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/icpfit/icpfit/internal/artifact"
)

// TestStateOf checks every state with its reason.
func TestStateOf(t *testing.T) {
	made := artifact.Manifest{Step: "test", Options: "o", Inputs: map[string]string{"a": "1", "b": "2"}}
	write := func(t *testing.T, path, text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	manifest, part := artifact.ManifestName, "part-0000.txt"
	for _, tt := range []struct {
		name   string
		spoil  func(t *testing.T, dir string)
		want   artifact.Manifest
		check  artifact.Check
		state  artifact.State
		reason string
	}{
		{"as made", nil, made, artifact.ByHash, artifact.Current, ""},
		{"no folder", func(t *testing.T, dir string) { os.RemoveAll(dir) }, made, artifact.BySize, artifact.Missing, "not made yet"},
		{"no manifest", func(t *testing.T, dir string) { os.Remove(filepath.Join(dir, manifest)) }, made, artifact.BySize, artifact.Corrupt, manifest},
		{"half a manifest", func(t *testing.T, dir string) { write(t, filepath.Join(dir, manifest), "{") }, made, artifact.BySize, artifact.Corrupt, manifest},
		{"newer", func(t *testing.T, dir string) { write(t, filepath.Join(dir, manifest), `{"format": 99}`) }, made, artifact.BySize, artifact.FormatChanged, "format 99"},
		{"gone", func(t *testing.T, dir string) { os.Remove(filepath.Join(dir, part)) }, made, artifact.BySize, artifact.Corrupt, part + " is gone"},
		{"longer", func(t *testing.T, dir string) { write(t, filepath.Join(dir, part), "longer") }, made, artifact.BySize, artifact.Corrupt, "has 6 bytes; the manifest says 3"},
		{"flipped, by size", func(t *testing.T, dir string) { write(t, filepath.Join(dir, part), "neW") }, made, artifact.BySize, artifact.Current, ""},
		{"flipped, by hash", func(t *testing.T, dir string) { write(t, filepath.Join(dir, part), "neW") }, made, artifact.ByHash, artifact.Corrupt, "another SHA-256"},
		{"one too many", func(t *testing.T, dir string) { write(t, filepath.Join(dir, "part-0001.txt"), "x") }, made, artifact.BySize, artifact.Corrupt, "part-0001.txt is not in the manifest"},
		{"way out", func(t *testing.T, dir string) {
			write(t, filepath.Join(dir, manifest), `{"format": 1, "files": [{"name": "../x"}]}`)
		}, made, artifact.BySize, artifact.Corrupt, `names "../x"`},
		{"options", nil, artifact.Manifest{Options: "p", Inputs: made.Inputs}, artifact.BySize, artifact.OptionsChanged, "settings"},
		{"input changed", nil, artifact.Manifest{Options: "o", Inputs: map[string]string{"a": "1", "b": "3"}}, artifact.BySize, artifact.InputsChanged, "input b changed"},
		{"input new", nil, artifact.Manifest{Options: "o", Inputs: map[string]string{"a": "1", "b": "2", "c": "3"}}, artifact.BySize, artifact.InputsChanged, "input c is new"},
		{"input gone", nil, artifact.Manifest{Options: "o", Inputs: map[string]string{"a": "1"}}, artifact.BySize, artifact.InputsChanged, "input b is gone"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "as_of=2026-01-31")
			s, err := artifact.Stage(dir)
			if err != nil {
				t.Fatal(err)
			}
			if err := errors.Join(s.Write(part, []byte("new")), s.Publish(made)); err != nil {
				t.Fatal(err)
			}
			if tt.spoil != nil {
				tt.spoil(t, dir)
			}
			state, reason := artifact.StateOf(dir, tt.want, tt.check)
			if state != tt.state || !strings.Contains(reason, tt.reason) || (reason == "") != (tt.reason == "") {
				t.Errorf("%s, %q; want %s, %q", state, reason, tt.state, tt.reason)
			}
			if _, err := artifact.Verify(dir, tt.check); tt.state == artifact.Corrupt && strings.Contains(reason, "published") != errors.Is(err, artifact.ErrCorrupt) {
				t.Errorf("verify: %v", err)
			}
		})
	}
}
