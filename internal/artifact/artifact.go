// Package artifact writes the files of a step so that readers see the old
// state or the new one, never half of it.
//
// A folder is filled beside its place, synced, given a manifest last, and
// swapped in by one rename; a file likewise. Names of unfinished work start
// with ".tmp-": readers of Hive folders skip them, and the next run removes them.
package artifact

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"sync"

	"github.com/icpfit/icpfit/internal/disk"
)

// ManifestName is the file that makes a folder complete.
const ManifestName = "_manifest.json"

// Format is the version of the manifest.
//
//	1  first
const Format = 1

// tmpPrefix starts the name of unfinished work.
const tmpPrefix = ".tmp-"

// A Manifest describes a published folder. It holds no clock: the same inputs
// give the same manifest.
type Manifest struct {
	Format  int               `json:"format"`
	Step    string            `json:"step"`    // features, train, predict, report
	Inputs  map[string]string `json:"inputs"`  // name to fingerprint of what it was made from
	Options string            `json:"options"` // fingerprint of the settings
	Rows    int64             `json:"rows"`
	Files   []File            `json:"files"` // by name
}

// A File is one file of a folder.
type File struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// A Staging is a folder being written.
type Staging struct {
	dir, target string
	held        *os.File // keeps other runs from removing dir
	mu          sync.Mutex
	written     map[string]File // by name: the files that were written by an Output; under mu
	done        bool
}

// Stage starts a folder that is to become target. It removes what killed runs
// left unfinished there, and leaves alone what a living one is writing.
func Stage(target string) (*Staging, error) {
	parent, base := filepath.Split(filepath.Clean(target))
	if parent == "" {
		parent = "."
	}
	if err := disk.MkdirAll(parent, 0o777); err != nil {
		return nil, fmt.Errorf("write: %s: %w; make the folder writable or choose another with --dir", target, cause(err))
	}
	if err := removeUnfinished(parent, base); err != nil {
		return nil, fmt.Errorf("write: %s: %w", target, cause(err))
	}
	dir, held, err := holdNew(parent, tmpPrefix+base+"-")
	if err != nil {
		return nil, fmt.Errorf("write: %s: %w; make the folder writable or choose another with --dir", target, cause(err))
	}
	return &Staging{dir: dir, target: target, held: held, written: map[string]File{}}, nil
}

// Tidy removes what killed runs left unfinished of a folder that stays as it is.
func Tidy(target string) error {
	parent, base := filepath.Split(filepath.Clean(target))
	if err := removeUnfinished(filepath.Clean(parent), base); err != nil {
		return fmt.Errorf("write: %s: %w", target, cause(err))
	}
	return nil
}

// Drop removes a published folder, if it is there, so that readers see the whole
// of it or nothing; and what killed runs left unfinished of it.
func Drop(target string) error {
	parent, base := filepath.Split(filepath.Clean(target))
	err := disk.Rename(target, filepath.Join(parent, fmt.Sprintf("%s%s-dropped-%d", tmpPrefix, base, os.Getpid())))
	if err == nil {
		err = disk.SyncFolder(filepath.Clean(parent))
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove: %s: %w", target, cause(err))
	}
	return Tidy(target)
}

// holdNew makes a folder that is held. Another run may find it before it is,
// and remove it: then the next one is tried.
func holdNew(parent, prefix string) (string, *os.File, error) {
	for {
		dir, err := disk.MkdirTemp(parent, prefix)
		if err != nil {
			return "", nil, err
		}
		f, free, err := hold(dir)
		if errors.Is(err, fs.ErrNotExist) || err == nil && !free {
			continue
		}
		if err != nil {
			return "", nil, errors.Join(err, disk.RemoveAll(dir))
		}
		if err := disk.Chmod(dir, 0o755); err == nil {
			return dir, f, nil
		} else if !errors.Is(err, fs.ErrNotExist) {
			return "", nil, errors.Join(err, disk.RemoveAll(dir), f.Close())
		}
		f.Close() // gone before it was held
	}
}

// cause strips the paths from an error that names temporary ones.
func cause(err error) error {
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		return p.Err
	}
	if l, ok := errors.AsType[*os.LinkError](err); ok {
		return l.Err
	}
	return err
}

// Folder returns where the folder is while it is written.
func (s *Staging) Folder() string { return s.dir }

// Abort removes the folder unless it was published. It is safe to defer.
func (s *Staging) Abort() {
	if !s.done {
		disk.RemoveAll(s.dir) // the next run removes what is left
		s.held.Close()
		s.done = true
	}
}

// Publish syncs the files, writes the manifest, and puts the folder
// in the place of its target at once: a reader sees the old folder or the new.
func (s *Staging) Publish(m Manifest) error {
	m.Format = Format
	entries, err := os.ReadDir(s.dir)
	if err != nil {
		return fmt.Errorf("publish: %s: %w", s.target, err)
	}
	for _, e := range entries {
		f, err := s.seal(e.Name())
		if err != nil {
			return fmt.Errorf("publish: %s: %w", s.target, cause(err))
		}
		m.Files = append(m.Files, f)
	}
	sort.Slice(m.Files, func(i, j int) bool { return m.Files[i].Name < m.Files[j].Name })
	text, err := json.MarshalIndent(m, "", " ")
	if err != nil {
		return fmt.Errorf("publish: %s: %w", s.target, err)
	}
	if err := writeSynced(filepath.Join(s.dir, ManifestName), append(text, '\n')); err != nil {
		return fmt.Errorf("publish: %s: %w", s.target, cause(err))
	}
	return s.put()
}

// Link makes a symbolic link in the folder.
func (s *Staging) Link(name, to string) error {
	if err := disk.Symlink(to, filepath.Join(s.dir, name)); err != nil {
		return fmt.Errorf("write: %s: %w", filepath.Join(s.target, name), cause(err))
	}
	return nil
}

// PublishLinks is Publish for a folder that holds nothing but links: it gets no
// manifest.
func (s *Staging) PublishLinks() error { return s.put() }

// put puts the folder, whose files are synced, in the place of its target.
func (s *Staging) put() error {
	err := disk.SyncFolder(s.dir)
	if err == nil {
		err = swap(s.dir, s.target)
	}
	if err != nil {
		return fmt.Errorf("publish: %s: %w", s.target, cause(err))
	}
	s.done = true
	s.held.Close()
	if err := disk.SyncFolder(filepath.Dir(s.target)); err != nil {
		return fmt.Errorf("publish: %s: %w", s.target, cause(err))
	}
	// The old folder goes after its name is given to the new one for good: a
	// crash must not find it emptied and still in its place.
	disk.RemoveAll(s.dir) // the next run removes what is left
	return nil
}

func writeSynced(path string, data []byte) error {
	f, err := disk.Create(path)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// ReadManifest reads the manifest of a folder. A folder without one is not
// complete: the error wraps fs.ErrNotExist.
func ReadManifest(dir string) (*Manifest, error) {
	data, err := os.ReadFile(filepath.Join(dir, ManifestName))
	if err != nil {
		return nil, fmt.Errorf("read: %s: %w", dir, cause(err))
	}
	var m Manifest
	if err := json.Unmarshal(data, &m); err != nil {
		return nil, fmt.Errorf("read: %s: %w; run the step again", filepath.Join(dir, ManifestName), err)
	}
	if m.Format > Format {
		return nil, fmt.Errorf("read: %s: format %d; this icpfit reads up to %d: use a newer one", filepath.Join(dir, ManifestName), m.Format, Format)
	}
	return &m, nil
}

// Fingerprint hashes any value that encodes to JSON.
func Fingerprint(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("artifact: fingerprint of %T: %v", v, err)) // a type of ours that JSON cannot hold
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// Unfinished reports whether a name is that of unfinished work.
func Unfinished(name string) bool { return strings.HasPrefix(name, tmpPrefix) }
