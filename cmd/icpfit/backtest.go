package main

import (
	"path/filepath"

	"github.com/urfave/cli/v2"

	"github.com/icpfit/icpfit/internal/backtest"
	"github.com/icpfit/icpfit/internal/pipeline"
)

func backtestCommand() *cli.Command {
	return command(&cli.Command{
		Name: "backtest", Usage: "hold the grades of a past night against what happened since",
		Description: "Win rate, deal size and cycle by grade, from the opportunities named under tables: in icpfit.yaml, and accounts\n" +
			"that became customers, where customers.won_at says when; A and B against the rest, and the least difference\n" +
			"that such data would show. The grades are those published then. Outcomes on or before that night are refused:\n" +
			"they may have made the grades.\n\n" +
			"--out writes FOLDER/backtest.html, which needs no network, FOLDER/backtest.json, which is what --json prints,\n" +
			"and FOLDER/outcomes.parquet: every deal and customer that was looked at. FOLDER must be new, empty, or an older back-test.\n\n" +
			"Example:\n   icpfit backtest\n   icpfit backtest --as-of 2026-01-31 --until 2026-06-30 --out backtest --lang fr",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "as-of", Usage: "`DATE` of the grades", DefaultText: "the newest night with 90 days of outcomes, else the oldest"},
			&cli.StringFlag{Name: "until", Usage: "last `DATE` of outcomes", DefaultText: "today"},
			&cli.StringFlag{Name: "lang", Usage: "`LANGUAGE` of the page and of sentences: en or fr", Value: "en"},
			&cli.StringFlag{Name: "out", Usage: "`FOLDER` to write the page, the JSON and the outcomes to", DefaultText: "none"},
		},
		Action: func(c *cli.Context) error {
			if c.IsSet("out") && c.String("out") == "" {
				return inCommand(c, "--out is empty; want a folder")
			}
			r, err := open(c)
			if err != nil {
				return err
			}
			o := pipeline.BacktestOptions{AsOf: c.String("as-of"), Until: c.String("until"), Out: c.String("out"), Lang: c.String("lang")}
			out, err := r.Backtest(c.Context, o)
			if err != nil {
				return err
			}
			teller, err := backtest.NewTeller(o.Lang)
			if err != nil {
				return err
			}
			printBacktest(c, out, teller)
			return result(c, out)
		},
	})
}

func printBacktest(c *cli.Context, out *pipeline.BacktestResult, t *backtest.Teller) {
	say(c, "%s\n%s\n\n", t.T("subtitle", t.Date(out.AsOf), t.Date(out.Until)), t.Headline(out.Backtest))
	rows := [][]string{t.Columns(out.Backtest)}
	for _, r := range t.Rows(out.Backtest) {
		var cells []string
		for _, f := range r {
			cells = append(cells, f.Text)
		}
		rows = append(rows, cells)
	}
	table(c, rows)
	say(c, "\n%s\n", t.T("against.title"))
	for i := range out.Against {
		say(c, "  %s\n", t.Sentence(&out.Against[i]))
	}
	say(c, "\n")
	for _, n := range t.Notes(out.Backtest) {
		say(c, "  %s\n", n)
	}
	if out.Folder != "" {
		say(c, "\n%s\n", filepath.Join(out.Folder, "backtest.html"))
	}
}
