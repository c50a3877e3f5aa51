package main

import (
	"errors"
	"fmt"
	"os/user"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/icpfit/icpfit/internal/pipeline"
	"github.com/icpfit/icpfit/model/leak"
	"github.com/icpfit/icpfit/model/train"
)

func trainCommand() *cli.Command {
	return command(&cli.Command{
		Name:  "train",
		Usage: "learn a model of fit from the feature tables",
		Description: "Measures the candidates out of fold, fits the chosen one on all accounts and cuts the grades. The first\n" +
			"version becomes the champion; later ones wait for `icpfit models promote`. Ends with exit code 3 where\n" +
			"there are too few customers, a leak is suspected or nothing was learned.\n\nExample:\n   icpfit train --learner scorecard",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "learner", Usage: "`LEARNER`: auto, scorecard, logistic or grid", DefaultText: "icpfit.yaml's"},
			&cli.StringFlag{Name: "holdout", Usage: "`FILE` of domains that take no part in training and are measured apart"},
			&cli.BoolFlag{Name: "allow-small", Usage: "go on with 50 to 199 customers; everything made is marked provisional", DisableDefaultText: true},
			&cli.StringFlag{Name: "accept-leak", Usage: "go on where a leak is suspected, for this `REASON`, which is kept with the model"},
			&cli.Uint64Flag{Name: "seed", Usage: "`NUMBER` that folds, bags and samples start from; same input and seed, same model", DefaultText: "icpfit.yaml's"},
		},
		Action: func(c *cli.Context) error {
			r, err := open(c)
			if err != nil {
				return err
			}
			if c.IsSet("accept-leak") && strings.TrimSpace(c.String("accept-leak")) == "" {
				return inCommand(c, "--accept-leak has no reason; say why the warning does not matter")
			}
			o := pipeline.TrainOptions{Learner: c.String("learner"), Holdout: c.String("holdout"), AllowSmall: c.Bool("allow-small"), AcceptLeak: strings.TrimSpace(c.String("accept-leak")), Author: author()}
			if c.IsSet("seed") {
				seed := c.Uint64("seed")
				o.Seed = &seed
			}
			out, err := r.Train(c.Context, o)
			if out != nil && (errors.Is(err, train.ErrNothingLearned) || errors.Is(err, train.ErrLeak)) {
				return refuse(c, out, err)
			}
			if err != nil {
				return err
			}
			printTrain(c, out)
			return result(c, out)
		},
	})
}

// author names who promotes, for the log: the user of the machine.
func author() string {
	u, err := user.Current()
	if err != nil {
		return ""
	}
	return u.Username
}

func printTrain(c *cli.Context, out *pipeline.TrainResult) {
	e := out.Evaluation
	say(c, "%s: %s, %s, %d customers against %d pool accounts", out.Version, out.Learner, out.Verdict, out.Customers, out.Pool)
	if e.Folds > 0 {
		say(c, ", %d folds × %d", e.Folds, e.Repeats)
	}
	say(c, "\n\n")
	if m := out.Metrics; m != nil {
		table(c, [][]string{
			{"AUC against the pool", interval(m["auc"], false)},
			{"capture@10 %", interval(m["capture_10"], true)},
			{"lift@10 %", fmt.Sprintf("%.2f  (95 %%: %.2f to %.2f)", m["lift_10"].Value, m["lift_10"].Low, m["lift_10"].High)},
		})
		say(c, "\n")
		printGrades(c, e.Grades, out.Learner != "grid")
	}
	if len(e.Candidates) > 1 {
		say(c, "\ncandidates on the same folds:\n")
		rows := [][]string{{"", "AUC", "capture@10 %", "log loss"}}
		for _, k := range e.Candidates {
			mark := k.Learner
			if k.Chosen {
				mark += " (chosen)"
			} else if !k.Apart {
				mark += " (cannot be told apart)"
			}
			rows = append(rows, []string{mark, fmt.Sprintf("%.4f", k.AUC.Value), fmt.Sprintf("%.1f %%", 100*k.Capture.Value), fmt.Sprintf("%.5f", k.LogLoss)})
		}
		table(c, rows)
	}
	if within, ok := out.Metrics["auc_within"]; ok {
		say(c, "\nAUC within %s: %s\n", e.Leaks.Group.Feature, interval(within, false))
	}
	printWarnings(c, out.Warnings)
	if h := out.Holdout; h != nil {
		say(c, "holdout: %d customers, %d others: AUC %s\n", h.Customers, h.Pool, interval(h.Metrics["auc"], false))
	}
	if out.Champion {
		say(c, "\n%s is the champion; next: icpfit predict\n", out.Version)
	} else {
		say(c, "\nanother version is the champion; next: icpfit models promote %s --reason \"…\"\n", out.Version)
	}
}

// printWarnings prints what detectors of leaks found.
func printWarnings(c *cli.Context, warnings []leak.Warning) {
	for _, w := range warnings {
		say(c, "warning: %s: %s\n", w.Code, w.Message)
	}
}
