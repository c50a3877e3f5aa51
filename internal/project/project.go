package project

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/anyfile"
)

// A Project is a folder with an icpfit.yaml that has been read and validated.
type Project struct {
	Dir    string
	Config Config
}

// Load reads dir/icpfit.yaml. Every fault of the file is a *ConfigError; a
// folder without the file is an error wrapping fs.ErrNotExist.
func Load(dir string) (*Project, error) {
	cfg := DefaultConfig()
	main, err := readYAML(dir, FileName)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read config: %w; run icpfit init, or name the project folder with --dir", err)
	}
	if err != nil {
		return nil, err
	}
	// The main file is decoded on its own first, for its faults and its include.
	own := cfg
	if err := main.decode(&own); err != nil {
		return nil, err
	}
	shared, err := main.include(dir, own.Include, &cfg)
	if err != nil {
		return nil, err
	}
	if err := main.decode(&cfg); err != nil {
		return nil, err
	}
	faults := cfg.faults()
	main.place(faults)
	if shared != nil {
		shared.place(faults)
	}
	for i := range faults {
		if faults[i].File == "" {
			faults[i].File = FileName
		}
	}
	if err := faultError(faults); err != nil {
		return nil, err
	}
	return &Project{Dir: dir, Config: cfg}, nil
}

// include decodes the file that main names into cfg, before main itself: its
// keys are defaults, lists are taken whole. Paths in it are relative to it. It
// returns nil if main includes nothing.
func (d *document) include(dir, path string, cfg *Config) (*document, error) {
	if path == "" {
		return nil, nil
	}
	shared, err := readYAML(dir, path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &ConfigError{Faults: []Fault{d.fault(d.values["include"], "include", fmt.Sprintf("no file %q; give a path relative to the project folder", path))}}
	}
	if err != nil {
		return nil, err
	}
	if err := shared.decode(cfg); err != nil {
		return nil, err
	}
	if cfg.Include != "" {
		return nil, &ConfigError{Faults: []Fault{shared.fault(shared.values["include"], "include", "an included file cannot include another; name it in "+FileName)}}
	}
	paths := []*string{&cfg.Accounts.Path, &cfg.Customers.Path, &cfg.Metrics.Textfile, &cfg.Lineage.File}
	if cfg.Overrides != nil {
		paths = append(paths, &cfg.Overrides.Path)
	}
	for _, d := range []*DivisionConfig{cfg.Segments.Marketing, cfg.Segments.Sales} {
		if d != nil {
			paths = append(paths, &d.Path)
		}
	}
	references := []*string{&cfg.Accounts.Postgres, &cfg.Customers.Postgres}
	for _, t := range cfg.Tables.Named() {
		paths, references = append(paths, &t.Path), append(references, &t.Postgres)
	}
	for _, p := range paths {
		*p = besides(path, *p)
	}
	for _, p := range references {
		if file, ok := strings.CutPrefix(*p, fromFile); ok {
			*p = fromFile + besides(path, file)
		}
	}
	return shared, nil
}

// besides returns a path that is relative to the included file as one that is
// relative to the project folder.
func besides(included, path string) string {
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(filepath.Dir(included), path)
}

// readYAML parses the file at path, relative to dir. Errors call it path.
func readYAML(dir, path string) (*document, error) {
	full := path
	if !filepath.IsAbs(path) {
		full = filepath.Join(dir, path)
	}
	f, err := os.Open(full)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read config: %w", err)
	}
	return parseYAML(path, text)
}

// Path returns a path of the settings file as seen from the working directory.
func (p *Project) Path(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(p.Dir, path)
}

// Accounts opens the file of accounts, or names the query.
func (p *Project) Accounts() (datasets.Source, error) {
	if a := p.Config.Accounts; a.Postgres != "" {
		return p.database("accounts", a.Postgres, a.Query)
	}
	return anyfile.Open(p.Path(p.Config.Accounts.Path))
}

// Customers opens the file of customers, or names the query, or returns nil
// where customers are a condition on the accounts.
func (p *Project) Customers() (datasets.Source, error) {
	if c := p.Config.Customers; c.Postgres != "" {
		return p.database("customers", c.Postgres, c.Query)
	}
	if p.Config.Customers.Path == "" {
		return nil, nil
	}
	return anyfile.Open(p.Path(p.Config.Customers.Path))
}

// Division opens somebody's own segments, and returns their column of domains.
func (p *Project) Division(d *DivisionConfig) (src datasets.Source, domain string, err error) {
	domain = d.Domain
	if domain == "" {
		domain = p.Config.Accounts.Domain
	}
	if d.Path == "" {
		src, err = p.Accounts()
		return src, domain, err
	}
	src, err = anyfile.Open(p.Path(d.Path))
	return src, domain, err
}

// Features returns the folder of a feature table at a date, 2006-01-02. table
// is accounts or customers.
func (p *Project) Features(table, asOf string) string {
	return p.dated(filepath.Join("features", table), asOf)
}

// Models returns the folder of the model versions.
func (p *Project) Models() string { return filepath.Join(p.Dir, "models") }

// Grades returns the folder of the grades at a date, 2006-01-02.
func (p *Project) Grades(asOf string) string { return p.dated("grades", asOf) }

// Changes returns the folder of what changed at a date, 2006-01-02.
func (p *Project) Changes(asOf string) string { return p.dated("changes", asOf) }

// Segments returns the folder of the segments at a date, 2006-01-02.
func (p *Project) Segments(asOf string) string { return p.dated("segments", asOf) }

// Reports returns the folder of the report at a date, 2006-01-02.
func (p *Project) Reports(asOf string) string { return p.dated("reports", asOf) }

// Audits returns the folder of the audit at a date, 2006-01-02.
func (p *Project) Audits(asOf string) string { return p.dated("audits", asOf) }

func (p *Project) dated(folder, asOf string) string {
	return filepath.Join(p.Dir, folder, "as_of="+asOf)
}
