package sample

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"github.com/icpfit/icpfit/datasets"
)

// The files that Write makes.
const (
	AccountsFile  = "accounts.csv"
	CustomersFile = "customers.csv"
	TruthFile     = "truth.csv" // domain and log lift of every company that has a domain; the pipeline never reads it
)

// Write writes the base into folder, which it makes if need be: the account
// table and the list of customers as in Source and Customers, and the truth. It
// never replaces a file, and leaves none of its own behind when it fails.
func (b *Base) Write(ctx context.Context, folder string) error {
	return writeFiles(folder, []file{
		{AccountsFile, func(w io.Writer) error { return writeSource(ctx, w, b.Source()) }},
		{CustomersFile, func(w io.Writer) error { return writeSource(ctx, w, b.Customers()) }},
		{TruthFile, b.writeTruth},
	})
}

// A file is one that a function writes.
type file struct {
	name  string
	write func(io.Writer) error
}

// writeFiles makes new files in folder, all of them or none.
func writeFiles(folder string, files []file) (err error) {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return fmt.Errorf("write sample: %w", err)
	}
	var made []string
	defer func() {
		if err != nil {
			for _, path := range made {
				err = errors.Join(err, os.Remove(path))
			}
		}
	}()
	for _, f := range files {
		path := filepath.Join(folder, f.name)
		file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
		if errors.Is(err, fs.ErrExist) {
			return fmt.Errorf("write sample: %s: there is such a file; give a new folder, or remove it: %w", path, fs.ErrExist)
		}
		if err != nil {
			return fmt.Errorf("write sample: %w", err)
		}
		made = append(made, path)
		if err := errors.Join(f.write(file), file.Close()); err != nil {
			return fmt.Errorf("write sample: %s: %w", path, err)
		}
	}
	return nil
}

// writeSource writes a source of text as CSV with a header.
func writeSource(ctx context.Context, w io.Writer, s datasets.Source) error {
	r, err := s.Open(ctx)
	if err != nil {
		return err
	}
	defer r.Close()
	out := csv.NewWriter(w)
	line := make([]string, 0, len(r.Schema()))
	for _, f := range r.Schema() {
		line = append(line, f.Name)
	}
	if err := out.Write(line); err != nil {
		return err
	}
	var batch datasets.Batch
	for {
		if err := r.Read(ctx, &batch); err == io.EOF {
			break
		} else if err != nil {
			return err
		}
		for i := range batch.Rows {
			for c := range line {
				line[c] = string(batch.Columns[c].Cell(i))
			}
			if err := out.Write(line); err != nil {
				return err
			}
		}
	}
	out.Flush()
	return out.Error()
}

func (b *Base) writeTruth(w io.Writer) error {
	out := csv.NewWriter(w)
	if err := out.Write([]string{"domain", "true_log_lift"}); err != nil {
		return err
	}
	for i, domain := range b.Domain {
		if domain == "" || b.DuplicateOf[i] >= 0 {
			continue
		}
		if err := out.Write([]string{domain, strconv.FormatFloat(b.LogLift[i], 'f', 6, 64)}); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}
