package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/icpfit/icpfit/datasets/anyfile"
	"github.com/icpfit/icpfit/features/infer"
	"github.com/icpfit/icpfit/internal/artifact"
	"github.com/icpfit/icpfit/internal/project"
)

// InitOptions say what Init looks at.
type InitOptions struct {
	Dir             string
	Accounts        string // path, as seen from the working directory
	Customers       string
	AccountsDomain  string // the column that names the company; "" to look for it
	CustomersDomain string
	Force           bool // replace an icpfit.yaml

	Tables []project.Table // optional ones, as seen from the project folder
	Grid   string          // the section of a written grid; "": none
}

// Init looks at the inputs and writes a commented icpfit.yaml.
func Init(ctx context.Context, o InitOptions) (*infer.Result, error) {
	target := filepath.Join(o.Dir, project.FileName)
	if _, err := os.Stat(target); err == nil && !o.Force {
		return nil, usagef("init: %s exists already; edit it, or replace it with --force", target)
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("init: %w", err)
	}
	source, err := anyfile.Open(o.Accounts)
	if err != nil {
		return nil, fmt.Errorf("init: --accounts: %w", err)
	}
	options := infer.DefaultOptions()
	options.Domain = o.AccountsDomain
	result, err := infer.Accounts(ctx, source, options)
	if err != nil {
		return nil, err
	}
	if len(result.Specs) == 0 {
		return nil, usagef("init: %s: no column can be a feature%s; give a file with columns that describe companies", o.Accounts, leftOut(result))
	}
	source, err = anyfile.Open(o.Customers)
	if err != nil {
		return nil, fmt.Errorf("init: --customers: %w", err)
	}
	list, err := infer.Customers(ctx, source, o.CustomersDomain)
	if err != nil {
		return nil, err
	}
	files := project.Files{Accounts: within(o.Dir, o.Accounts), Customers: within(o.Dir, o.Customers), Tables: o.Tables, Grid: o.Grid}
	return result, artifact.WriteFile(target, project.WriteYAML(result, list, files))
}

// leftOut names the first columns that are no features, and why.
func leftOut(r *infer.Result) string {
	const most = 5
	var texts []string
	for _, c := range r.LeftOut[:min(most, len(r.LeftOut))] {
		texts = append(texts, fmt.Sprintf("%q: %s", c.Column, c.Reason))
	}
	switch {
	case len(texts) == 0:
		return ": it has none beside the domain"
	case len(r.LeftOut) > most:
		texts = append(texts, "…")
	}
	return " (" + strings.Join(texts, ", ") + ")"
}

// within writes a path as seen from the project folder, where settings are read.
// A path that was given whole stays so, unless it leads into the project: a
// project can be moved with the files in it.
func within(dir, path string) string {
	base, err1 := filepath.Abs(dir)
	full, err2 := filepath.Abs(path)
	relative, err := filepath.Rel(base, full)
	if err = errors.Join(err1, err2, err); err != nil {
		return path
	}
	if filepath.IsAbs(path) && !filepath.IsLocal(relative) {
		return path
	}
	return relative
}
