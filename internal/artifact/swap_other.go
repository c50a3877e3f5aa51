//go:build !linux

package artifact

import (
	"errors"
	"io/fs"
	"os"
)

// swap puts the folder dir in the place of target, and what was there in the
// place of dir. Without an exchange of names, the old folder is moved aside
// first: for a moment there is none.
func swap(dir, target string) error {
	if _, err := os.Lstat(target); errors.Is(err, fs.ErrNotExist) {
		return os.Rename(dir, target)
	}
	aside := dir + "-old"
	if err := os.Rename(target, aside); err != nil {
		return err
	}
	if err := os.Rename(dir, target); err != nil {
		return errors.Join(err, os.Rename(aside, target))
	}
	return os.Rename(aside, dir)
}
