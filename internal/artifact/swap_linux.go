package artifact

import (
	"errors"
	"io/fs"
	"os"

	"golang.org/x/sys/unix"
)

// swap puts the folder new in the place of target. A plain rename cannot
// replace a folder that is not empty, so the two are exchanged in one step and
// the old one is removed after.
func swap(dir, target string) error {
	if _, err := os.Lstat(target); errors.Is(err, fs.ErrNotExist) {
		return os.Rename(dir, target)
	}
	if err := unix.Renameat2(unix.AT_FDCWD, dir, unix.AT_FDCWD, target, unix.RENAME_EXCHANGE); err != nil {
		return err
	}
	return os.RemoveAll(dir)
}
