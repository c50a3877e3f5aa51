package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/icpfit/icpfit/internal/artifact"
)

// TestPublishedFails shows that the check behind `published` can fail: without
// a manifest, with a file changed after it was published, with unfinished work.
func TestPublishedFails(t *testing.T) {
	for _, tt := range []struct {
		spoil func(night string) error
		want  string
	}{
		{func(string) error { return nil }, ""},
		{func(night string) error { return os.Remove(filepath.Join(night, artifact.ManifestName)) }, "no such file"},
		{func(night string) error {
			return os.WriteFile(filepath.Join(night, "part.txt"), []byte("other"), 0o666)
		}, "is not what the manifest says"},
		{func(night string) error { return os.Remove(filepath.Join(night, "part.txt")) }, "part.txt"},
		{func(night string) error { return os.Mkdir(filepath.Join(filepath.Dir(night), ".tmp-x"), 0o777) }, "unfinished work is left"},
	} {
		root := t.TempDir()
		night := filepath.Join(root, "grades", "as_of=2026-01-31")
		stage, err := artifact.Stage(night)
		if err != nil {
			t.Fatal(err)
		}
		if err := stage.Write("part.txt", []byte("whole")); err != nil {
			t.Fatal(err)
		}
		if err := stage.Publish(artifact.Manifest{Step: "test"}); err != nil {
			t.Fatal(err)
		}
		if err := tt.spoil(night); err != nil {
			t.Fatal(err)
		}
		err = published(root)
		if (err != nil) != (tt.want != "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("got %v, want %q", err, tt.want)
		}
	}
}
