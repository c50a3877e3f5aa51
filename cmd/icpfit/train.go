package main

import (
	"errors"
	"fmt"
	"os/user"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/icpfit/icpfit/internal/pipeline"
	"github.com/icpfit/icpfit/model/calibrate"
	"github.com/icpfit/icpfit/model/leak"
	"github.com/icpfit/icpfit/model/train"
)

func trainCommand() *cli.Command {
	return command(&cli.Command{
		Name:  "train",
		Usage: "learn a model of fit from the feature tables",
		Description: "Measures the candidates out of fold, fits the chosen one on all accounts and cuts the grades. The first\n" +
			"version becomes the champion; later ones wait for `icpfit models promote`. Ends with exit code 3 where\n" +
			"there are too few customers, a leak is suspected or nothing was learned.\n\nExample:\n   icpfit train --learner scorecard\n   icpfit train --learner logistic    # another version, to be compared",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "learner", Usage: "`LEARNER`: auto, scorecard, logistic, trees or grid", DefaultText: "icpfit.yaml's"},
			&cli.StringFlag{Name: "holdout", Usage: "`FILE` of domains that take no part in training and are measured apart"},
			&cli.BoolFlag{Name: "allow-small", Usage: "go on with 50 to 199 customers; everything made is marked provisional", DisableDefaultText: true},
			&cli.StringFlag{Name: "test-from", Usage: "`DATE`: customers won on it or later are tested by a model of those won before", DefaultText: "icpfit.yaml's, or the latest two fifths"},
			&cli.StringFlag{Name: "accept-leak", Usage: "go on where a leak is suspected, for this `REASON`, which is kept with the model"},
			&cli.Uint64Flag{Name: "seed", Usage: "`NUMBER` that folds, bags and samples start from; same input and seed, same model", DefaultText: "icpfit.yaml's"},
		},
		Action: writing(func(c *cli.Context) error {
			r, err := open(c)
			if err != nil {
				return err
			}
			if c.IsSet("accept-leak") && strings.TrimSpace(c.String("accept-leak")) == "" {
				return inCommand(c, "--accept-leak has no reason; say why the warning does not matter")
			}
			o := pipeline.TrainOptions{Learner: c.String("learner"), Holdout: c.String("holdout"), AllowSmall: c.Bool("allow-small"), TestFrom: c.String("test-from"), AcceptLeak: strings.TrimSpace(c.String("accept-leak")), Author: author()}
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
		}),
	})
}

// printCalibration prints how far predicted lifts are to be believed.
func printCalibration(c *cli.Context, r *calibrate.Report) {
	if r == nil {
		return
	}
	say(c, "\ncalibration: slope %s by maximum likelihood, %.3f entered", interval(r.Fitted.Slope, false), r.Slope)
	if s := r.Support; s != nil {
		say(c, "; strongest band with %d customers: lift %.1f (95 %%: %.1f to %.1f), predicted %.1f", s.Customers, s.Observed.Value, s.Observed.Low, s.Observed.High, s.Predicted)
	}
	say(c, "\n")
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
		printGrades(c, e.Grades, e.GradeNotes, out.Learner != "grid")
		printCalibration(c, e.Calibration)
	}
	printCandidates(c, e)
	printBeyond(c, e)
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
		say(c, "\nanother version is the champion; next: icpfit models compare %s\n", out.Version)
		say(c, "then: icpfit models promote %s --reason \"…\"\n", out.Version)
	}
}

// printCandidates prints what was compared, on the same folds.
func printCandidates(c *cli.Context, e *train.Evaluation) {
	if len(e.Candidates) < 2 {
		return
	}
	say(c, "\nout of fold, on the same folds (the figures above choose among these anew without each fold):\n")
	rows := [][]string{{"", "", "AUC", "capture@10 %", "AUC less the chosen one's (95 %)", ""}}
	for _, k := range e.Candidates {
		row := []string{k.Learner, string(k.Kind), fmt.Sprintf("%.4f", k.AUC.Value), fmt.Sprintf("%.1f %%", 100*k.Capture.Value)}
		switch d := k.AUCDifference; {
		case k.Chosen:
			row = append(row, "", "chosen")
		case k.Apart:
			row = append(row, fmt.Sprintf("%+.4f (%+.4f to %+.4f)", d.Value, d.Low, d.High), "")
		default:
			row = append(row, fmt.Sprintf("%+.4f (%+.4f to %+.4f)", d.Value, d.Low, d.High), "cannot be told apart")
		}
		rows = append(rows, row)
	}
	table(c, rows)
	if t := e.TableAlone(); t != nil && !t.Chosen {
		say(c, "a table alone, which people can edit (%s), would cost %.4f of AUC (95 %%: %.4f to %.4f) and %.1f points of capture@10 %% (%.1f to %.1f)\n", t.Learner,
			-t.AUCDifference.Value, -t.AUCDifference.High, -t.AUCDifference.Low, -100*t.CaptureDifference.Value, -100*t.CaptureDifference.High, -100*t.CaptureDifference.Low)
	} else if t != nil {
		say(c, "the chosen model is a table that people can edit: it costs nothing\n")
	}
}

// printBeyond prints what the folds alone do not say: later customers, and more
// of them.
func printBeyond(c *cli.Context, e *train.Evaluation) {
	if t := e.Temporal; t != nil {
		say(c, "won since %s: %d customers, by a model of the %d won before: AUC %s\n", t.From, t.Customers, t.Trained, interval(t.Metrics["auc"], false))
	}
	if k := e.Curve; k != nil {
		say(c, "twice the customers would add about %+.3f to the AUC (95 %%: %+.3f to %+.3f)\n", k.Doubled.Value, k.Doubled.Low, k.Doubled.High)
	}
}

// printWarnings prints what detectors of leaks found.
func printWarnings(c *cli.Context, warnings []leak.Warning) {
	for _, w := range warnings {
		say(c, "warning: %s: %s\n", w.Code, w.Message)
	}
}
