package artifact

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/icpfit/icpfit/internal/disk"
)

// WriteFile writes a file so that readers see the old content or the new. It
// removes what killed runs left unfinished of that file.
func WriteFile(path string, data []byte) error {
	if err := writeFile(path, data); err != nil {
		return fmt.Errorf("write: %s: %w", path, cause(err))
	}
	return nil
}

func writeFile(path string, data []byte) error {
	dir, base := filepath.Split(path)
	if dir == "" {
		dir = "."
	}
	if err := disk.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	if err := removeUnfinished(dir, base); err != nil {
		return err
	}
	f, held, err := holdNewFile(dir, tmpPrefix+base+"-")
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = disk.Chmod(f.Name(), 0o644)
	}
	if err == nil {
		err = disk.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, disk.Remove(f.Name()), held.Close())
	}
	return errors.Join(held.Close(), disk.SyncFolder(dir))
}

// holdNewFile makes a file that is held. Another run may find it before it is,
// and remove it: then the next one is tried.
func holdNewFile(dir, pattern string) (*disk.File, *os.File, error) {
	for {
		f, err := disk.CreateTemp(dir, pattern)
		if err != nil {
			return nil, nil, err
		}
		held, free, err := hold(f.Name())
		if err == nil && free {
			if _, err = os.Lstat(f.Name()); err == nil {
				return f, held, nil
			}
			err = errors.Join(err, held.Close())
		}
		if err == nil || errors.Is(err, fs.ErrNotExist) {
			f.Close() // gone, or going, before it was held
			continue
		}
		return nil, nil, errors.Join(err, f.Close(), disk.Remove(f.Name()))
	}
}

// removeUnfinished removes the unfinished work of runs that do not live any more
// in the place of a folder or file of that name.
func removeUnfinished(dir, base string) error {
	left, err := filepath.Glob(filepath.Join(escaped(dir), tmpPrefix+escaped(base)+"-*"))
	if err != nil {
		return err
	}
	for _, path := range left {
		if err := removeLeft(path); err != nil {
			return fmt.Errorf("remove unfinished work: %w", cause(err))
		}
	}
	return nil
}

// removeLeft removes unfinished work unless somebody is at it.
func removeLeft(path string) error {
	f, free, err := hold(path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && !free {
		return nil
	}
	if err != nil {
		return disk.RemoveAll(path) // it cannot be opened: nobody writes there
	}
	return errors.Join(disk.RemoveAll(path), f.Close())
}

// escaped makes a pattern that matches just a path.
func escaped(path string) string {
	var out []byte
	for i := range len(path) {
		if c := path[i]; c == '*' || c == '?' || c == '[' || c == '\\' {
			out = append(out, '\\')
		}
		out = append(out, path[i])
	}
	return string(out)
}
