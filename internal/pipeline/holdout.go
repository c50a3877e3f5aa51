package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/anyfile"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/features/infer"
)

// heldOut reads a file of domains that take no part in training: their hashes,
// or nil without a file. A file without a domain is an error: it would be
// taken for a holdout of nobody.
func heldOut(ctx context.Context, path string) (map[uint64]bool, error) {
	if path == "" {
		return nil, nil
	}
	held, err := readDomains(ctx, path)
	if err != nil {
		return nil, fmt.Errorf("train: --holdout: %w", err)
	}
	return held, nil
}

func readDomains(ctx context.Context, path string) (map[uint64]bool, error) {
	src, err := anyfile.Open(path)
	if err != nil {
		return nil, err
	}
	list, err := infer.Customers(ctx, src, "")
	if err != nil {
		return nil, err
	}
	rows, err := src.Open(ctx)
	if err != nil {
		return nil, err
	}
	held, cells := map[uint64]bool{}, 0
	var batch datasets.Batch
	for err == nil {
		if err = rows.Read(ctx, &batch); err != nil {
			break
		}
		column := batch.Column(list.Domain)
		if column == nil || column.Type != datasets.Text {
			err = usagef("%s: column %q holds no text; give a file of domains", path, list.Domain)
			break
		}
		cells += batch.Rows
		for i := range batch.Rows {
			if key, _ := datasets.DomainKey(string(column.Cell(i))); key != "" {
				held[features.DomainHash(key)] = true
			}
		}
	}
	if errors.Is(err, io.EOF) && len(held) == 0 {
		err = usagef("%s: none of the %d cells of column %q is a domain; give a file of domains", path, cells, list.Domain)
	}
	return held, errors.Join(unlessEOF(err), rows.Close())
}
