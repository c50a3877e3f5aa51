package main

import (
	"github.com/urfave/cli/v2"

	"github.com/icpfit/icpfit/internal/explain"
	"github.com/icpfit/icpfit/internal/pipeline"
)

func explainCommand() *cli.Command {
	return command(&cli.Command{
		Name:      "explain",
		Usage:     "say why an account has its grade",
		ArgsUsage: "DOMAIN",
		Description: "Every feature's points, adding up exactly to the score, each with a sentence; the fewest changes that lift the grade;\n" +
			"the most similar customers; the grades of all nights and why they changed. A URL or e-mail address will do for DOMAIN.\n\n" +
			"Example:\n   icpfit explain acme.com\n   icpfit explain --lang fr --html acme.html acme.com",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "lang", Usage: "`LANGUAGE` of the sentences: en or fr", Value: "en"},
			&cli.StringFlag{Name: "html", Usage: "write a page to `FILE`, which needs no network"},
		},
		Action: func(c *cli.Context) error {
			if c.NArg() != 1 {
				return usagef("explain: %d domains given; want one, as in `icpfit explain acme.com`", c.NArg())
			}
			r, err := open(c)
			if err != nil {
				return err
			}
			e, t, err := r.Explain(c.Context, c.Args().First(), c.String("lang"))
			if err != nil {
				return err
			}
			if path := c.String("html"); path != "" {
				if err := pipeline.WriteExplanation(path, e, t); err != nil {
					return err
				}
			}
			printExplanation(c, e, t)
			return result(c, e)
		},
	})
}

func printExplanation(c *cli.Context, e *explain.Explanation, t *explain.Teller) {
	say(c, "%s  %s\n", e.Domain, e.Name)
	for i, b := range t.Blocks(e) {
		if i > 0 {
			say(c, "\n%s\n", b.Title)
		} else {
			say(c, "%s\n", b.Title)
		}
		if i == 0 && len(b.Rows) > 0 {
			say(c, "\n")
		}
		table(c, b.Rows)
		if len(b.Rows) > 0 && len(b.Lines) > 0 {
			say(c, "\n")
		}
		for _, line := range b.Lines {
			say(c, "  %s\n", line)
		}
	}
}
