package artifact_test

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/icpfit/icpfit/internal/artifact"
)

// publish makes target a folder with one file of that content.
func publish(t *testing.T, target, content string) {
	t.Helper()
	s, err := artifact.Stage(target)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Abort()
	if err := s.Write("part-0000.txt", []byte(content)); err != nil {
		t.Fatal(err)
	}
	if err := s.Publish(artifact.Manifest{Step: "test", Rows: 1}); err != nil {
		t.Fatal(err)
	}
}

// names lists a folder.
func names(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return strings.Join(out, " ")
}

func TestPublish(t *testing.T) {
	root := t.TempDir()
	target := filepath.Join(root, "grades", "as_of=2026-01-31")
	publish(t, target, "old")
	publish(t, target, "new") // a rename alone cannot replace a folder that is not empty
	if got, err := os.ReadFile(filepath.Join(target, "part-0000.txt")); string(got) != "new" || err != nil {
		t.Errorf("the file holds %q, %v; want new", got, err)
	}
	if got := names(t, filepath.Dir(target)); got != "as_of=2026-01-31" {
		t.Errorf("beside the folder: %q", got)
	}
	m, err := artifact.ReadManifest(target)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte("new"))
	want := artifact.File{Name: "part-0000.txt", Size: 3, SHA256: hex.EncodeToString(sum[:])}
	if m.Step != "test" || len(m.Files) != 1 || m.Files[0] != want {
		t.Errorf("manifest %+v, want the file %+v", m, want)
	}
}

// TestAbort checks that a step that fails leaves the old folder and nothing else.
func TestAbort(t *testing.T) {
	target := filepath.Join(t.TempDir(), "models", "v")
	publish(t, target, "old")
	s, err := artifact.Stage(target)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Write("part-0000.txt", []byte("half")); err != nil {
		t.Fatal(err)
	}
	s.Abort()
	if got := names(t, filepath.Dir(target)); got != "v" {
		t.Errorf("after an abort: %q", got)
	}
	if got, _ := os.ReadFile(filepath.Join(target, "part-0000.txt")); string(got) != "old" {
		t.Errorf("the file holds %q, want old", got)
	}
}

// TestLeftOver checks that what a killed run left is removed by the next one,
// and that no reader takes it for a result.
func TestLeftOver(t *testing.T) {
	target := filepath.Join(t.TempDir(), "grades", "as_of=2026-01-31")
	killed := filepath.Join(filepath.Dir(target), ".tmp-as_of=2026-01-31-1") // held by nobody
	if err := os.MkdirAll(killed, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(killed, "part-0000.txt"), []byte("half"), 0o644); err != nil {
		t.Fatal(err)
	}
	if left := names(t, filepath.Dir(target)); !strings.HasPrefix(left, ".") {
		t.Errorf("unfinished work is visible: %q", left)
	}
	if _, err := artifact.ReadManifest(target); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("an unpublished folder: %v, want ErrNotExist", err)
	}
	publish(t, target, "whole")
	if got := names(t, filepath.Dir(target)); got != "as_of=2026-01-31" {
		t.Errorf("after the next run: %q", got)
	}
}

func TestWriteFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "models", "champion")
	for _, content := range []string{"one\n", "two\n"} {
		if err := artifact.WriteFile(path, []byte(content)); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(path); string(got) != content || err != nil {
			t.Errorf("the file holds %q, %v; want %q", got, err, content)
		}
	}
	if got := names(t, filepath.Dir(path)); got != "champion" {
		t.Errorf("beside the file: %q", got)
	}
}

// TestErrors checks that a place that cannot be written is named with what to do.
func TestErrors(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := artifact.Stage(filepath.Join(file, "as_of=2026-01-31"))
	if err == nil || !strings.Contains(err.Error(), "make the folder writable") {
		t.Errorf("a file in the place of the folder: %v", err)
	}
	if err := artifact.WriteFile(filepath.Join(file, "x"), nil); err == nil {
		t.Error("a file below a file was written")
	}
	newer := t.TempDir()
	if err := os.WriteFile(filepath.Join(newer, artifact.ManifestName), []byte(`{"format": 99}`), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := artifact.ReadManifest(newer); err == nil || !strings.Contains(err.Error(), "use a newer one") {
		t.Errorf("a manifest of a newer format: %v", err)
	}
}

// TestFingerprint checks that every field counts.
func TestFingerprint(t *testing.T) {
	type options struct{ A, B int }
	a := artifact.Fingerprint(options{1, 2})
	if a != artifact.Fingerprint(options{1, 2}) || a == artifact.Fingerprint(options{1, 3}) || a == artifact.Fingerprint(options{2, 2}) {
		t.Error("equal options differ, or different ones are equal")
	}
}
