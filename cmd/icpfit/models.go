package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/icpfit/icpfit/model/registry"
)

func modelsCommand() *cli.Command {
	return group(&cli.Command{
		Name:        "models",
		Usage:       "list, show and promote model versions",
		Description: "The champion is the version that predict grades with.\n\nExample:\n   icpfit models list",
		Subcommands: []*cli.Command{
			command(&cli.Command{Name: "list", Usage: "list the versions, oldest first", Description: "Example:\n   icpfit models list", Action: listModels}),
			command(&cli.Command{Name: "show", Usage: "show how a version was measured", ArgsUsage: "[VERSION]", Description: "Without a version: the champion.\n\nExample:\n   icpfit models show", Action: showModel}),
			command(&cli.Command{
				Name: "promote", Usage: "make a version the champion", ArgsUsage: "VERSION",
				Description: "The promotion is logged with author and reason.\n\nExample:\n   icpfit models promote 2026-01-31-0a1b2c3d --reason \"better capture\"",
				Flags:       []cli.Flag{&cli.StringFlag{Name: "reason", Usage: "`TEXT` for the log: why (required)"}},
				Action:      promoteModel,
			}),
			importCommand(),
		},
	})
}

func listModels(c *cli.Context) error {
	r, err := open(c)
	if err != nil {
		return err
	}
	versions, err := r.Versions()
	if err != nil {
		return err
	}
	if len(versions) == 0 {
		return fmt.Errorf("models: %w", registry.ErrNoChampion)
	}
	champion, err := r.Champion()
	if err != nil && !errors.Is(err, registry.ErrNoChampion) {
		return err
	}
	type entry struct {
		Version  string `json:"version"`
		Champion bool   `json:"champion"`
		Learner  string `json:"learner"`
		Verdict  string `json:"verdict"`
		Problem  string `json:"problem,omitempty"`
	}
	var entries []entry
	rows := [][]string{{"version", "learner", "verdict", "AUC", ""}}
	for _, v := range versions {
		mark := ""
		if v == champion {
			mark = "champion"
		}
		e, err := r.Evaluation(v)
		if err != nil { // one bad version must not hide the others
			entries = append(entries, entry{Version: v, Champion: v == champion, Problem: err.Error()})
			rows = append(rows, []string{v, "", "damaged", "", mark})
			fmt.Fprintf(c.App.ErrWriter, "icpfit: warning: %s\n", clean(err.Error()))
			continue
		}
		auc := "not measured"
		if m, ok := e.Metrics["auc"]; ok {
			auc = fmt.Sprintf("%.3f", m.Value)
			if e.Origin != nil {
				auc += " on its holdout"
			}
		}
		entries = append(entries, entry{v, v == champion, e.Learner, e.Verdict, ""})
		rows = append(rows, []string{v, e.Learner, e.Verdict, auc, mark})
	}
	table(c, rows)
	return result(c, map[string]any{"models": entries})
}

func showModel(c *cli.Context) error {
	if c.NArg() > 1 {
		return inCommand(c, "%d versions given; want one, or none for the champion", c.NArg())
	}
	r, err := open(c)
	if err != nil {
		return err
	}
	version := c.Args().First()
	if version == "" {
		if version, err = r.Champion(); err != nil {
			return err
		}
	}
	m, err := r.Model(version)
	if err != nil {
		return err
	}
	e, err := r.Evaluation(version)
	if err != nil {
		return err
	}
	if e.Origin != nil {
		say(c, "%s: imported, %s: %d trees of %s, graded as of %s\n", version, e.Verdict, e.Origin.Trees, e.Origin.File, m.AsOf)
		for _, w := range e.Warnings {
			say(c, "warning: %s: %s\n", w.Code, w.Message)
		}
		say(c, "\n")
	} else {
		say(c, "%s: %s, %s, trained on %d customers and %d pool accounts as of %s\n\n", version, e.Learner, e.Verdict, e.Customers, e.Pool, m.AsOf)
	}
	printGrades(c, e.Grades, e.GradeNotes, m.Grid == nil)
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
		return inCommand(c, "%d versions given; want one, which `icpfit models list` shows", c.NArg())
	}
	if strings.TrimSpace(c.String("reason")) == "" {
		return inCommand(c, "no --reason; say why, for the log")
	}
	r, err := open(c)
	if err != nil {
		return err
	}
	version := c.Args().First()
	before, err := r.Promote(version, author(), c.String("reason"))
	if err != nil {
		return err
	}
	switch before {
	case version:
		say(c, "%s is the champion already; nothing is changed\n", version)
	case "":
		say(c, "%s is the champion, the first; next: icpfit predict\n", version)
	default:
		say(c, "%s is the champion; it was %s; next: icpfit predict\n", version, before)
	}
	return result(c, map[string]string{"champion": version, "before": before})
}
