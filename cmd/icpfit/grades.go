package main

import (
	"fmt"

	"github.com/urfave/cli/v2"

	"github.com/icpfit/icpfit/internal/pipeline"
	"github.com/icpfit/icpfit/model/evaluate"
)

func gradesCommand() *cli.Command {
	return group(&cli.Command{
		Name:        "grades",
		Usage:       "see what other ways of cutting grades would do",
		Description: "Example:\n   icpfit grades preview",
		Subcommands: []*cli.Command{command(&cli.Command{
			Name: "preview", Usage: "show the consequence of each method of cutting grades; changes nothing",
			Description: "All figures are of accounts scored out of fold.\n\nExample:\n   icpfit grades preview\n   icpfit grades preview --scale all --html grades.html",
			Flags: []cli.Flag{
				&cli.StringFlag{Name: "scale", Usage: "`SCALE`: A-F, A-D+F, A-D or all", DefaultText: "the model's"},
				&cli.StringFlag{Name: "html", Usage: "`FILE` to write the preview to, as one page"},
				&cli.StringFlag{Name: "lang", Usage: "`LANGUAGE` of the page: en or fr", Value: "en"},
			},
			Action: previewGrades,
		})},
	})
}

func previewGrades(c *cli.Context) error {
	r, err := open(c)
	if err != nil {
		return err
	}
	v, err := r.PreviewGrades(c.Context, c.String("scale"), c.String("lang"))
	if err != nil {
		return err
	}
	out := map[string]any{"version": v.Version, "methods": v.Ways}
	if path := c.String("html"); path != "" {
		if err := pipeline.WritePreview(path, v); err != nil {
			return err
		}
		out["page"] = path
		say(c, "%s\n", path)
		return result(c, out)
	}
	for _, w := range v.Ways {
		title := w.Method
		if c.String("scale") != "" {
			title += ", " + w.Scale
		}
		if w.Current {
			title += " (in use)"
		}
		say(c, "%s\n", title)
		if w.Problem != "" {
			say(c, "  %s\n\n", w.Problem)
			continue
		}
		printGrades(c, w.Grades, w.Notes, v.Learned)
		say(c, "\n")
	}
	return result(c, out)
}

// printGrades prints what each grade holds out of fold, and what is to be known of
// it; lift, and the lift that the model predicts, only where it is claimed.
func printGrades(c *cli.Context, grades []evaluate.GradeRow, notes []string, lift bool) {
	rows := [][]string{{"grade", "from points", "accounts", "pool", "customers captured"}}
	if lift {
		rows[0] = append(rows[0], "lift", "predicted")
	}
	for i, g := range grades {
		from := "none" // no account can reach it
		switch {
		case g.Points != nil:
			from = fmt.Sprintf("%.1f", *g.Points)
		case i == len(grades)-1:
			from = "any"
		}
		row := []string{g.Grade, from, fmt.Sprintf("%.0f", g.Accounts), share(g.PoolShare), interval(g.Captured, true)}
		if lift {
			row = append(row, fmt.Sprintf("%.2f  (95 %%: %.2f to %.2f)", g.Lift.Value, g.Lift.Low, g.Lift.High), fmt.Sprintf("%.2f", g.Predicted))
		}
		rows = append(rows, row)
	}
	table(c, rows)
	for _, n := range notes {
		say(c, "  note: %s\n", n)
	}
}
