package artifact

import (
	"errors"
	"io/fs"
	"os"

	"golang.org/x/sys/unix"
)

// swap puts the folder dir in the place of target, and what was there in the
// place of dir. A plain rename cannot replace a folder that is not empty, so the
// two are exchanged in one step.
func swap(dir, target string) error {
	for {
		err := unix.Renameat2(unix.AT_FDCWD, dir, unix.AT_FDCWD, target, unix.RENAME_EXCHANGE)
		if !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		// There is none yet, unless another run publishes it at this moment.
		err = os.Rename(dir, target)
		if !errors.Is(err, fs.ErrExist) && !errors.Is(err, unix.ENOTEMPTY) {
			return err
		}
	}
}
