package pipeline

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model/registry"
)

// The codes of a UsageError.
const (
	BadUsage = "usage"     // a wrong argument or setting
	NotFound = "not_found" // an artifact or account that is not there
	Damaged  = "damaged"   // a file that icpfit wrote and that is not whole, or is of a newer format
)

// A UsageError is something the caller can put right: an argument, a setting, a
// file of the project. Commands that meet it end with exit code 2.
type UsageError struct{ Code, Msg string }

func (e *UsageError) Error() string { return e.Msg }

func usagef(format string, args ...any) error {
	return &UsageError{BadUsage, fmt.Sprintf(format, args...)}
}

func notFoundf(format string, args ...any) error {
	return &UsageError{NotFound, fmt.Sprintf(format, args...)}
}

func damagedf(format string, args ...any) error {
	return &UsageError{Damaged, fmt.Sprintf(format, args...)}
}

// The codes of a RefusalError.
const (
	ColumnGone = "column_gone" // the model uses a column that is not there any more
	Skew       = "skew"        // a feature is made in another way than the model was trained on

	NotExportable = "not_exportable" // the model cannot be written in the form asked for
)

// A RefusalError is a gate other than that on the number of customers. Commands
// that meet it end with exit code 3.
type RefusalError struct {
	Code, Msg string
	Features  []string // of the model that cannot be read, of ColumnGone and Skew
}

func (e *RefusalError) Error() string { return e.Msg }

// repairable makes an error about the models folder a UsageError, unless it is
// one that callers look for, or one of the file system that is not of a file.
func repairable(err error) error {
	var known *UsageError
	var file *fs.PathError
	if err == nil || errors.Is(err, registry.ErrNoChampion) || errors.As(err, &known) || errors.As(err, &file) {
		return err
	}
	return &UsageError{Damaged, err.Error()}
}

// gone makes the lack of a column that the champion uses a refusal: it was
// there when the model was trained. Any other lack is a fault of icpfit.yaml.
func (r *Run) gone(err error) error {
	var missing *features.ColumnError
	accounts, failed := r.Project.Accounts()
	if failed != nil || !errors.As(err, &missing) || missing.Source != accounts.Name() {
		return err
	}
	version, failed := r.Champion()
	if failed != nil {
		return err // nothing uses the column yet
	}
	m, failed := r.Model(version)
	if failed != nil {
		return err
	}
	var used []features.Spec
	for _, s := range m.Specs {
		if slices.ContainsFunc(missing.Missing, func(c features.MissingColumn) bool { return c.Column == s.Column }) {
			used = append(used, s)
		}
	}
	if len(used) == 0 {
		return err
	}
	out := &RefusalError{Code: ColumnGone, Msg: fmt.Sprintf("%v; the champion %s uses %q, so nothing is graded without it: restore the column, or train without it", err, version, used[0].Column)}
	for _, s := range used {
		out.Features = append(out.Features, s.Name)
	}
	return out
}
