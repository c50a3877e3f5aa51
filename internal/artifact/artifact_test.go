package artifact_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/icpfit/icpfit/internal/artifact"
	"github.com/icpfit/icpfit/internal/disk"
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

// TestOutput writes more than is synced at once, a file that has a second name, and
// one that a stranger has written: the manifest has the hash of each.
func TestOutput(t *testing.T) {
	root := t.TempDir()
	target := filepath.Join(root, "grades")
	s, err := artifact.Stage(target)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Abort()
	large := bytes.Repeat([]byte("0123456789abcdef"), 20<<16)
	f, err := s.Create("large")
	if err != nil {
		t.Fatal(err)
	}
	for part := range slices.Chunk(large, 1<<20) {
		if _, err := f.Write(part); err != nil {
			t.Fatal(err)
		}
	}
	other := filepath.Join(root, "other")
	err = errors.Join(f.Close(), os.WriteFile(other, []byte("twice"), 0o644), s.Copy("second", other),
		os.WriteFile(filepath.Join(s.Folder(), "strange"), []byte("unseen"), 0o644), s.Publish(artifact.Manifest{Step: "test"}))
	if err != nil {
		t.Fatal(err)
	}
	m, err := artifact.Verify(target, artifact.ByHash)
	if err != nil {
		t.Fatal(err)
	}
	want := []artifact.File{describe("large", large), describe("second", []byte("twice")), describe("strange", []byte("unseen"))}
	if !slices.Equal(m.Files, want) || f.File() != want[0] {
		t.Errorf("files %+v, want %+v", m.Files, want)
	}
}

func describe(name string, content []byte) artifact.File {
	sum := sha256.Sum256(content)
	return artifact.File{Name: name, Size: int64(len(content)), SHA256: hex.EncodeToString(sum[:])}
}

// failing fails operations of a kind; of a write, half is done.
type failing disk.Kind

func (f failing) Intercept(op disk.Op, do func(int) error) error {
	if op.Kind != disk.Kind(f) {
		return do(op.Bytes)
	}
	if op.Kind == disk.OpWrite {
		return errors.Join(do(op.Bytes/2), syscall.EIO)
	}
	return syscall.EIO
}

// TestOutputFails checks that a sync that fails beside the writes is told by Close,
// and that a file on which a write failed is taken for what there is of it.
func TestOutputFails(t *testing.T) {
	target := filepath.Join(t.TempDir(), "grades")
	for _, kind := range []disk.Kind{disk.OpSync, disk.OpWrite} {
		s, err := artifact.Stage(target)
		if err != nil {
			t.Fatal(err)
		}
		f, err := s.Create("part")
		if err != nil {
			t.Fatal(err)
		}
		restore := disk.Intercept(failing(kind))
		_, write := f.Write(make([]byte, 9<<20))
		closed := f.Close()
		restore()
		if kind == disk.OpSync && (write != nil || !errors.Is(closed, syscall.EIO) || !strings.Contains(closed.Error(), filepath.Join(target, "part"))) {
			t.Errorf("a sync that fails: write %v, close %v", write, closed)
		}
		if kind == disk.OpWrite && (!errors.Is(write, syscall.EIO) || closed != nil) {
			t.Errorf("a write that fails: write %v, close %v", write, closed)
		}
		if again := f.Close(); again == nil {
			t.Error("a file that is closed is closed again")
		}
		if kind == disk.OpWrite {
			err := s.Publish(artifact.Manifest{Step: "test"})
			if err == nil {
				_, err = artifact.Verify(target, artifact.ByHash)
			}
			if err != nil {
				t.Errorf("a file of which a write failed: %v", err)
			}
		}
		s.Abort()
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
