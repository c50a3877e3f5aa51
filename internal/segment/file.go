package segment

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/parquetfile"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/internal/artifact"
)

// Files of segments/as_of=D, and of segments itself. Readers of Hive folders skip
// names that start with "_".
const (
	PartFile       = "part-00000.parquet"
	DividedFile    = "_segments.json"
	DefinitionFile = "_definition.json"
	ConflictsFile  = "_conflicts.csv" // accounts of which marketing and sales disagree
)

// Read reads the portraits of a night's segments from its folder, segments/as_of=D.
// A folder that is not there is an error wrapping fs.ErrNotExist, one that is not
// what was published wraps datasets.ErrShape.
func Read(folder string) (*Divided, error) {
	if _, err := artifact.Verify(folder, artifact.BySize); err != nil {
		if _, gone := os.Stat(folder); errors.Is(gone, fs.ErrNotExist) {
			return nil, fmt.Errorf("segments: %w", gone)
		}
		return nil, datasets.Shapef("segments: %v; run `icpfit segments` again", err)
	}
	path := filepath.Join(folder, DividedFile)
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("segments: %w", err)
	}
	d := &Divided{}
	if err := json.Unmarshal(text, d); err != nil {
		return nil, datasets.Shapef("segments: %s: %v; run `icpfit segments` again", path, err)
	}
	if d.Format != Format {
		return nil, datasets.Shapef("segments: %s: format %d; this icpfit reads %d: run `icpfit segments` again", path, d.Format, Format)
	}
	return d, nil
}

// Labels are the segments of a night's scored accounts.
type Labels struct {
	Segments []string         // names
	ByDomain map[uint64]uint8 // features.DomainHash of the domain to index into Segments
}

// ReadLabels reads the segment of every scored account from a night's folder,
// segments/as_of=D: some 20 bytes an account.
func ReadLabels(ctx context.Context, folder string) (_ *Labels, err error) {
	night, err := Read(folder)
	if err != nil {
		return nil, err
	}
	out := &Labels{ByDomain: make(map[uint64]uint8, night.Scored)}
	f, err := parquetfile.OpenFile(filepath.Join(folder, PartFile))
	if err != nil {
		return nil, fmt.Errorf("segments: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	index := map[string]uint8{}
	for i := range night.Portraits {
		index[night.Portraits[i].Name] = uint8(i)
		out.Segments = append(out.Segments, night.Portraits[i].Name)
	}
	for g := range f.Groups() {
		r, err := f.Group(g, []datasets.Field{Fields[0], Fields[2]})
		if err != nil {
			return nil, fmt.Errorf("segments: %w", err)
		}
		err = datasets.Drain(ctx, r, func(b *datasets.Batch) error {
			domain, segment := &b.Columns[0], &b.Columns[1]
			for i := range b.Rows {
				if segment.Missing(i) {
					return datasets.Shapef("%s: row %d has no segment; run `icpfit segments` again", folder, b.First+int64(i)+1)
				}
				at, ok := index[segment.Dictionary[segment.Codes[i]]]
				if !ok {
					return datasets.Shapef("%s: row %d is in a segment that %s does not have; run `icpfit segments` again", folder, b.First+int64(i)+1, DividedFile)
				}
				out.ByDomain[features.DomainHash(domain.Cell(i))] = at
			}
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("segments: %w", err)
		}
	}
	return out, nil
}
