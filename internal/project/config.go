// Package project reads a project folder: icpfit.yaml, what it may say, and
// where the files of each step live.
//
//	icpfit.yaml                        what to read, what to learn, how to grade
//	features/{accounts,customers}/     feature tables, one folder a date
//	models/                            model versions, champion, promotion log
//	grades/  changes/                  one folder a date
//	segments/  reports/  audits/       one folder a date
//
// Decoding is strict and happens in this order: size and nesting limits, YAML
// syntax, every key and type against Config, values against their limits. Each
// stage reports all its faults at once, with line, column and the line itself.
// Anchors, aliases, tags and merge keys are refused: a settings file needs none
// of them, and they are how a small file becomes a large one. What several
// projects share goes into a file named by `include:`.
package project

import "github.com/icpfit/icpfit/features"

// FileName is the name of the settings file in a project folder.
const FileName = "icpfit.yaml"

// A Config is the content of icpfit.yaml. Start from DefaultConfig: a zero is a
// zero, not a default. Validate says which values each key takes.
type Config struct {
	Version   int             `yaml:"version"`
	Name      string          `yaml:"name"`
	Include   string          `yaml:"include,omitempty"`
	AsOf      string          `yaml:"as_of,omitempty"`
	Accounts  AccountsConfig  `yaml:"accounts"`
	Customers CustomersConfig `yaml:"customers"`
	Features  []features.Spec `yaml:"features"`
	Grid      *GridConfig     `yaml:"grid,omitempty"`
	Model     ModelConfig     `yaml:"model"`
	Grades    GradesConfig    `yaml:"grades"`

	Overrides   *OverridesConfig  `yaml:"overrides,omitempty"`
	Exploration ExplorationConfig `yaml:"exploration"`
	Tables      TablesConfig      `yaml:"tables,omitempty" json:"-"`  // not how a night is graded, but what came of it
	Segments    SegmentsConfig    `yaml:"segments" json:"-"`          // not how a night is graded, but how its accounts are divided
	Audit       AuditConfig       `yaml:"audit" json:"-"`             // not how a night is graded, but what it stands on
	Gates       GatesConfig       `yaml:"gates" json:"-"`             // not how a night is graded, but whether it may be
	Metrics     MetricsConfig     `yaml:"metrics,omitempty" json:"-"` // not what is made, but who is told of it
	Lineage     LineageConfig     `yaml:"lineage,omitempty" json:"-"`
}

// MetricsConfig says where the figures of each step go.
type MetricsConfig struct {
	Textfile string `yaml:"textfile,omitempty"` // for Prometheus's node exporter; "": none
}

// LineageConfig says where the events of each step go.
type LineageConfig struct {
	File string `yaml:"file,omitempty"` // OpenLineage, one event a line; "": none
}

// AccountsConfig says where the account base is, and which of its columns
// describe the row rather than the company. Only Domain is needed beside the
// place: a file, or a query of a PostgreSQL database. Postgres does not hold the
// database's address, which is a secret, but says where it is: env:NAME or
// file:PATH.
type AccountsConfig struct {
	Path     string `yaml:"path,omitempty"`
	Postgres string `yaml:"postgres,omitempty" json:",omitempty"`
	Query    string `yaml:"query,omitempty" json:",omitempty"`
	Domain   string `yaml:"domain"`
	ID       string `yaml:"id,omitempty"`
	Name     string `yaml:"name,omitempty"`
	Modified string `yaml:"modified,omitempty"`
	Parent   string `yaml:"parent,omitempty"`
}

// CustomersConfig says which accounts are customers: a file of domains, a query
// of a PostgreSQL database, or a condition on the columns of the accounts. With
// Where, the other keys name columns of the accounts.
type CustomersConfig struct {
	Path     string `yaml:"path,omitempty"`
	Postgres string `yaml:"postgres,omitempty" json:",omitempty"` // as in AccountsConfig
	Query    string `yaml:"query,omitempty" json:",omitempty"`
	Where    string `yaml:"where,omitempty"`
	Domain   string `yaml:"domain,omitempty"`
	Class    string `yaml:"class,omitempty"`
	WonAt    string `yaml:"won_at,omitempty"`
	Weight   string `yaml:"weight,omitempty"`
	Lag      int    `yaml:"lag_days"` // days before won_at of which nothing is used, ≥ 0
}

// ModelConfig says what train makes.
type ModelConfig struct {
	Learner   string   `yaml:"learner"`
	Prefer    string   `yaml:"prefer"`
	Missing   string   `yaml:"missing"`
	Group     string   `yaml:"group,omitempty"` // a feature within whose values accounts are ranked; it is not learned from
	Seed      uint64   `yaml:"seed"`
	TestFrom  string   `yaml:"test_from,omitempty"`  // date: customers won since are tested by time; "": the program's choice
	PoolShare *float64 `yaml:"pool_share,omitempty"` // share of the pool that fits, in (0, 1); nil: not stated, and no probability is shown
}

// GradesConfig says how margins become grades.
//
// Cuts hold one number between each grade and the next, best first. For lift
// and score they are the least lift or points of a grade and fall; for quantile
// and capture the cumulative share, in (0, 1), of the base or of the held-out
// customers, and rise; for capacity the cumulative number of accounts, and
// rise. No cuts means the method's own. Tiers nil means A, B: 1; C, D: 2; E, F: 3.
type GradesConfig struct {
	Scale      string         `yaml:"scale"`
	Method     string         `yaml:"method"`
	On         string         `yaml:"on"`
	Hysteresis float64        `yaml:"hysteresis"` // points a margin must pass a cut by, ≥ 0; 0 switches it off
	Cuts       []float64      `yaml:"cuts,omitempty"`
	Tiers      map[string]int `yaml:"tiers,omitempty"`
}

// OverridesConfig says where the decisions by hand are: a file that people keep
// under version control, one account a line, with the columns domain, grade (or
// exclude), author, reason, expires.
type OverridesConfig struct {
	Path string `yaml:"path"`
}

// ExplorationConfig offers a small random share of the low-graded accounts to
// sales: the next training would else learn from its own choices only.
type ExplorationConfig struct {
	Share float64 `yaml:"share"` // of the accounts below the two best grades, in [0, 0.5]; 0: none
	Seed  uint64  `yaml:"seed"`  // another seed, other accounts
}

// SegmentsConfig says into what segments the scored accounts are divided: into as
// many as are found again, unless K says how many; or by Rules.
type SegmentsConfig struct {
	Features []string     `yaml:"features,omitempty"` // by which accounts are told apart; nil: those of fit that are a number, category, set or flag
	K        int          `yaml:"k,omitempty"`        // 2 to 50; 0: as many as are found again
	Minimum  float64      `yaml:"minimum"`            // least share of the accounts in a segment, where their number is looked for, in [0, 0.5)
	Seed     uint64       `yaml:"seed"`
	Rules    []RuleConfig `yaml:"rules,omitempty"`

	Marketing *DivisionConfig `yaml:"marketing,omitempty"` // marketing's own segments, to be held against Sales
	Sales     *DivisionConfig `yaml:"sales,omitempty"`
}

// RuleConfig is a segment written by people.
type RuleConfig struct {
	Name  string `yaml:"name"`
	Where string `yaml:"where"` // a condition on the features and customer
}

// DivisionConfig says where somebody's own segments are: a file with a column of
// domains and one of segments. No path means the accounts themselves.
type DivisionConfig struct {
	Path    string `yaml:"path,omitempty"`
	Domain  string `yaml:"domain,omitempty"` // of the file; "": the accounts' own
	Segment string `yaml:"segment"`
}

// GatesConfig says when a night's grades are held back: the base then differs
// from that of the night before by more than bases do, or is stale, or the model
// is. The report is written nevertheless.
type GatesConfig struct {
	BaseShrunk float64 `yaml:"base_shrunk"`      // share of its accounts that the base may lose, in (0, 1]; 1: all
	Coverage   float64 `yaml:"coverage"`         // share of its known values that a feature of the model may lose, in (0, 1]
	NewValues  float64 `yaml:"new_values"`       // share of the known values of a feature that the model does not know, over that of the night before, in (0, 1]
	InputAge   int     `yaml:"input_age_days"`   // of the file of accounts, from its last change to the night, 1 to 3650
	ModelAge   int     `yaml:"model_age_months"` // from the date of what the model learned to the night, 1 to 120
}

// DefaultConfig returns the settings that hold where icpfit.yaml says nothing.
// Version, accounts, customers and features have no default.
func DefaultConfig() Config {
	return Config{
		Name:      "main",
		Customers: CustomersConfig{Lag: 30}, // a CRM is often filled in during the last weeks of a deal
		Model:     ModelConfig{Learner: "auto", Prefer: "accuracy", Missing: "neutral", Seed: 1},
		Grades:    GradesConfig{Scale: "A-F", Method: "lift", On: "fit", Hysteresis: 1},

		Exploration: ExplorationConfig{Seed: 1},
		Segments:    SegmentsConfig{Minimum: 0.02, Seed: 1},
		Audit:       AuditConfig{Limits: DefaultAuditLimits()},
		Gates:       GatesConfig{BaseShrunk: 0.2, Coverage: 0.2, NewValues: 0.1, InputAge: 31, ModelAge: 12},
	}
}

// Scales maps each scale to its grades, best first.
var Scales = map[string][]string{
	"A-F":   {"A", "B", "C", "D", "E", "F"},
	"A-D+F": {"A", "B", "C", "D", "F"},
	"A-D":   {"A", "B", "C", "D"},
}
