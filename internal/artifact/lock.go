package artifact

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/icpfit/icpfit/internal/disk"
)

// LockName is the file that a command which writes to a project holds. It stays
// when the command ends: what counts is who holds it, not that it exists.
const LockName = ".icpfit.lock"

// How often a holder shows that it lives, and after how long without a sign
// from another machine its lock is taken over.
const (
	beat   = 10 * time.Second
	stale  = 2 * time.Minute
	settle = time.Second // after which one of two that take it over at once sees the other
)

// A Holder says who holds a lock.
type Holder struct {
	PID     int    `json:"pid"`
	Host    string `json:"host"`
	Command string `json:"command"`
	Since   string `json:"since"` // RFC 3339, UTC
}

// A HeldError is returned where another command holds the lock.
type HeldError struct {
	Dir    string
	Holder Holder
}

func (e *HeldError) Error() string {
	h := e.Holder
	if h.Command == "" {
		return fmt.Sprintf("lock: %s: another icpfit is just starting to write here; run the command again later", e.Dir)
	}
	return fmt.Sprintf("lock: %s: `icpfit %s` is writing here: process %d on %s, since %s; wait for it, or end it and run the command again", e.Dir, h.Command, h.PID, h.Host, h.Since)
}

// A Lock keeps other commands from writing to a project.
type Lock struct {
	f    *disk.File
	stop chan struct{}
	wait sync.WaitGroup
}

// Acquire takes the lock of a project folder, or returns a *HeldError.
//
// On one machine the system knows whether the holder lives: its lock ends with
// the process, and no process that got its number afterwards is taken for it.
// For a folder that machines share without sharing locks, the file's time is the
// holder's sign of life. It is compared with the time that the same file system
// gives to a file written now, so no machine's clock counts.
func Acquire(dir string, h Holder) (*Lock, error) {
	f, err := disk.OpenFile(filepath.Join(dir, LockName), os.O_RDWR|os.O_CREATE, 0o666)
	if err != nil {
		return nil, fmt.Errorf("lock: %s: %w; make the folder writable", dir, cause(err))
	}
	free, err := tryLock(f)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("lock: %s: %w", dir, cause(err)), f.Close())
	}
	was, known := readHolder(f)
	if !free {
		return nil, errors.Join(&HeldError{dir, was}, f.Close())
	}
	foreign := known && was.Host != h.Host
	if foreign {
		alive, err := beats(f, dir)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("lock: %s: %w", dir, cause(err)), f.Close())
		}
		if alive {
			return nil, errors.Join(&HeldError{dir, was}, f.Close())
		}
	}
	l := &Lock{f: f, stop: make(chan struct{})}
	text, err := json.Marshal(h)
	if err == nil {
		err = f.Truncate(0)
	}
	if err == nil {
		_, err = f.WriteAt(text, 0)
	}
	if err == nil && foreign {
		err = look(dir, h)
	}
	if held, ok := errors.AsType[*HeldError](err); ok {
		return nil, errors.Join(held, f.Close())
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("lock: %s: %w", dir, cause(err)), f.Close())
	}
	l.wait.Go(func() { l.live(text) })
	return l, nil
}

// look reads a lock again that was taken from another machine: where two do so at
// once, the one that wrote first gives way.
func look(dir string, h Holder) error {
	time.Sleep(settle)
	f, err := os.Open(filepath.Join(dir, LockName)) // opened again: some file systems look at a file only then
	if err != nil {
		return err
	}
	now, known := readHolder(f)
	if err := f.Close(); err != nil {
		return err
	}
	if !known || now != h {
		return &HeldError{dir, now}
	}
	return nil
}

// readHolder reads who wrote the file last, if somebody did and has not let go.
func readHolder(f io.ReaderAt) (h Holder, known bool) {
	data, err := io.ReadAll(io.NewSectionReader(f, 0, 1<<16))
	if err != nil || json.Unmarshal(data, &h) != nil {
		return Holder{}, false
	}
	return h, true
}

// beats reports whether a file was written lately by its file system's clock. A
// file of the future, whose clock was put back, counts by its distance.
func beats(f *disk.File, dir string) (bool, error) {
	now, err := disk.CreateTemp(dir, LockName+"-")
	if err != nil {
		return false, err
	}
	defer disk.Remove(now.Name())
	_, err = now.Write([]byte("now"))
	a, err2 := now.Stat()
	b, err3 := f.Stat()
	if err := errors.Join(err, err2, err3, now.Close()); err != nil {
		return false, err
	}
	return a.ModTime().Sub(b.ModTime()).Abs() < stale, nil
}

// live writes the same text again and again: the file's time is the sign.
func (l *Lock) live(text []byte) {
	tick := time.NewTicker(beat)
	defer tick.Stop()
	for {
		select {
		case <-l.stop:
			return
		case <-tick.C:
			l.f.WriteAt(text, 0) // a sign that is not given is what others look for
		}
	}
}

// Release lets go of the lock.
func (l *Lock) Release() error {
	close(l.stop)
	l.wait.Wait()
	return errors.Join(l.f.Truncate(0), l.f.Close())
}
