package project

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"regexp"
	"strings"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/postgres"
)

// Settings files are shared and kept under version control, so no key takes a
// secret: it takes a reference to one, by the name of an environment variable or
// the path of a file, which is relative to the project folder.
const (
	fromEnv  = "env:"
	fromFile = "file:"
)

// patterns are what values look like, by key; the JSON Schema prints them.
var patterns = map[string]string{"accounts.postgres": reference, "customers.postgres": reference}

const reference = `^(env:[A-Za-z_][A-Za-z0-9_]*|file:.+)$`

var isReference = regexp.MustCompile(reference)

// database checks the keys of a section that may name a query instead of a file.
func (v *validator) database(section, path, where, query string) {
	switch {
	case path != "" && (where != "" || query != ""):
		v.add(section+".path", "%s come from a query already; keep path:, or postgres: and query:", section)
	case where == "" && query != "":
		v.add(section+".postgres", "is missing; say where the address of the database is, as in env:DATABASE_URL")
	case where != "" && strings.TrimSpace(query) == "":
		v.add(section+".query", "is missing; write the query whose rows are the %s, as in select domain, employees from companies", section)
	}
	if where != "" && !isReference.MatchString(where) {
		v.faults = append(v.faults, Fault{Path: section + ".postgres", hidden: true, Msg: "is no reference; want env:NAME (an environment variable) or file:PATH (a file) that holds the database's address, which is a secret"})
	}
}

// database returns the query of a section as a source that carries the name of
// its key, such as accounts.query. What is wrong with the reference or the
// address is a *ConfigError that repeats no more than the reference.
func (p *Project) database(section, where, query string) (datasets.Source, error) {
	fail := func(format string, args ...any) error {
		return &ConfigError{Faults: []Fault{{File: FileName, Path: section + ".postgres", Msg: where + " " + fmt.Sprintf(format, args...)}}}
	}
	address, err := p.secret(where)
	if err != nil {
		return nil, fail("%v", err)
	}
	src, err := postgres.New(section+".query", address, query, postgres.DefaultOptions())
	if errors.Is(err, postgres.ErrAddress) {
		return nil, fail("%v", err)
	}
	return src, err
}

// maxSecret is the most bytes of a file that holds a secret.
const maxSecret = 64 << 10

// secret returns what a reference stands for, without a line end behind it. Its
// error goes behind the reference.
func (p *Project) secret(where string) (string, error) {
	if name, ok := strings.CutPrefix(where, fromEnv); ok {
		value, ok := os.LookupEnv(name)
		if !ok || strings.TrimSpace(value) == "" {
			return "", fmt.Errorf("is not set in the environment; export %s", name)
		}
		return value, nil
	}
	f, err := os.Open(p.Path(strings.TrimPrefix(where, fromFile)))
	if err != nil {
		return "", fmt.Errorf("cannot be read: %w", bare(err))
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxSecret+1))
	switch {
	case err != nil:
		return "", fmt.Errorf("cannot be read: %w", bare(err))
	case len(text) > maxSecret:
		return "", fmt.Errorf("has more than %d KiB; want a file that holds one address", maxSecret>>10)
	case strings.TrimSpace(string(text)) == "":
		return "", errors.New("is empty; want a file that holds one address")
	}
	return strings.TrimRight(string(text), "\r\n"), nil
}

// bare strips the path from an error about a file that is named beside it.
func bare(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err
	}
	return err
}
