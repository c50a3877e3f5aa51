//go:build unix

package disktest_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/icpfit/icpfit/internal/disk"
	"github.com/icpfit/icpfit/internal/disk/disktest"
)

// A publisher replaces the file "whole" by way of "part", step by step.
type publisher []func(dir string) error

func (p publisher) run(dir string) error {
	for _, step := range p {
		if err := step(dir); err != nil {
			return err
		}
	}
	return nil
}

const text = "new, and long enough to be cut in two"

func write(dir string) error {
	f, err := disk.Create(filepath.Join(dir, "part"))
	if err != nil {
		return err
	}
	_, err = f.Write([]byte(text))
	return errors.Join(err, f.Close())
}

func appendHalf(dir string) error {
	f, err := disk.OpenFile(filepath.Join(dir, "whole"), os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return err
	}
	_, err = f.Write([]byte(text[10:]))
	return errors.Join(err, f.Sync(), f.Close())
}

func writeHalf(dir string) error {
	f, err := disk.Create(filepath.Join(dir, "part"))
	if err != nil {
		return err
	}
	_, err = f.Write([]byte(text[:10]))
	return errors.Join(err, f.Sync(), f.Close())
}

func syncFile(dir string) error {
	f, err := disk.OpenFile(filepath.Join(dir, "part"), os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

func rename(dir string) error {
	return disk.Rename(filepath.Join(dir, "part"), filepath.Join(dir, "whole"))
}

func moveAside(dir string) error {
	err := disk.Rename(filepath.Join(dir, "whole"), filepath.Join(dir, "aside"))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}

func drop(dir string) error { return disk.RemoveAll(filepath.Join(dir, "aside")) }

func ignoring(step func(string) error) func(string) error {
	return func(dir string) error {
		step(dir)
		return nil
	}
}

// TestSweep checks that a publisher that does it right passes, and that each way to
// do it wrong is found and named.
func TestSweep(t *testing.T) {
	before := t.TempDir()
	if err := os.WriteFile(filepath.Join(before, "whole"), []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	view := func(dir string) (map[string]string, error) {
		data, err := os.ReadFile(filepath.Join(dir, "whole"))
		if err != nil {
			return nil, err
		}
		return map[string]string{"whole": string(data)}, nil
	}
	for _, tt := range []struct {
		name string
		p    publisher
		want string // "": nothing is wrong
	}{
		{"right", publisher{write, syncFile, rename, disk.SyncFolder}, ""},
		{"no sync of the file", publisher{write, rename, disk.SyncFolder}, "whole is neither the old nor the new"},
		{"the name before the content", publisher{writeHalf, rename, appendHalf, disk.SyncFolder}, "whole is neither the old nor the new"},
		{"no sync of the name", publisher{write, syncFile, rename}, ""}, // the old one may come back: a state that readers knew
		{"for a moment nothing", publisher{write, syncFile, moveAside, rename, disk.SyncFolder, drop}, "readers find half"},
		{"an error is lost", publisher{write, syncFile, ignoring(rename), disk.SyncFolder}, "says that all is well"},
		{"something stays", publisher{func(dir string) error {
			if _, err := os.Stat(filepath.Join(dir, "done")); err == nil {
				return disk.Symlink("whole", filepath.Join(dir, "again"))
			}
			return disk.Symlink("whole", filepath.Join(dir, "done"))
		}, write, syncFile, rename, disk.SyncFolder}, "after the next run /again is left over"},
	} {
		r, err := disktest.Sweep(disktest.Scenario{Folder: before, Run: tt.p.run, View: view}, t.TempDir(), disktest.Faults)
		if err != nil {
			t.Fatal(tt.name, err)
		}
		if r.Points < 5 || r.Runs != r.Points*len(disktest.Faults(0)) {
			t.Errorf("%s: %d points, %d runs", tt.name, r.Points, r.Runs)
		}
		found := strings.Join(r.Faults, "\n")
		if (tt.want == "") != (found == "") || !strings.Contains(found, tt.want) {
			t.Errorf("%s: found %q, want %q", tt.name, found, tt.want)
		}
	}
}

// TestRemoveAll checks that removing a folder is one operation an entry, each of
// which can be the last.
func TestRemoveAll(t *testing.T) {
	for at := range 4 {
		dir, stash := t.TempDir(), t.TempDir()
		for _, name := range []string{"x/a", "x/b", "x/c"} {
			path := filepath.Join(dir, name)
			if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, nil, 0o644)); err != nil {
				t.Fatal(err)
			}
		}
		restore := disk.Intercept(disktest.New(dir, stash, disktest.Fault{At: at}))
		err := disk.RemoveAll(filepath.Join(dir, "x"))
		restore()
		left, _ := os.ReadDir(filepath.Join(dir, "x"))
		if !errors.Is(err, disktest.ErrEnded) || len(left) != 3-at {
			t.Errorf("ended at %d: %v, %d left", at, err, len(left))
		}
	}
}
