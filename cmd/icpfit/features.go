package main

import (
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/internal/pipeline"
)

func asOfFlag() cli.Flag {
	return &cli.StringFlag{Name: "as-of", Usage: "`DATE` after which nothing may be known, such as 2026-01-31", DefaultText: "as_of of icpfit.yaml, else today"}
}

func checkCommand() *cli.Command {
	return command(&cli.Command{
		Name:  "check",
		Usage: "audit the inputs before anything is trained; writes nothing",
		Description: "Shows rows in and out, the customers' way into the base, coverage by feature, samples of what could not be\n" +
			"read, and features that tell customers from the pool for the wrong reason. Ends with exit code 3 where training would be refused.\n\nExample:\n   icpfit check",
		Flags: []cli.Flag{asOfFlag(), &cli.BoolFlag{Name: "allow-small", Usage: "judge as train --allow-small would", DisableDefaultText: true}},
		Action: func(c *cli.Context) error {
			r, err := open(c)
			if err != nil {
				return err
			}
			check, err := r.Check(c.Context, c.String("as-of"), c.Bool("allow-small"))
			if err != nil {
				return err
			}
			printAudit(c, check.Audit)
			if len(check.Warnings) > 0 {
				say(c, "\n")
				printWarnings(c, check.Warnings)
			}
			if check.Refusal != nil {
				return refuse(c, check, fmt.Errorf("check: training would be refused: %w", check.Refusal))
			}
			say(c, "\nready to train; next: icpfit features\n")
			return result(c, check)
		},
	})
}

func featuresCommand() *cli.Command {
	return command(&cli.Command{
		Name:        "features",
		Usage:       "read the inputs and write the feature tables",
		Description: "Writes features/accounts/as_of=DATE and features/customers/as_of=DATE as Parquet.\n\nExample:\n   icpfit features --as-of 2026-01-31",
		Flags:       []cli.Flag{asOfFlag()},
		Action: writing(func(c *cli.Context) error {
			r, err := open(c)
			if err != nil {
				return err
			}
			out, err := r.Features(c.Context, c.String("as-of"))
			if err != nil {
				return err
			}
			printFeatures(c, out)
			if _, err := features.Gate(out.Audit, false); err != nil && r.Project.Config.Grid == nil {
				say(c, "note: %s\n", err.Error())
			}
			say(c, "next: icpfit train, or icpfit predict if there is a model\n")
			return result(c, out)
		}),
	})
}

func printFeatures(c *cli.Context, out *pipeline.FeaturesResult) {
	a := out.Audit
	say(c, "%s: %d rows, %d can be scored, %d customers, %d duplicates merged\n", out.Accounts, a.Rows, a.Scorable, a.Customers, a.Duplicates.Total)
}

// printAudit prints the data audit.
func printAudit(c *cli.Context, a *features.Audit) {
	say(c, "as of %s: %d rows, %d can be scored: %d customers (%d best), %d pool, %d neither\n", a.AsOf, a.Rows, a.Scorable, a.Customers, a.Best, a.Pool, a.LeftOut)
	var rows [][]string
	for _, step := range a.Funnel() {
		rows = append(rows, []string{step.Name, fmt.Sprint(step.Count), lost(step)})
	}
	if rows != nil {
		say(c, "\ncustomers:\n")
		table(c, rows)
	}
	if len(a.Reasons) > 0 {
		say(c, "\nrows that cannot be scored:\n")
		rows = nil
		for _, reason := range sortedReasons(a.Reasons) {
			rows = append(rows, []string{string(reason), fmt.Sprint(a.Reasons[reason])})
		}
		table(c, rows)
	}
	say(c, "\ncoverage:\n")
	rows = [][]string{{"feature", "pillar", "kind", "customers", "pool", "unreadable", "samples"}}
	for _, f := range a.Features {
		var samples []string
		for _, s := range f.Samples[:min(3, len(f.Samples))] {
			samples = append(samples, fmt.Sprintf("%q", s.Text))
		}
		rows = append(rows, []string{f.Name, string(f.Pillar), string(f.Kind), share(f.Customers), share(f.Pool), fmt.Sprint(f.Unreadable), strings.Join(samples, " ")})
	}
	table(c, rows)
}

func lost(s features.FunnelStep) string {
	if s.Lost == 0 {
		return ""
	}
	text := fmt.Sprintf("%d lost", s.Lost)
	if n := min(3, len(s.Samples)); n > 0 {
		text += ": " + strings.Join(s.Samples[:n], ", ")
		if s.Lost > n {
			text += ", …"
		}
	}
	return text
}

func share(v float64) string { return fmt.Sprintf("%.1f %%", 100*v) }
