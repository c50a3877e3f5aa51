// Package disk changes the file system. What icpfit leaves behind on a disk goes
// through it, one Op a change, so that a test can look at every change, and fail
// it or end there: see Intercept and package disktest.
package disk

import (
	"errors"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"sync/atomic"
)

// A Kind is what an operation does.
type Kind string

// Kinds of operations.
const (
	OpCreate     Kind = "create" // or open for writing
	OpWrite      Kind = "write"
	OpTruncate   Kind = "truncate"
	OpSync       Kind = "sync"
	OpClose      Kind = "close" // of a file that was opened for writing
	OpMkdir      Kind = "mkdir"
	OpChmod      Kind = "chmod"
	OpRename     Kind = "rename"
	OpExchange   Kind = "exchange"
	OpLink       Kind = "link"
	OpSymlink    Kind = "symlink"
	OpRemove     Kind = "remove"
	OpSyncFolder Kind = "sync folder"
)

// An Op is one change of the file system.
type Op struct {
	Kind  Kind
	Path  string // what is changed; of a rename, the old name; of a link, what it leads to
	To    string // the new name of a rename, exchange or link, else ""
	Bytes int    // of a write
}

// An Interceptor stands between icpfit and the file system.
type Interceptor interface {
	// Intercept runs do and returns its error, or returns another in its place.
	// do makes the change; of a write, no more than so many bytes of it.
	Intercept(op Op, do func(bytes int) error) error
}

var installed atomic.Pointer[Interceptor]

// Intercept installs an interceptor for the whole process, for tests, until
// restore is called. Without one, this package costs nothing.
func Intercept(i Interceptor) (restore func()) {
	before := installed.Swap(&i)
	return func() { installed.Store(before) }
}

func through(op Op, do func() error) error {
	if i := installed.Load(); i != nil {
		return (*i).Intercept(op, func(int) error { return do() })
	}
	return do()
}

// Create creates a file, or empties one.
func Create(path string) (*File, error) {
	return OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o666)
}

// OpenFile opens a file for writing; flags and errors are those of os.OpenFile.
func OpenFile(path string, flag int, perm fs.FileMode) (*File, error) {
	var f *os.File
	err := through(Op{Kind: OpCreate, Path: path}, func() (err error) {
		f, err = os.OpenFile(path, flag, perm)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &File{f}, nil
}

// CreateTemp creates a file whose name is prefix and a random string.
func CreateTemp(dir, prefix string) (f *File, err error) {
	_, err = fresh(dir, prefix, func(path string) error {
		f, err = OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
		return err
	})
	return f, err
}

// fresh calls create with names until there is none of it yet.
func fresh(dir, prefix string, create func(path string) error) (path string, err error) {
	for {
		path = filepath.Join(dir, prefix+strconv.FormatUint(rand.Uint64(), 36))
		if err = create(path); !errors.Is(err, fs.ErrExist) {
			return path, err
		}
	}
}

// Mkdir makes a folder.
func Mkdir(path string, perm fs.FileMode) error {
	return through(Op{Kind: OpMkdir, Path: path}, func() error { return os.Mkdir(path, perm) })
}

// MkdirTemp makes a folder whose name is prefix and a random string.
func MkdirTemp(dir, prefix string) (path string, err error) {
	return fresh(dir, prefix, func(path string) error { return Mkdir(path, 0o700) })
}

// MkdirAll makes a folder and those above it, and syncs each folder in which one
// was made: they are there after a loss of power.
func MkdirAll(path string, perm fs.FileMode) error {
	path = filepath.Clean(path)
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return nil
	}
	if above := filepath.Dir(path); above != path {
		if err := MkdirAll(above, perm); err != nil {
			return err
		}
		if err := Mkdir(path, perm); err != nil && !errors.Is(err, fs.ErrExist) {
			return err
		}
		if err := SyncFolder(above); err != nil {
			return err
		}
	}
	return os.MkdirAll(path, perm) // it is there: says what else is in its place
}

// Chmod changes the mode of a file or folder.
func Chmod(path string, mode fs.FileMode) error {
	return through(Op{Kind: OpChmod, Path: path}, func() error { return os.Chmod(path, mode) })
}

// Rename gives a file or folder a new name. A file takes the place of another.
func Rename(from, to string) error {
	return through(Op{Kind: OpRename, Path: from, To: to}, func() error { return os.Rename(from, to) })
}

// Exchange gives two files or folders each other's name in one step. Where the
// system cannot, the error wraps errors.ErrUnsupported.
func Exchange(a, b string) error {
	return through(Op{Kind: OpExchange, Path: a, To: b}, func() error { return exchange(a, b) })
}

// Link gives a file a second name.
func Link(file, name string) error {
	return through(Op{Kind: OpLink, Path: file, To: name}, func() error { return os.Link(file, name) })
}

// Symlink makes a symbolic link.
func Symlink(target, name string) error {
	return through(Op{Kind: OpSymlink, Path: target, To: name}, func() error { return os.Symlink(target, name) })
}

// Remove removes a file or an empty folder.
func Remove(path string) error {
	return through(Op{Kind: OpRemove, Path: path}, func() error { return os.Remove(path) })
}

// RemoveAll removes a file, or a folder and what is in it; what is not there
// needs no removing. To an interceptor it is one operation an entry.
func RemoveAll(path string) error {
	if installed.Load() == nil {
		return os.RemoveAll(path)
	}
	entries, err := os.ReadDir(path)
	if err == nil {
		for _, e := range entries {
			if err := RemoveAll(filepath.Join(path, e.Name())); err != nil {
				return err
			}
		}
	}
	if err := Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// SyncFolder makes the names in a folder last: those of new files, and those that
// were renamed or removed.
func SyncFolder(path string) error {
	return through(Op{Kind: OpSyncFolder, Path: path}, func() error {
		d, err := os.Open(path)
		if err != nil {
			return err
		}
		return errors.Join(d.Sync(), d.Close())
	})
}
