//go:build unix

package disktest

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/icpfit/icpfit/internal/disk"
)

// A Scenario is a command on a folder.
type Scenario struct {
	Folder string                 // the state before; it is copied, and never changed
	Run    func(dir string) error // the command, in this process
	// View returns what readers find in a folder: a name to what it holds. What is
	// not whole is an error.
	View func(dir string) (map[string]string, error)
	Own  []string // names of files below a folder that do not count when two are compared

	// Blind tells syncs that do not count: a bug that is planted to see that it is
	// found; nil: none.
	Blind func(disk.Op) bool
}

// Faults returns what is tried at operation number at: each way to end there,
// and each error.
func Faults(at int) []Fault {
	out := []Fault{{At: at}, {At: at, Half: true}, {At: at, Loss: Data}, {At: at, Loss: Names}}
	for _, err := range []error{syscall.EIO, syscall.ENOSPC, syscall.EROFS, syscall.EACCES} {
		out = append(out, Fault{At: at, Err: err})
	}
	return append(out, Fault{At: at, Err: syscall.ENOSPC, Half: true}, Fault{At: at, Err: syscall.ENOSPC, Half: true, Stays: true}, Fault{At: at, Err: syscall.EROFS, Stays: true})
}

// A Report is what a sweep found.
type Report struct {
	Points int      // operations of the command that nothing disturbs
	Runs   int      // that were disturbed
	Faults []string // what was wrong, in words
}

// Sweep runs a command once for each fault of faults(0), faults(1), … up to its
// last operation, each time on a fresh copy of the folder, below work.
func Sweep(s Scenario, work string, faults func(at int) []Fault) (*Report, error) {
	dir := filepath.Join(work, "project")
	w, err := s.undisturbed(dir, work)
	if err != nil {
		return nil, err
	}
	out := &Report{Points: w.points}
	for at := range w.points {
		for _, f := range faults(at) {
			found, err := s.disturbed(dir, work, f, w)
			if err != nil {
				return nil, fmt.Errorf("operation %d, %v: %w", at, f, err)
			}
			out.Runs++
			out.Faults = append(out.Faults, found...)
		}
	}
	return out, nil
}

// A world is what is known of the undisturbed command.
type world struct {
	points   int
	old, new map[string]string // what readers see
	tree     map[string]string
}

func (s *Scenario) undisturbed(dir, work string) (w world, err error) {
	if w.old, err = s.View(s.Folder); err != nil {
		return w, fmt.Errorf("before: %w", err)
	}
	d, err := s.fresh(dir, work, Fault{At: -1})
	if err != nil {
		return w, err
	}
	if err := s.run(d, dir); err != nil {
		return w, fmt.Errorf("undisturbed: %w", err)
	}
	w.points = d.count
	if w.new, err = s.View(dir); err != nil {
		return w, fmt.Errorf("after: %w", err)
	}
	w.tree, err = s.tree(dir)
	return w, err
}

// fresh puts a copy of the folder at dir.
func (s *Scenario) fresh(dir, work string, f Fault) (*Disk, error) {
	stash := filepath.Join(work, "stash")
	err := errors.Join(os.RemoveAll(dir), os.RemoveAll(stash), os.Mkdir(stash, 0o755))
	if err == nil {
		err = os.CopyFS(dir, os.DirFS(s.Folder))
	}
	d := New(dir, stash, f)
	d.blind = s.Blind
	return d, err
}

func (s *Scenario) run(d *Disk, dir string) error {
	defer disk.Intercept(d)()
	return s.Run(dir)
}

// disturbed runs the command with one fault, and again without, and says what is wrong.
func (s *Scenario) disturbed(dir, work string, f Fault, w world) (wrong []string, err error) {
	d, err := s.fresh(dir, work, f)
	if err != nil {
		return nil, err
	}
	failed := s.run(d, dir)
	if d.hit == nil {
		return nil, nil // this run came by another way
	}
	say := func(format string, args ...any) {
		wrong = append(wrong, fmt.Sprintf("%s of %s, %v: ", d.hit.Kind, strings.TrimPrefix(d.hit.Path, dir+"/"), f)+fmt.Sprintf(format, args...))
	}
	now, err := s.View(dir)
	if err != nil {
		say("readers find half: %v", err)
		return wrong, nil
	}
	for _, name := range slices.Sorted(maps.Keys(union(w.old, w.new, now))) {
		if now[name] != w.old[name] && now[name] != w.new[name] {
			say("%s is neither the old nor the new", name)
		}
	}
	if failed == nil && !maps.Equal(now, w.new) {
		say("the command says that all is well, and the new state is not there")
	}
	if err := s.Run(dir); err != nil {
		say("the next run fails: %v", err)
		return wrong, nil
	}
	tree, err := s.tree(dir)
	if err != nil {
		return nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(union(w.tree, tree))) {
		if _, ok := tree[name]; !ok {
			say("after the next run %s is not there", name)
		} else if _, ok := w.tree[name]; !ok {
			say("after the next run %s is left over", name)
		} else if tree[name] != w.tree[name] {
			say("after the next run %s is another", name)
		}
	}
	return wrong, nil
}

func union(maps ...map[string]string) map[string]bool {
	out := map[string]bool{}
	for _, m := range maps {
		for k := range m {
			out[k] = true
		}
	}
	return out
}

// tree returns every file and folder below dir: what it holds, or where it leads.
func (s *Scenario) tree(dir string) (map[string]string, error) {
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || slices.Contains(s.Own, e.Name()) {
			return err
		}
		name := strings.TrimPrefix(path, dir)
		switch {
		case e.IsDir():
			out[name] = "folder"
		case e.Type()&fs.ModeSymlink != 0:
			to, err := os.Readlink(path)
			out[name] = "link to " + to
			return err
		default:
			data, err := os.ReadFile(path)
			out[name] = "file " + string(data)
			return err
		}
		return nil
	})
	return out, err
}
