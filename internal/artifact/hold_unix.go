//go:build unix

package artifact

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// hold opens a file or folder and locks it, unless another process holds it.
// The system lets go of it when its holder ends, however it ends.
func hold(path string) (f *os.File, free bool, err error) {
	f, err = os.Open(path)
	if err != nil {
		return nil, false, err
	}
	free, err = tryLock(f)
	if err != nil || !free {
		return nil, false, errors.Join(err, f.Close())
	}
	return f, true, nil
}

func tryLock(f descriptor) (free bool, err error) {
	for {
		err = unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		if !errors.Is(err, unix.EINTR) {
			break
		}
	}
	if errors.Is(err, unix.EWOULDBLOCK) {
		return false, nil
	}
	if err != nil {
		return false, &os.PathError{Op: "lock", Path: f.Name(), Err: err}
	}
	return true, nil
}

// A descriptor is an open file.
type descriptor interface {
	Fd() uintptr
	Name() string
}

// Hold waits until no other process holds a folder, and holds it.
func Hold(dir string) (unlock func(), err error) {
	f, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	for {
		err = unix.Flock(int(f.Fd()), unix.LOCK_EX)
		if !errors.Is(err, unix.EINTR) {
			break
		}
	}
	if err != nil {
		return nil, errors.Join(&os.PathError{Op: "lock", Path: dir, Err: err}, f.Close())
	}
	return func() { f.Close() }, nil // closing lets go
}
