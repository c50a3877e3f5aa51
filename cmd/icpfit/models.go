package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/icpfit/icpfit/internal/card"
	"github.com/icpfit/icpfit/internal/page"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/registry"
	"github.com/icpfit/icpfit/model/train"
)

func modelsCommand() *cli.Command {
	return group(&cli.Command{
		Name:        "models",
		Usage:       "list, show, compare, promote and roll back model versions",
		Description: "The champion is the version that predict grades with.\n\nExample:\n   icpfit models list",
		Subcommands: []*cli.Command{
			command(&cli.Command{Name: "list", Usage: "list the versions, oldest first", Description: "Example:\n   icpfit models list", Action: listModels}),
			command(&cli.Command{Name: "show", Usage: "show what a version is worth, and where not to use it", ArgsUsage: "[VERSION]", Description: "Without a version: the champion. A short form of models/VERSION/card.html.\n\nExample:\n   icpfit models show", Action: showModel}),
			compareCommand(),
			command(&cli.Command{
				Name: "promote", Usage: "make a version the champion", ArgsUsage: "VERSION",
				Description: "The promotion is logged with author and reason.\n\nExample:\n   icpfit models promote 2026-01-31-0a1b2c3d --reason \"better capture\"",
				Flags:       []cli.Flag{&cli.StringFlag{Name: "reason", Usage: "`TEXT` for the log: why (required)"}},
				Action:      writing(promoteModel),
			}),
			command(&cli.Command{
				Name: "rollback", Usage: "make the champion before this one the champion again",
				Description: "Logged like any promotion. A second rollback takes the first one back.\n\nExample:\n   icpfit models rollback --reason \"too many A\"",
				Flags:       []cli.Flag{&cli.StringFlag{Name: "reason", Usage: "`TEXT` for the log: why (required)"}},
				Action:      writing(rollbackModel),
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
	k, err := r.Card(version)
	if err != nil {
		return err
	}
	promotions, err := r.Promotions(version)
	if err != nil {
		return err
	}
	if e.Origin != nil {
		say(c, "%s: imported, %s: %d trees of %s, graded as of %s\n", version, e.Verdict, e.Origin.Trees, e.Origin.File, m.AsOf)
	} else {
		say(c, "%s: %s, %s, trained on %d customers and %d pool accounts as of %s\n", version, e.Learner, e.Verdict, e.Customers, e.Pool, m.AsOf)
	}
	if k != nil {
		say(c, "%s\n", k.Headline)
	}
	say(c, "\n")
	printGrades(c, e.Grades, e.GradeNotes, m.Grid == nil)
	say(c, "\n")
	printImportance(c, m, e)
	if k != nil {
		printCard(c, k)
	}
	for _, p := range promotions {
		say(c, "promoted on %s by %s: %s\n", p.Time, p.Author, p.Reason)
	}
	if k != nil {
		say(c, "the whole card: %s\n", filepath.Join(r.ModelFolder(version), "card.html"))
	}
	return result(c, struct {
		*train.Evaluation
		Card       *card.Card       `json:"card"` // null: trained before there were cards
		Promotions []registry.Entry `json:"promotions"`
	}{e, k, promotions})
}

// printImportance prints what drives a model, the strongest first.
func printImportance(c *cli.Context, m *model.Model, e *train.Evaluation) {
	rows := [][]string{{"feature", "mean points", "share of gain", "capture@10 % lost when shuffled (95 %)"}}
	for _, k := range page.ByStrength(m, page.Importances(m)) {
		row := []string{m.Terms[k].Feature, fmt.Sprintf("%.2f", m.Terms[k].Importance())}
		if k < len(e.Importance) && e.Importance[k].CaptureDrop != nil {
			i, d := &e.Importance[k], e.Importance[k].CaptureDrop
			row = append(row, fmt.Sprintf("%.1f %%", 100**i.GainShare), fmt.Sprintf("%.1f %% (%.1f to %.1f)", 100*d.Value, 100*d.Low, 100*d.High))
		}
		rows = append(rows, row)
	}
	table(c, rows)
}

// printCard prints of a card what must be known before its grades are used.
func printCard(c *cli.Context, k *card.Card) {
	if k.Temporal != nil {
		say(c, "\n%s\n", k.Temporal.Means)
	}
	if k.Curve != nil {
		say(c, "\nwould more customers help? %s\n", k.Curve.Answer)
	}
	say(c, "\nnot for:\n")
	for _, text := range k.Use.NotFor {
		say(c, "  - %s\n", text)
	}
	say(c, "limits:\n")
	for _, text := range k.Limits {
		say(c, "  - %s\n", text)
	}
	for _, w := range k.Warnings {
		say(c, "warning: %s: %s\n", w.Code, w.Message)
	}
	say(c, "review due on %s, overdue after %s\n", k.Identity.ReviewOn, k.Identity.ExpiresOn)
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
		say(c, "who changes grade by it: icpfit models compare %s %s\n", before, version)
	}
	return result(c, map[string]string{"champion": version, "before": before})
}

func rollbackModel(c *cli.Context) error {
	if strings.TrimSpace(c.String("reason")) == "" {
		return inCommand(c, "no --reason; say why, for the log")
	}
	r, err := open(c)
	if err != nil {
		return err
	}
	version, before, err := r.Rollback(author(), c.String("reason"))
	if err != nil {
		return err
	}
	say(c, "%s is the champion again; it was %s; next: icpfit predict\n", version, before)
	return result(c, map[string]string{"champion": version, "before": before})
}
