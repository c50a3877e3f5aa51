package predict

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/parquetfile"
)

// Read hands columns of the grades in folder to do, batch by batch, in the order
// of the rows. The batch is filled again after do returns.
func Read(ctx context.Context, folder string, fields []datasets.Field, do func(*datasets.Batch) error) error {
	parts, err := Parts(folder)
	if err != nil {
		return err
	}
	for _, path := range parts {
		if err := readPart(ctx, path, fields, do); err != nil {
			return fmt.Errorf("grades: %s: %w", path, err)
		}
	}
	return nil
}

func readPart(ctx context.Context, path string, fields []datasets.Field, do func(*datasets.Batch) error) (err error) {
	f, err := parquetfile.OpenFile(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	for g := range f.Groups() {
		r, err := f.Group(g, fields)
		if err != nil {
			return err
		}
		if err := drain(ctx, r, do); err != nil {
			return err
		}
	}
	return nil
}

// drain hands every batch of r to do and closes r.
func drain(ctx context.Context, r datasets.Reader, do func(*datasets.Batch) error) (err error) {
	defer func() { err = errors.Join(err, r.Close()) }()
	var b datasets.Batch
	for {
		if err := r.Read(ctx, &b); err != nil {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
		if err := do(&b); err != nil {
			return err
		}
	}
}
