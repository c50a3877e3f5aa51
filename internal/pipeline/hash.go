package pipeline

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/internal/artifact"
)

// unsettled stands for the hash of a file that was not the same all the while that
// it was read: the next night finds another one, and reads it again.
const unsettled = "changed while it was read"

// hashing starts to hash what the tables of a date are made of, which takes as long
// as a processor is idle anyhow while the base is read for the first time. The
// function it returns waits for the manifest; where ctx ends, not for long.
func (r *Run) hashing(ctx context.Context, date string) func() (artifact.Manifest, error) {
	before := r.stamps()
	var manifest artifact.Manifest
	var err error
	done := make(chan struct{})
	go func() {
		defer close(done)
		manifest, err = r.featureManifest(ctx, date)
	}()
	return sync.OnceValues(func() (artifact.Manifest, error) {
		<-done
		for name, stamp := range r.stamps() {
			if err == nil && stamp != before[name] {
				manifest.Inputs[name] = unsettled
			}
		}
		return manifest, err
	})
}

// paths returns the files or folders that features are made of, by what they hold.
func (r *Run) paths() map[string]string {
	c := r.Project.Config
	out := map[string]string{"accounts": c.Accounts.Path, "customers": c.Customers.Path}
	maps.DeleteFunc(out, func(_, path string) bool { return path == "" })
	for name, path := range out {
		out[name] = r.Project.Path(path)
	}
	return out
}

// stamps returns size and time of change of these files.
func (r *Run) stamps() map[string]string {
	out := r.paths()
	for name, path := range out {
		var stamp strings.Builder
		folder, err := filepath.EvalSymlinks(path)
		if err == nil {
			err = filepath.WalkDir(folder, func(file string, _ fs.DirEntry, err error) error {
				if err != nil {
					return err
				}
				info, err := os.Stat(file) // of what a link leads to
				if err == nil && !info.IsDir() {
					fmt.Fprintln(&stamp, file, info.Size(), info.ModTime().UnixNano())
				}
				return err
			})
		}
		out[name] = stamp.String()
		if err != nil { // whoever reads the file says why
			out[name] = err.Error()
		}
	}
	return out
}

// featureManifest says what the tables of a date are made of: the settings, and
// the hashes of files.
func (r *Run) featureManifest(ctx context.Context, date string) (artifact.Manifest, error) {
	c := r.Project.Config
	m := artifact.Manifest{Step: "features", Inputs: map[string]string{"as_of": date}, Options: artifact.Fingerprint([]any{features.SpecHash(c.Features), c.Accounts, c.Customers})}
	for name, path := range r.paths() {
		hash, err := hashPath(ctx, path)
		if err != nil {
			return m, err
		}
		m.Inputs[name] = hash
	}
	return m, nil
}

// hashPath returns the SHA-256 of a file, or of the names and hashes of the
// files of a folder.
func hashPath(ctx context.Context, path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", fmt.Errorf("fingerprint: %w", err)
	}
	h := sha256.New()
	if !info.IsDir() {
		f, err := os.Open(path)
		if err != nil {
			return "", fmt.Errorf("fingerprint: %w", err)
		}
		_, err = io.Copy(h, untilDone{ctx, f})
		if err = errors.Join(err, f.Close()); err != nil {
			return "", fmt.Errorf("fingerprint: %w", err)
		}
		return hex.EncodeToString(h.Sum(nil)), nil
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return "", fmt.Errorf("fingerprint: %w", err)
	}
	for _, e := range entries {
		sum, err := hashPath(ctx, filepath.Join(path, e.Name()))
		if err != nil {
			return "", err
		}
		fmt.Fprintf(h, "%s %s\n", e.Name(), sum)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// untilDone reads until its context ends.
type untilDone struct {
	ctx context.Context
	r   io.Reader
}

// Read implements io.Reader.
func (u untilDone) Read(p []byte) (int, error) {
	if err := u.ctx.Err(); err != nil {
		return 0, err
	}
	return u.r.Read(p)
}
