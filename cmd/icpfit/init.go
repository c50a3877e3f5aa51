package main

import (
	"encoding/json"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/features/infer"
	"github.com/icpfit/icpfit/internal/pipeline"
	"github.com/icpfit/icpfit/internal/project"
)

func initCommand() *cli.Command {
	return command(&cli.Command{
		Name:  "init",
		Usage: "look at the files and write a commented icpfit.yaml",
		Description: "Guesses which columns describe companies and how to read them, and writes icpfit.yaml with every\n" +
			"column left out as a comment with its reason. Edit it: it is yours.\n\n" +
			"Example:\n   icpfit init --accounts accounts.csv --customers customers.csv",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "accounts", Usage: "`FILE` of the account base: CSV, JSON lines or Parquet (required)"},
			&cli.StringFlag{Name: "customers", Usage: "`FILE` of the best customers' domains (required)"},
			&cli.StringFlag{Name: "accounts-domain", Usage: "`COLUMN` of the accounts that holds domain, website or e-mail", DefaultText: "found by its name and values"},
			&cli.StringFlag{Name: "customers-domain", Usage: "`COLUMN` of the customers that holds domain, website or e-mail", DefaultText: "found by its name and values"},
			&cli.BoolFlag{Name: "force", Usage: "replace an icpfit.yaml", DisableDefaultText: true},
		},
		Action: func(c *cli.Context) error {
			for _, name := range []string{"accounts", "customers"} {
				if c.String(name) == "" {
					return usagef("init: no --%s; want both files, as in `icpfit init --accounts accounts.csv --customers customers.csv`", name)
				}
			}
			r, err := pipeline.Init(c.Context, pipeline.InitOptions{
				Dir: dir(c), Accounts: c.String("accounts"), Customers: c.String("customers"),
				AccountsDomain: c.String("accounts-domain"), CustomersDomain: c.String("customers-domain"), Force: c.Bool("force"),
			})
			if err != nil {
				return err
			}
			printInit(c, r)
			return result(c, newInitResult(r, filepath.Join(dir(c), project.FileName)))
		},
	})
}

// An initResult is what `init --json` prints.
type initResult struct {
	File    string          `json:"file"` // written
	Source  string          `json:"source"`
	Rows    int             `json:"rows"` // looked at
	Preset  string          `json:"preset,omitempty"`
	Domain  string          `json:"domain"` // the column
	Specs   []features.Spec `json:"features"`
	LeftOut []leftOut       `json:"left_out"`
}

type leftOut struct {
	Column string `json:"column"`
	Reason string `json:"reason"`
}

func newInitResult(r *infer.Result, file string) initResult {
	out := initResult{file, r.Source, r.Rows, r.Preset, r.Domain, r.Specs, []leftOut{}}
	for _, l := range r.LeftOut {
		out.LeftOut = append(out.LeftOut, leftOut{l.Column, l.Reason})
	}
	return out
}

func printInit(c *cli.Context, r *infer.Result) {
	if r.Preset != "" {
		say(c, "recognised as %s\n", r.Preset)
	}
	say(c, "%s: %d rows looked at, domain in column %q\n\n", r.Source, r.Rows, r.Domain)
	rows := [][]string{{"feature", "kind", "parser", "pillar", "column"}}
	for _, s := range r.Specs {
		rows = append(rows, []string{s.Name, string(s.Kind), s.Parser, string(s.Pillar), s.Column})
	}
	table(c, rows)
	if len(r.LeftOut) > 0 {
		say(c, "\nleft out:\n")
		rows = nil
		for _, l := range r.LeftOut {
			rows = append(rows, []string{l.Column, l.Reason})
		}
		table(c, rows)
	}
	say(c, "\nwrote %s; next: icpfit check\n", filepath.Join(dir(c), project.FileName))
}

func configCommand() *cli.Command {
	return group(&cli.Command{
		Name:        "config",
		Usage:       "check icpfit.yaml, or print its JSON Schema",
		Description: "Example:\n   icpfit config check",
		Subcommands: []*cli.Command{
			command(&cli.Command{
				Name: "check", Usage: "read icpfit.yaml strictly and report every fault with its line",
				Description: "Example:\n   icpfit config check",
				Action: func(c *cli.Context) error {
					p, err := project.Load(dir(c))
					if err != nil {
						return err
					}
					say(c, "%s is valid: %d features, learner %s\n", filepath.Join(dir(c), project.FileName), len(p.Config.Features), p.Config.Model.Learner)
					return result(c, map[string]any{"valid": true, "features": len(p.Config.Features)})
				},
			}),
			command(&cli.Command{
				Name: "schema", Usage: "print the JSON Schema of icpfit.yaml, for editors",
				Description: "Example:\n   icpfit config schema > icpfit.schema.json",
				Action: func(c *cli.Context) error {
					if isSet(c, "json") { // it is JSON anyway
						return result(c, json.RawMessage(project.Schema()))
					}
					return script(c, string(project.Schema())+"\n")
				},
			}),
		},
	})
}
