package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/internal/artifact"
	"github.com/icpfit/icpfit/internal/pipeline"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/predict"
)

func predictCommand() *cli.Command {
	return command(&cli.Command{
		Name:  "predict",
		Usage: "grade the whole base with the champion",
		Description: "Writes grades/as_of=DATE as Parquet: one row a source row; and changes/as_of=DATE: the accounts whose grade, tier or reasons differ from the night before. Both appear at once.\n\n" +
			"--shard i/N grades one of N shares of the base, in any order, on any machine that sees the folder; the last one publishes the night. --shards N publishes N shards that are there, and names those that are not.\n\n" +
			"--replay grades a past night again from the inputs that it names, and compares every byte; it publishes nothing.\n\n" +
			"Where the base has shrunk, lost values or columns, or is stale, or the model is, by more than icpfit.yaml allows (gates), nothing is published but the report, which says why: exit code 3 or 6. --accept REASON goes on, except without a column of the model; the reason stays with the grades.\n\n" +
			"Example:\n   icpfit predict\n   icpfit predict --as-of 2026-01-31 --shard 0/7\n   icpfit predict --as-of 2026-01-31 --replay",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "as-of", Usage: "`DATE` of the feature table", DefaultText: "the newest"},
			&cli.StringFlag{Name: "model", Usage: "`VERSION` to grade with", DefaultText: "the champion"},
			&cli.StringFlag{Name: "shard", Usage: "grade share `i/N` of the base, i from 0"},
			&cli.IntFlag{Name: "shards", Usage: "publish `N` shards that are graded"},
			&cli.BoolFlag{Name: "replay", Usage: "grade the night of --as-of again and compare; publish nothing", DisableDefaultText: true},
			acceptFlag(), langFlag(),
		},
		Action: func(c *cli.Context) error {
			if c.IsSet("shard") || c.Bool("replay") { // shards run beside each other, and a replay publishes nothing
				return predictAction(c)
			}
			return writing(predictAction)(c)
		},
	})
}

func predictAction(c *cli.Context) error {
	if n := btoi(c.IsSet("shard")) + btoi(c.IsSet("shards")) + btoi(c.Bool("replay")); n > 1 {
		return inCommand(c, "give one of --shard, --shards and --replay")
	}
	var shard predict.Shard
	if c.IsSet("shard") {
		var err error
		if shard, err = predict.ParseShard(c.String("shard")); err != nil {
			return inCommand(c, "--%v", err)
		}
	}
	r, err := open(c)
	if err != nil {
		return err
	}
	if err := accept(c, r); err != nil {
		return err
	}
	asOf, version := c.String("as-of"), c.String("model")
	var out *pipeline.PredictResult
	switch {
	case c.Bool("replay"):
		return replay(c, r)
	case c.IsSet("shard"):
		out, err = r.PredictShard(c.Context, asOf, version, shard)
	case c.IsSet("shards"):
		if n := c.Int("shards"); n < 1 || n > predict.MaxShards {
			return inCommand(c, "--shards is %d; want 1 to %d", n, predict.MaxShards)
		}
		out, err = r.PublishShards(c.Context, asOf, version, c.Int("shards"))
	default:
		out, err = r.Predict(c.Context, asOf, version)
	}
	if err != nil {
		return err
	}
	printPredict(c, out)
	if len(out.Waiting) == 0 {
		say(c, "next: icpfit report\n")
	}
	return result(c, out)
}

func acceptFlag() cli.Flag {
	return &cli.StringFlag{Name: "accept", Usage: "publish the grades although gates hold; `REASON` and your name stay with them"}
}

// accept lets r go on although gates hold, where the caller says so.
func accept(c *cli.Context, r *pipeline.Run) error {
	r.Lang = c.String("lang")
	reason := strings.TrimSpace(c.String("accept"))
	switch {
	case r.Lang != "en" && r.Lang != "fr":
		return inCommand(c, "--lang is %q; want en or fr", r.Lang)
	case !c.IsSet("accept"):
		return nil
	case reason == "":
		return inCommand(c, "--accept is empty; say why the grades are to be published")
	case c.Bool("replay"):
		return inCommand(c, "--replay publishes nothing, so there is nothing to --accept")
	}
	r.Accept = pipeline.Acceptance{Reason: reason, Author: author()}
	return nil
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

func replay(c *cli.Context, r *pipeline.Run) error {
	if c.String("as-of") == "" || c.IsSet("model") {
		return inCommand(c, "--replay takes the model from the night: give --as-of DATE, and no --model")
	}
	out, err := r.Replay(c.Context, c.String("as-of"))
	if err != nil {
		return err
	}
	say(c, "the night of %s, graded again by %s: %d rows, %d files, every byte the same\n", out.AsOf, out.Version, out.Rows, out.Files)
	return result(c, out)
}

func printPredict(c *cli.Context, out *pipeline.PredictResult) {
	if n := len(out.Waiting); n > 0 {
		say(c, "shard %s: %d rows graded by %s; waiting for %d more, nothing is published yet\n", out.Shard, out.Rows, out.Version, n)
		return
	}
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
		var causes []string
		for _, cause := range predict.Causes {
			if n := out.Causes[cause]; n > 0 {
				causes = append(causes, fmt.Sprintf("%s %d", cause, n))
			}
		}
		say(c, "%d grades changed since the night before: %s\n", out.Changed, strings.Join(causes, ", "))
	}
	if out.Overridden+out.Exploration > 0 {
		say(c, "%d graded by hand, %d offered to sales though graded low\n", out.Overridden, out.Exploration)
	}
	for _, a := range out.Accepted {
		say(c, "accepted by %s (%s): %s\n", a.Author, a.Reason, a.Message)
	}
	if c.IsSet("accept") && len(out.Accepted) == 0 {
		say(c, "no gate held: there was nothing to accept\n")
	}
	for _, o := range out.Unknown {
		say(c, "line %d of the overrides: %s is no account of the base: correct it, or delete the line\n", o.Line, o.Domain)
	}
	for _, o := range out.Expired {
		say(c, "expired on %s: the override of %s by %s\n", o.Expires, o.Domain, datasets.Printable(o.Author, false))
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
		Action: writing(func(c *cli.Context) error {
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
		}),
	})
}

func langFlag() cli.Flag {
	return &cli.StringFlag{Name: "lang", Usage: "`LANGUAGE` of the report: en or fr", Value: "en"}
}

func refreshCommand() *cli.Command {
	return command(&cli.Command{
		Name:  "refresh",
		Usage: "the nightly command: features, predict, segments where there are some, report",
		Description: "Grades with the champion, which it does not train again. What is intact and comes from the same inputs\n" +
			"and settings stays as it is, so a rerun writes nothing; --plan says what would be made, and why.\n\n" +
			"Where the base or the model is not fit to grade with (gates in icpfit.yaml), the grades of before remain and the report says why: exit code 3 or 6. --accept REASON goes on.\n\nExample:\n   icpfit refresh --quiet",
		Flags: []cli.Flag{asOfFlag(), langFlag(), acceptFlag(), &cli.BoolFlag{Name: "plan", Usage: "say what would be made, and why; write nothing", DisableDefaultText: true}},
		Action: func(c *cli.Context) error {
			if c.Bool("plan") {
				return planAction(c)
			}
			return writing(refreshAction)(c)
		},
	})
}

func planAction(c *cli.Context) error {
	r, err := open(c)
	if err != nil {
		return err
	}
	steps, err := r.Plan(c.Context, c.String("as-of"), c.String("lang"))
	if err != nil {
		return err
	}
	printSteps(c, steps)
	return result(c, map[string]any{"steps": steps})
}

func refreshAction(c *cli.Context) error {
	r, err := open(c)
	if err != nil {
		return err
	}
	if err := accept(c, r); err != nil {
		return err
	}
	out, err := r.Refresh(c.Context, c.String("as-of"), c.String("lang"))
	if err != nil {
		return err
	}
	if out.Idle() {
		say(c, "nothing to do: features, grades and report of %s are current\n", out.Features.AsOf)
	} else {
		printSteps(c, out.Steps)
		printFeatures(c, out.Features)
		printPredict(c, out.Predict)
		if out.Segments != nil {
			say(c, "%s: %d accounts in %d segments\n", out.Segments.Folder, out.Segments.Scored, len(out.Segments.Portraits))
		}
	}
	say(c, "%s\n%s\n", out.Report.Headline, out.HTML)
	return result(c, out.Report)
}

// printSteps prints what a night finds, and what it makes of it.
func printSteps(c *cli.Context, steps []pipeline.StepState) {
	var rows [][]string
	for _, s := range steps {
		does := "made anew"
		if s.State == artifact.Current {
			does = "stays"
		}
		rows = append(rows, []string{s.Step, string(s.State), does, s.Reason})
	}
	table(c, rows)
}

func sortedReasons(m map[datasets.Reason]int64) []datasets.Reason { return slices.Sorted(maps.Keys(m)) }
