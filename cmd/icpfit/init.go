package main

import (
	"fmt"
	"path/filepath"

	"github.com/urfave/cli/v2"

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
			&cli.StringFlag{Name: "accounts", Usage: "`FILE` of the account base: CSV, JSON lines or Parquet", Required: true},
			&cli.StringFlag{Name: "customers", Usage: "`FILE` of the best customers' domains", Required: true},
			&cli.StringFlag{Name: "accounts-domain", Usage: "`COLUMN` of the accounts that holds domain, website or e-mail"},
			&cli.StringFlag{Name: "customers-domain", Usage: "`COLUMN` of the customers that holds domain, website or e-mail"},
			&cli.BoolFlag{Name: "force", Usage: "replace an icpfit.yaml"},
		},
		Action: func(c *cli.Context) error {
			r, err := pipeline.Init(c.Context, pipeline.InitOptions{
				Dir: dir(c), Accounts: c.String("accounts"), Customers: c.String("customers"),
				AccountsDomain: c.String("accounts-domain"), CustomersDomain: c.String("customers-domain"), Force: c.Bool("force"),
			})
			if err != nil {
				return err
			}
			printInit(c, r)
			return result(c, r)
		},
	})
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
	return command(&cli.Command{
		Name:  "config",
		Usage: "check icpfit.yaml, or print its JSON Schema",
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
					_, err := fmt.Fprintf(c.App.Writer, "%s\n", project.Schema())
					return err
				},
			}),
		},
		Action: needSubcommand,
	})
}

func needSubcommand(c *cli.Context) error {
	if c.NArg() > 0 {
		return usagef("%s: no subcommand %q; `icpfit %s --help` lists them", c.Command.Name, c.Args().First(), c.Command.Name)
	}
	return usagef("%s: which subcommand? `icpfit %s --help` lists them", c.Command.Name, c.Command.Name)
}
