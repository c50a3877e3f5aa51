package main

import (
	"fmt"
	"maps"
	"slices"

	"github.com/urfave/cli/v2"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/internal/pipeline"
	"github.com/icpfit/icpfit/model"
)

func predictCommand() *cli.Command {
	return command(&cli.Command{
		Name:        "predict",
		Usage:       "grade the whole base with the champion",
		Description: "Writes grades/as_of=DATE as Parquet: one row a source row.\n\nExample:\n   icpfit predict",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "as-of", Usage: "`DATE` of the feature table", DefaultText: "the newest"},
			&cli.StringFlag{Name: "model", Usage: "`VERSION` to grade with", DefaultText: "the champion"},
		},
		Action: func(c *cli.Context) error {
			r, err := open(c)
			if err != nil {
				return err
			}
			out, err := r.Predict(c.Context, c.String("as-of"), c.String("model"))
			if err != nil {
				return err
			}
			printPredict(c, out)
			say(c, "next: icpfit report\n")
			return result(c, out)
		},
	})
}

func printPredict(c *cli.Context, out *pipeline.PredictResult) {
	say(c, "%s: %d rows graded by %s\n", out.Folder, out.Rows, out.Version)
	var rows [][]string
	for _, g := range model.Scales["A-F"] {
		if n, ok := out.Grades[g]; ok {
			rows = append(rows, []string{g, fmt.Sprint(n)})
		}
	}
	for _, reason := range slices.Sorted(maps.Keys(out.Unscored)) {
		rows = append(rows, []string{"unscored", fmt.Sprint(out.Unscored[reason]), reason})
	}
	table(c, rows)
	if out.Changed > 0 {
		say(c, "%d grades changed since the night before\n", out.Changed)
	}
}

func reportCommand() *cli.Command {
	return command(&cli.Command{
		Name:        "report",
		Usage:       "write the refresh report: HTML, Markdown and JSON",
		Description: "Writes reports/as_of=DATE/report.{html,md,json}; the HTML file needs no network.\n\nExample:\n   icpfit report --lang fr",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "as-of", Usage: "`DATE` of the grades", DefaultText: "the newest"},
			langFlag(),
		},
		Action: func(c *cli.Context) error {
			r, err := open(c)
			if err != nil {
				return err
			}
			out, err := r.Report(c.Context, c.String("as-of"), c.String("lang"))
			if err != nil {
				return err
			}
			say(c, "%s\n%s\n", out.Report.Headline, out.HTML)
			return result(c, out.Report)
		},
	})
}

func langFlag() cli.Flag {
	return &cli.StringFlag{Name: "lang", Usage: "`LANGUAGE` of the report: en or fr", Value: "en"}
}

func refreshCommand() *cli.Command {
	return command(&cli.Command{
		Name:        "refresh",
		Usage:       "the nightly command: features, predict, report",
		Description: "Grades with the champion, which it does not train again. A rerun replaces what the night had made.\n\nExample:\n   icpfit refresh --quiet",
		Flags:       []cli.Flag{asOfFlag(), langFlag()},
		Action: func(c *cli.Context) error {
			r, err := open(c)
			if err != nil {
				return err
			}
			out, err := r.Refresh(c.Context, c.String("as-of"), c.String("lang"))
			if err != nil {
				return err
			}
			printFeatures(c, out.Features)
			printPredict(c, out.Predict)
			say(c, "%s\n%s\n", out.Report.Headline, out.HTML)
			return result(c, out.Report)
		},
	})
}

func sortedReasons(m map[datasets.Reason]int64) []datasets.Reason { return slices.Sorted(maps.Keys(m)) }
