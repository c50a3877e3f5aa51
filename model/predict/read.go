package predict

import (
	"context"
	"errors"
	"fmt"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/parquetfile"
)

// Read hands columns of the grades in folder to do, batch by batch, in the order
// of the rows. The batch is filled again after do returns; codes of categories
// mean other texts in the next row group.
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
		if err := datasets.Drain(ctx, r, do); err != nil {
			return err
		}
	}
	return nil
}
