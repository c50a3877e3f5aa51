package main

import (
	"fmt"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"github.com/icpfit/icpfit/internal/backtest"
	"github.com/icpfit/icpfit/internal/pipeline"
	"github.com/icpfit/icpfit/model/metrics"
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
	rows := [][]string{{
		t.T("col.grade"), t.T("col.accounts"), t.T("col.won"), t.T("col.conversion"), t.T("col.deals"), t.T("col.win_rate"), t.T("col.size"), t.T("col.cycle"),
	}}
	rate := func(i *metrics.Interval) string {
		if i == nil {
			return t.T("none")
		}
		return t.Percents(*i)
	}
	for _, r := range append(append([]backtest.Row{}, out.Grades...), out.Top, out.Rest) {
		name := r.Grade
		if r.Grade == out.Top.Grade || r.Grade == out.Rest.Grade {
			name = t.T("row." + r.Grade)
		}
		rows = append(rows, []string{
			name, fmt.Sprint(r.Accounts), fmt.Sprint(r.Won), rate(r.Conversion), fmt.Sprint(r.Deals), rate(r.WinRate), t.Spread(r.Size), t.Spread(r.Cycle),
		})
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
