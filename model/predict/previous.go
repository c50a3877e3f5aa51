package predict

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/parquetfile"
)

// Previous is an earlier night: what is asked of it is read from its files, row
// group by row group. It is safe for concurrent use once loaded. Close it after use.
type Previous struct {
	Version string // of the model that graded it
	marks   string // marksOf that model

	files  []*parquetfile.File
	groups []pastGroup
	rows   int
	hand   bool // its files say what was overridden
}

// A PreviousError says that the night before cannot be read.
type PreviousError struct{ Err error }

func (e *PreviousError) Error() string { return "previous night: " + e.Err.Error() }

// Unwrap returns what is wrong with it.
func (e *PreviousError) Unwrap() error { return e.Err }

// A pastGroup is one row group of a night's files.
type pastGroup struct {
	file  *parquetfile.File
	index int
	first int // number of its first row in the night
}

// LoadPrevious opens the grades of a folder grades/as_of=D.
func LoadPrevious(folder string) (*Previous, error) {
	parts, err := Parts(folder)
	if err != nil {
		return nil, err
	}
	p := &Previous{hand: true}
	for i, path := range parts {
		if err := p.load(path, i == 0); err != nil {
			return nil, &PreviousError{errors.Join(err, p.Close())}
		}
	}
	return p, nil
}

// Close closes the night's files.
func (p *Previous) Close() error {
	var errs []error
	for _, f := range p.files {
		errs = append(errs, f.Close())
	}
	p.files = nil
	return errors.Join(errs...)
}

// Parts returns the part files of a grade folder, by name.
func Parts(folder string) ([]string, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, fmt.Errorf("grades: %w", err)
	}
	var parts []string
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), "part-") && strings.HasSuffix(e.Name(), ".parquet") {
			parts = append(parts, filepath.Join(folder, e.Name()))
		}
	}
	if len(parts) == 0 {
		return nil, fmt.Errorf("grades: %s: no part files; run `icpfit predict`", folder)
	}
	return parts, nil
}

func (p *Previous) load(path string, first bool) error {
	f, err := parquetfile.OpenFile(path)
	if err != nil {
		return err
	}
	p.files = append(p.files, f)
	version, ok := f.Metadata(keyVersion)
	if !ok {
		return datasets.Shapef("%s names no model: it is no table of grades; grade that night again", path)
	}
	marks, _ := f.Metadata(keyMarks)
	if !first && (version != p.Version || marks != p.marks) {
		return datasets.Shapef("%s: graded by model %q, the parts before it by %q; grade that night again", path, version, p.Version)
	}
	p.Version, p.marks = version, marks
	p.hand = p.hand && slices.ContainsFunc(f.Schema(), func(field datasets.Field) bool { return field.Name == Fields[colOverridden].Name })
	if f.Rows() > maxRows-int64(p.rows) {
		return datasets.Shapef("%s: the night has more than %d rows; grade in several projects", path, int64(maxRows))
	}
	for g := range f.Groups() {
		p.groups = append(p.groups, pastGroup{f, g, p.rows})
		p.rows += int(f.GroupRows(g))
	}
	return nil
}

// maxRows is the most rows of a night whose rows can be numbered here.
const maxRows = 1<<31 - 1

// isDuplicate reports whether a row was merged into another of the same domain:
// the grade of a domain is that of the row that survived.
func isDuplicate(why *datasets.Column, i int) bool {
	code := why.Codes[i]
	return code >= 0 && why.Dictionary[code] == string(datasets.DuplicateOf)
}

// Version returns the model version that graded a folder grades/as_of=D.
func Version(folder string) (string, error) {
	parts, err := Parts(folder)
	if err != nil {
		return "", err
	}
	f, err := parquetfile.OpenFile(parts[0])
	if err != nil {
		return "", fmt.Errorf("grades: %w", err)
	}
	version, ok := f.Metadata(keyVersion)
	if err := f.Close(); err != nil {
		return "", fmt.Errorf("grades: %w", err)
	}
	if !ok {
		return "", fmt.Errorf("grades: %s names no model; run `icpfit predict` again", parts[0])
	}
	return version, nil
}
