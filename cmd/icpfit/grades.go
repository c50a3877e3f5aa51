package main

import (
	"fmt"

	"github.com/urfave/cli/v2"

	"github.com/icpfit/icpfit/model/evaluate"
)

func gradesCommand() *cli.Command {
	return group(&cli.Command{
		Name:        "grades",
		Usage:       "see what other ways of cutting grades would do",
		Description: "Example:\n   icpfit grades preview",
		Subcommands: []*cli.Command{command(&cli.Command{
			Name: "preview", Usage: "show the consequence of each method of cutting grades; changes nothing",
			Description: "All figures are of accounts scored out of fold.\n\nExample:\n   icpfit grades preview",
			Action: func(c *cli.Context) error {
				r, err := open(c)
				if err != nil {
					return err
				}
				previews, err := r.PreviewGrades(c.Context)
				if err != nil {
					return err
				}
				for _, p := range previews {
					current := ""
					if p.Current {
						current = " (in use)"
					}
					say(c, "%s%s\n", p.Method, current)
					if p.Problem != "" {
						say(c, "  %s\n\n", p.Problem)
						continue
					}
					printGrades(c, p.Grades, p.Learned)
					for _, n := range p.Notes {
						say(c, "  note: %s\n", n)
					}
					say(c, "\n")
				}
				return result(c, map[string]any{"methods": previews})
			},
		})},
	})
}

// printGrades prints what each grade holds out of fold; lift only where it is claimed.
func printGrades(c *cli.Context, grades []evaluate.GradeRow, lift bool) {
	rows := [][]string{{"grade", "from points", "pool", "customers captured"}}
	if lift {
		rows[0] = append(rows[0], "lift")
	}
	for i, g := range grades {
		from := "none" // no account can reach it
		switch {
		case g.Points != nil:
			from = fmt.Sprintf("%.1f", *g.Points)
		case i == len(grades)-1:
			from = "any"
		}
		row := []string{g.Grade, from, share(g.PoolShare), interval(g.Captured, true)}
		if lift {
			row = append(row, fmt.Sprintf("%.2f  (95 %%: %.2f to %.2f)", g.Lift.Value, g.Lift.Low, g.Lift.High))
		}
		rows = append(rows, row)
	}
	table(c, rows)
}
