package registry

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/icpfit/icpfit/internal/artifact"
	"github.com/icpfit/icpfit/internal/disk"
)

// A promotion writes down what it is about to do, moves the champion, appends to
// the log and removes what it wrote down. It counts from the moment the champion
// is another one: Log has it from then on, and the next promotion or Finish logs one
// that was killed after that, and forgets one that was killed before.
const pendingName = ".promotion"

// Promote makes a version the champion and logs it. before is the champion the
// caller saw: if it is another by now, nothing happens and the error says so.
// One process promotes at a time; others wait.
func (r Registry) Promote(version, before string, e Entry) error {
	if _, err := r.Model(version); err != nil {
		return err
	}
	unlock, err := artifact.Hold(r.Dir)
	if err != nil {
		return fmt.Errorf("models: promote %s: %w", version, err)
	}
	defer unlock()
	if err := r.finish(); err != nil {
		return err
	}
	now, err := r.Champion()
	if err != nil && !errors.Is(err, ErrNoChampion) && !errors.Is(err, ErrBadChampion) {
		return err
	}
	if now != before {
		return fmt.Errorf("models: promote %s: the champion is %q, not %q: somebody promoted in between; look again", version, now, before)
	}
	if now == version {
		return nil
	}
	e.Version, e.Before = version, before
	line, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("models: promote: %w", err)
	}
	if err := artifact.WriteFile(r.pending(), append(line, '\n')); err != nil {
		return err
	}
	if err := artifact.WriteFile(filepath.Join(r.Dir, "champion"), []byte(version+"\n")); err != nil {
		return err
	}
	return r.finish()
}

func (r Registry) pending() string { return filepath.Join(r.Dir, pendingName) }

// Finish logs a promotion that was killed after it had become true. Promote does so
// as well.
func (r Registry) Finish() error {
	if _, err := os.Stat(r.pending()); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	unlock, err := artifact.Hold(r.Dir)
	if err != nil {
		return fmt.Errorf("models: %w", err)
	}
	defer unlock()
	return r.finish()
}

// unlogged returns the promotion that was written down, if it has become true,
// and its line; nil if there is none. It may be logged already.
func (r Registry) unlogged() (*Entry, []byte, error) {
	line, err := os.ReadFile(r.pending())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, fmt.Errorf("models: %w", err)
	}
	var e Entry
	if err := json.Unmarshal(line, &e); err != nil {
		return nil, nil, fmt.Errorf("models: %s: %w; remove it", r.pending(), err)
	}
	now, err := r.Champion()
	if err != nil && !errors.Is(err, ErrNoChampion) && !errors.Is(err, ErrBadChampion) {
		return nil, nil, err
	}
	if now != e.Version {
		return nil, nil, nil
	}
	return &e, line, nil
}

// finish logs the promotion that was written down, if it has become true and is
// not logged yet, and forgets it.
func (r Registry) finish() error {
	e, line, err := r.unlogged()
	if err != nil {
		return err
	}
	if e != nil {
		if err := appendOnce(filepath.Join(r.Dir, "log.jsonl"), line); err != nil {
			return err
		}
	}
	if err := disk.Remove(r.pending()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("models: %w", err)
	}
	return nil
}

// appendOnce appends a line unless it is the last one, and completes one of
// which a killed process wrote a part.
func appendOnce(path string, line []byte) error {
	f, err := disk.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return fmt.Errorf("models: %w", err)
	}
	data, err := os.ReadFile(path)
	whole := data[:bytes.LastIndexByte(data, '\n')+1]
	if err == nil && !bytes.HasSuffix(append([]byte{'\n'}, whole...), append([]byte{'\n'}, line...)) {
		_, err = f.WriteAt(line, int64(len(whole)))
	}
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = disk.SyncFolder(filepath.Dir(path)) // the log may be new
	}
	if err != nil {
		return fmt.Errorf("models: %w", err)
	}
	return nil
}
