package artifact

import (
	"errors"
	"io/fs"
	"os"
	"syscall"

	"github.com/icpfit/icpfit/internal/disk"
)

// swap puts the folder dir in the place of target, and what was there in the
// place of dir. A plain rename cannot replace a folder that is not empty, so the
// two are exchanged in one step.
func swap(dir, target string) error {
	for {
		err := disk.Exchange(dir, target)
		if errors.Is(err, errors.ErrUnsupported) {
			return move(dir, target)
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		// There is none yet, unless another run publishes it at this moment.
		err = disk.Rename(dir, target)
		if !errors.Is(err, fs.ErrExist) && !errors.Is(err, syscall.ENOTEMPTY) {
			return err
		}
	}
}

// move is swap without an exchange of names: the old folder is moved aside first,
// and for a moment there is none.
func move(dir, target string) error {
	if _, err := os.Lstat(target); errors.Is(err, fs.ErrNotExist) {
		return disk.Rename(dir, target)
	}
	aside := dir + "-old"
	if err := disk.Rename(target, aside); err != nil {
		return err
	}
	if err := disk.Rename(dir, target); err != nil {
		return errors.Join(err, disk.Rename(aside, target))
	}
	return disk.Rename(aside, dir)
}
