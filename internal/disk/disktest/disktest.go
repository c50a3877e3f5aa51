//go:build unix

// Package disktest puts faults in the way of what a program changes on a disk:
// at each single operation in turn the process ends, the power is lost, or the
// operation fails. Sweep then checks that readers see the old state or the new,
// and that the next run comes to the same bytes as one that nothing disturbed.
//
// A process that ends keeps what it wrote. A loss of power takes what was not
// synced: the content of files, and, as the worst of cases, every change of a name
// whose folder was not synced either.
package disktest

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"syscall"

	"github.com/icpfit/icpfit/internal/disk"
)

// ErrEnded is what operations return after the process is to have ended.
var ErrEnded = errors.New("the process has ended")

// A Loss is what is gone after the process has ended.
type Loss int

// Losses.
const (
	Nothing Loss = iota // the process was killed
	Data                // the power went: of files, what was not synced
	Names               // and names that were not synced are as before
)

// A Fault is what happens at one operation.
type Fault struct {
	At    int   // which operation, from 0
	Err   error // it fails with this, and the process goes on; nil: the process ends before it
	Loss  Loss  // what is lost when it ends
	Half  bool  // a write writes half before it fails, or before the process ends
	Stays bool  // every later operation that needs room or leave fails too
}

func (f Fault) String() string {
	what := [...]string{"the process is killed", "the power goes, what was not synced is lost", "the power goes, what was not synced is lost, names as well"}[f.Loss]
	if f.Err != nil {
		what = fmt.Sprintf("it fails: %v", f.Err)
	}
	if f.Stays {
		what += ", and so does all that follows"
	}
	if f.Half {
		what += ", half written"
	}
	return what
}

// A Disk is an interceptor that counts operations, lets one fault happen, and
// knows what is synced.
type Disk struct {
	root  string // all that happens is below it
	stash string // a folder beside it, for what may have to come back
	fault Fault
	blind func(disk.Op) bool // syncs that do not count: a planted bug; nil: none

	mu     sync.Mutex
	count  int
	hit    *disk.Op // where the fault happened; nil: it did not
	ended  bool
	synced map[uint64]int64 // by inode of files with bytes that are not synced: size of what is
	names  []change         // that are not synced, in order
}

// A change is one of a name in a folder. Folders are known by their inodes: they
// may have other names by the time it is undone.
type change struct {
	kind     disk.Kind
	in, to   uint64 // folders; to of a rename or exchange
	name, as string
	stash    string // what was in the place, "" for nothing
	folder   bool   // of a remove: it was one
}

// New returns a disk for what happens below root. stash is an empty folder of the
// same file system.
func New(root, stash string, fault Fault) *Disk {
	return &Disk{root: root, stash: stash, fault: fault, synced: map[uint64]int64{}}
}

// Intercept implements disk.Interceptor.
func (d *Disk) Intercept(op disk.Op, do func(bytes int) error) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.ended {
		return ErrEnded
	}
	at := d.count
	d.count++
	struck := at == d.fault.At
	if !struck && !(d.fault.Stays && at > d.fault.At && needs(op.Kind)) {
		return d.do(op, op.Bytes, do)
	}
	if struck {
		d.hit = &op
	}
	if op.Kind == disk.OpWrite && d.fault.Half {
		if err := d.do(op, op.Bytes/2, do); err != nil {
			return err
		}
	}
	if d.fault.Err != nil {
		return &fs.PathError{Op: string(op.Kind), Path: op.Path, Err: d.fault.Err}
	}
	d.ended = true
	if err := d.lose(); err != nil {
		panic(fmt.Sprintf("disktest: %v", err)) // the test's own fault
	}
	return ErrEnded
}

// needs reports whether an operation needs room on the disk or leave to write.
func needs(k disk.Kind) bool {
	return !slices.Contains([]disk.Kind{disk.OpClose, disk.OpSync, disk.OpSyncFolder, disk.OpRemove}, k)
}

// do makes a change and notes what it leaves unsynced.
func (d *Disk) do(op disk.Op, bytes int, do func(int) error) error {
	switch op.Kind {
	case disk.OpSync:
		if d.blind == nil || !d.blind(op) {
			delete(d.synced, inode(op.Path))
		}
		return nil // noting it is enough: nothing is really lost here
	case disk.OpSyncFolder:
		if d.blind == nil || !d.blind(op) {
			in := inode(op.Path)
			d.names = slices.DeleteFunc(d.names, func(c change) bool { return c.in == in && c.to == 0 || c.to == in })
		}
		return nil
	case disk.OpWrite:
		d.dirty(op.Path, size(op.Path))
		return do(bytes)
	case disk.OpTruncate, disk.OpClose, disk.OpChmod:
		return do(bytes)
	case disk.OpCreate:
		if before := size(op.Path); before >= 0 {
			err := do(bytes)
			if err == nil && size(op.Path) < before {
				d.dirty(op.Path, 0)
			}
			return err
		}
	}
	c, err := d.change(op)
	switch {
	case err != nil:
	case c.folder && op.Kind == disk.OpRemove && len(entries(op.Path)) == 0:
		err = os.Rename(op.Path, c.stash) // gone, and its inode is given to no other folder
	default:
		err = do(bytes)
	}
	if err == nil {
		d.names = append(d.names, c)
	}
	return err
}

// change notes a change of names before it happens.
func (d *Disk) change(op disk.Op) (change, error) {
	path := op.Path
	if op.Kind == disk.OpLink || op.Kind == disk.OpSymlink {
		path = op.To
	}
	c := change{kind: op.Kind, in: inode(filepath.Dir(path)), name: filepath.Base(path)}
	gone := ""
	switch op.Kind {
	case disk.OpRename:
		c.to, c.as, gone = inode(filepath.Dir(op.To)), filepath.Base(op.To), op.To
	case disk.OpExchange:
		c.to, c.as = inode(filepath.Dir(op.To)), filepath.Base(op.To)
	case disk.OpRemove:
		gone = op.Path
	}
	info, err := os.Lstat(gone)
	if gone == "" || errors.Is(err, fs.ErrNotExist) {
		return c, nil
	}
	if err != nil {
		return c, err
	}
	c.stash = filepath.Join(d.stash, fmt.Sprint(d.count))
	if c.folder = info.IsDir(); c.folder {
		return c, nil
	}
	return c, os.Link(gone, c.stash)
}

func entries(dir string) []os.DirEntry {
	found, _ := os.ReadDir(dir) // of what cannot be read, none
	return found
}

func (d *Disk) dirty(path string, synced int64) {
	n := inode(path)
	if was, ok := d.synced[n]; !ok || synced < was {
		d.synced[n] = synced
	}
}

// lose takes away what was not synced.
func (d *Disk) lose() error {
	if d.fault.Loss == Nothing {
		return nil
	}
	if d.fault.Loss == Names {
		for _, c := range slices.Backward(d.names) {
			if err := d.undo(c); err != nil {
				return fmt.Errorf("undo %s of %s: %w", c.kind, c.name, err)
			}
		}
	}
	return filepath.WalkDir(d.root, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() {
			return err
		}
		if synced, ok := d.synced[inode(path)]; ok && synced < size(path) {
			return os.Truncate(path, synced)
		}
		return nil
	})
}

// undo takes a change of names back, where its folders are still there.
func (d *Disk) undo(c change) error {
	in, ok := d.folder(c.in)
	if !ok {
		return nil // a folder that was undone or removed, with what was in it
	}
	path := filepath.Join(in, c.name)
	switch c.kind {
	case disk.OpCreate, disk.OpLink, disk.OpSymlink, disk.OpMkdir:
		return os.RemoveAll(path)
	case disk.OpRemove:
		return os.Rename(c.stash, path)
	}
	to, ok := d.folder(c.to)
	if !ok {
		return nil
	}
	now := filepath.Join(to, c.as)
	if c.kind == disk.OpExchange {
		return exchange(path, now)
	}
	if err := os.Rename(now, path); err != nil {
		return err
	}
	if c.stash != "" {
		return os.Link(c.stash, now)
	}
	return nil
}

// exchange gives two names to each other.
func exchange(a, b string) error {
	aside := a + "-aside"
	return errors.Join(os.Rename(a, aside), os.Rename(b, a), os.Rename(aside, b))
}

// folder returns where the folder of an inode is now.
func (d *Disk) folder(n uint64) (path string, ok bool) {
	err := filepath.WalkDir(d.root, func(p string, e fs.DirEntry, err error) error {
		if err == nil && e.IsDir() && inode(p) == n {
			path, ok = p, true
			return fs.SkipAll
		}
		return err
	})
	return path, ok && err == nil
}

// inode returns the number of a file or folder, 0 if there is none.
func inode(path string) uint64 {
	info, err := os.Lstat(path)
	if err != nil {
		return 0
	}
	return uint64(info.Sys().(*syscall.Stat_t).Ino)
}

// size returns the size of a file in bytes, -1 if there is none.
func size(path string) int64 {
	info, err := os.Lstat(path)
	if err != nil {
		return -1
	}
	return info.Size()
}
