package main

import (
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/icpfit/icpfit/internal/pipeline"
)

func demoCommand() *cli.Command {
	return command(&cli.Command{
		Name:      "demo",
		Usage:     "try icpfit: make a base with a known truth and run the whole chain on it",
		ArgsUsage: "FOLDER",
		Description: "Generates accounts as messy as a CRM's, their best customers and what happened with them (deals, campaigns,\n" +
			"touches …), then runs init, features, train, predict and report in FOLDER. Nothing leaves the machine.\n\nExample:\n   icpfit demo /tmp/icpfit-demo",
		Flags: []cli.Flag{
			&cli.IntFlag{Name: "accounts", Usage: "`NUMBER` of accounts, from 2000; a fiftieth of them, at least 250, are customers", Value: 30_000},
			&cli.StringFlag{Name: "as-of", Usage: "`DATE` of the base, such as 2026-01-31", DefaultText: "today"},
			&cli.StringFlag{Name: "debts", Usage: "`FAULTS` to plant for icpfit audit to find: all, or some of " + strings.Join(pipeline.Debts(), ", "), DefaultText: "none"},
			langFlag(),
		},
		Action: func(c *cli.Context) error {
			if c.NArg() != 1 {
				return usagef("demo: %d folders given; want one, as in `icpfit demo /tmp/icpfit-demo`", c.NArg())
			}
			out, err := pipeline.Demo(c.Context, pipeline.DemoOptions{Debts: c.String("debts"), Folder: c.Args().First(), Accounts: c.Int("accounts"), AsOf: c.String("as-of"), Lang: c.String("lang"), Progress: progress(c), Log: logOf(c.App), Author: author()})
			if err != nil {
				return err
			}
			say(c, "%d accounts and their customers in %s\n", out.Accounts, out.Folder)
			printFeatures(c, out.Features)
			printTrain(c, out.Train)
			printPredict(c, out.Predict)
			say(c, "\n%s\n\nreport: %s\nnext:   icpfit --dir %s explain %s\n", out.Report.Headline, out.HTML, out.Folder, out.Example)
			return result(c, map[string]any{"folder": out.Folder, "report": out.HTML, "version": out.Train.Version, "metrics": out.Train.Metrics, "grades": out.Predict.Grades})
		},
	})
}
