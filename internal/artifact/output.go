package artifact

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/icpfit/icpfit/internal/disk"
)

// An Output is a file being written into a folder, from its start to its end. It
// is hashed and synced on the way: to do both only before it is published would take
// a tenth of the time of a night, with nothing else to do.
type Output struct {
	stage *Staging
	f     *disk.File
	name  string
	sum   hash.Hash
	size  int64

	asked  int64      // bytes, of size, that a sync was asked for
	synced chan error // of the sync that is under way; nil: none is
	lost   error      // of the first sync that failed: the system says so once only
}

// syncBytes is how much is written before a sync is asked for beside the next
// writes: seldom enough to cost nothing, often enough to leave little for the last.
const syncBytes = 8 << 20

// Create creates a file in the folder. The caller closes it; Publish syncs it.
func (s *Staging) Create(name string) (*Output, error) {
	f, err := disk.Create(filepath.Join(s.dir, name))
	if err != nil {
		return nil, fmt.Errorf("write: %s: %w", filepath.Join(s.target, name), cause(err))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.written, name)
	return &Output{stage: s, f: f, name: name, sum: sha256.New()}, nil
}

// Write appends p.
func (o *Output) Write(p []byte) (int, error) {
	n, err := o.f.Write(p)
	o.sum.Write(p[:n])
	o.size += int64(n)
	if o.size-o.asked >= syncBytes {
		o.sync()
	}
	return n, err
}

// sync starts a sync of what was written so far, unless one is still under way.
func (o *Output) sync() {
	if o.synced != nil {
		select {
		case err := <-o.synced:
			o.lost = cmp.Or(o.lost, err)
		default:
			return
		}
	}
	o.asked, o.synced = o.size, make(chan error, 1)
	go func() { o.synced <- o.f.Sync() }()
}

// Close closes the file.
func (o *Output) Close() error {
	if o.synced != nil {
		o.lost = cmp.Or(o.lost, <-o.synced)
		o.synced = nil
	}
	closed := o.f.Close()
	if err := cmp.Or(o.lost, closed); err != nil {
		return fmt.Errorf("write: %s: %w", filepath.Join(o.stage.target, o.name), cause(err))
	}
	o.stage.mu.Lock()
	defer o.stage.mu.Unlock()
	o.stage.written[o.name] = o.File()
	return nil
}

// File returns what a manifest says of the bytes written so far.
func (o *Output) File() File { return File{o.name, o.size, hex.EncodeToString(o.sum.Sum(nil))} }

// Write writes a whole file into the folder.
func (s *Staging) Write(name string, data []byte) error {
	f, err := s.Create(name)
	if err != nil {
		return err
	}
	if _, err = f.Write(data); err != nil {
		err = fmt.Errorf("write: %s: %w", filepath.Join(s.target, name), cause(err))
	}
	return errors.Join(err, f.Close())
}

// Copy puts the file from into the folder, which has none of that name: by a second
// name of it where the file system can, which costs nothing.
func (s *Staging) Copy(name, from string) (err error) {
	err = disk.Link(from, filepath.Join(s.dir, name))
	if err == nil || errors.Is(err, fs.ErrExist) { // to create it would empty what it may be a name of
		return err
	}
	dst, err := s.Create(name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, dst.Close()) }()
	src, err := os.Open(from)
	if err != nil {
		return err
	}
	defer src.Close()
	_, err = io.Copy(dst, src)
	return err
}

// seal makes a file last and returns what the manifest says of it. What was
// written by an Output is not read again: the hash is of what it was given, so a
// disk that kept something else is found out by the next reader.
func (s *Staging) seal(name string) (File, error) {
	f, err := disk.OpenFile(filepath.Join(s.dir, name), os.O_RDWR, 0)
	if err != nil {
		return File{}, err
	}
	s.mu.Lock()
	out, ok := s.written[name]
	s.mu.Unlock()
	if !ok {
		out, err = hashed(name, f)
	}
	if err == nil {
		err = f.Sync()
	}
	return out, errors.Join(err, f.Close())
}

// hashed returns what a manifest says of a file.
func hashed(name string, f io.Reader) (File, error) {
	h := sha256.New()
	n, err := io.Copy(h, f)
	return File{name, n, hex.EncodeToString(h.Sum(nil))}, err
}
