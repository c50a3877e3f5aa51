package main

import (
	"fmt"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/icpfit/icpfit/model/registry"
)

func modelsCommand() *cli.Command {
	return command(&cli.Command{
		Name:  "models",
		Usage: "list, show and promote model versions",
		Subcommands: []*cli.Command{
			command(&cli.Command{Name: "list", Usage: "list the versions, oldest first", Description: "Example:\n   icpfit models list", Action: listModels}),
			command(&cli.Command{Name: "show", Usage: "show how a version was measured", ArgsUsage: "[VERSION]", Description: "Without a version: the champion.\n\nExample:\n   icpfit models show", Action: showModel}),
			command(&cli.Command{
				Name: "promote", Usage: "make a version the champion", ArgsUsage: "VERSION",
				Description: "The promotion is logged with author and reason.\n\nExample:\n   icpfit models promote 2026-01-31-0a1b2c3d --reason \"better capture\"",
				Flags:       []cli.Flag{&cli.StringFlag{Name: "reason", Usage: "why, for the log", Required: true}},
				Action:      promoteModel,
			}),
		},
		Action: needSubcommand,
	})
}

func listModels(c *cli.Context) error {
	r, err := open(c)
	if err != nil {
		return err
	}
	versions, err := r.Registry().Versions()
	if err != nil {
		return err
	}
	if len(versions) == 0 {
		return fmt.Errorf("models: %w", registry.ErrNoChampion)
	}
	champion, err := r.Registry().Champion()
	if err != nil {
		return err
	}
	type entry struct {
		Version  string `json:"version"`
		Champion bool   `json:"champion"`
		Learner  string `json:"learner"`
		Verdict  string `json:"verdict"`
	}
	var entries []entry
	rows := [][]string{{"version", "learner", "verdict", "AUC", ""}}
	for _, v := range versions {
		e, err := r.Evaluation(v)
		if err != nil {
			return err
		}
		mark := ""
		if v == champion {
			mark = "champion"
		}
		entries = append(entries, entry{v, v == champion, e.Learner, e.Verdict})
		rows = append(rows, []string{v, e.Learner, e.Verdict, fmt.Sprintf("%.3f", e.Metrics["auc"].Value), mark})
	}
	table(c, rows)
	return result(c, map[string]any{"models": entries})
}

func showModel(c *cli.Context) error {
	r, err := open(c)
	if err != nil {
		return err
	}
	version := c.Args().First()
	if version == "" {
		if version, err = r.Registry().Champion(); err != nil {
			return err
		}
	}
	m, err := r.Registry().Model(version)
	if err != nil {
		return err
	}
	e, err := r.Evaluation(version)
	if err != nil {
		return err
	}
	say(c, "%s: %s, %s, trained on %d customers and %d pool accounts as of %s\n\n", version, e.Learner, e.Verdict, e.Customers, e.Pool, m.AsOf)
	printGrades(c, e.Grades, m.Grid == nil)
	say(c, "\n")
	rows := [][]string{{"feature", "mean points"}}
	for i := range m.Terms {
		rows = append(rows, []string{m.Terms[i].Feature, fmt.Sprintf("%.2f", m.Terms[i].Importance())})
	}
	table(c, rows)
	return result(c, e)
}

func promoteModel(c *cli.Context) error {
	if c.NArg() != 1 {
		return usagef("models promote: %d arguments; want one version", c.NArg())
	}
	r, err := open(c)
	if err != nil {
		return err
	}
	before, err := r.Registry().Champion()
	if err != nil {
		return err
	}
	version := c.Args().First()
	entry := registry.Entry{Time: r.Now.UTC().Format(time.RFC3339), Author: author(), Reason: c.String("reason")}
	if err := r.Registry().Promote(version, before, entry); err != nil {
		return err
	}
	say(c, "%s is the champion; it was %s\n", version, before)
	return result(c, map[string]string{"champion": version, "before": before})
}
