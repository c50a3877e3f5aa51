package main

import (
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/icpfit/icpfit/internal/pipeline"
	"github.com/icpfit/icpfit/model"
)

func explainCommand() *cli.Command {
	return command(&cli.Command{
		Name:        "explain",
		Usage:       "say why an account has its grade",
		ArgsUsage:   "DOMAIN",
		Description: "Every feature's points add up exactly to the score. A URL or e-mail address will do for DOMAIN.\n\nExample:\n   icpfit explain acme.com",
		Action: func(c *cli.Context) error {
			if c.NArg() != 1 {
				return usagef("explain: %d domains given; want one, as in `icpfit explain acme.com`", c.NArg())
			}
			r, err := open(c)
			if err != nil {
				return err
			}
			e, err := r.Explain(c.Context, c.Args().First())
			if err != nil {
				return err
			}
			printExplanation(c, e)
			return result(c, e)
		},
	})
}

func printExplanation(c *cli.Context, e *pipeline.Explanation) {
	say(c, "%s  %s\n", e.Domain, e.Name)
	if e.Grade == nil {
		say(c, "not graded: %s; %s\n", e.Reason, e.Fix)
		return
	}
	say(c, "grade %s, tier %d, %.1f points", *e.Grade, e.Tier, *e.Points)
	if e.Lift != nil {
		say(c, ": %.1f times as customer-like as the average account of the pool", *e.Lift)
	}
	say(c, "\n\n")
	rows := [][]string{{fmt.Sprintf("%+.1f", e.BasePoints), "where the average account starts"}}
	if e.Lift == nil {
		rows = nil // a written grid starts at zero
	}
	for _, f := range e.Features {
		rows = append(rows, []string{fmt.Sprintf("%+.1f", float64(f.MicroPoints)/model.Micro), f.Feature, f.Value})
	}
	rows = append(rows, []string{fmt.Sprintf("= %.1f", *e.Points)})
	table(c, rows)
	if len(e.Unknown) > 0 {
		say(c, "\nunknown: %s\n", strings.Join(e.Unknown, ", "))
	}
	if len(e.Similar) > 0 {
		say(c, "\nmost similar customers:\n")
		rows = nil
		for _, s := range e.Similar {
			rows = append(rows, []string{s.Domain, s.Name, fmt.Sprintf("%.1f points apart", s.Distance)})
		}
		table(c, rows)
	}
	if len(e.History) > 0 {
		say(c, "\nhistory:\n")
		rows = nil
		for _, n := range e.History {
			rows = append(rows, []string{n.AsOf, n.Grade, fmt.Sprintf("%.1f", n.Points), n.Cause, n.Version})
		}
		table(c, rows)
	}
}
