package main

import (
	"errors"

	"github.com/urfave/cli/v2"

	"github.com/icpfit/icpfit/internal/pipeline"
	"github.com/icpfit/icpfit/model/train"
)

func importCommand() *cli.Command {
	return command(&cli.Command{
		Name: "import", Usage: "make a challenger of a LightGBM model that was trained elsewhere", ArgsUsage: "FILE",
		Description: "FILE is the text that LightGBM's save_model writes, of a binary model over columns of the newest feature table:\n" +
			"a number, a date (age in days) or a flag (0, 1) by its name; a category or set as columns of 0 and 1 named\n" +
			"NAME=VALUE, VALUE quoted as in a URL. The version decides as LightGBM does and never becomes the champion by\n" +
			"itself. It is measured on the domains of --holdout, which it must not have seen; without them not at all.\n\n" +
			"Example:\n   icpfit models import lightgbm.txt",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "holdout", Usage: "`FILE` of domains that the model was not trained on"},
			&cli.BoolFlag{Name: "allow-small", Usage: "go on with 50 to 199 customers; everything made is marked provisional", DisableDefaultText: true},
		},
		Action: writing(func(c *cli.Context) error {
			if c.NArg() != 1 {
				return inCommand(c, "%d files given; want one", c.NArg())
			}
			r, err := open(c)
			if err != nil {
				return err
			}
			out, err := r.Import(c.Context, c.Args().First(), pipeline.TrainOptions{Author: author(), Holdout: c.String("holdout"), AllowSmall: c.Bool("allow-small")})
			if out != nil && errors.Is(err, train.ErrNothingLearned) {
				return refuse(c, out, err)
			}
			if err != nil {
				return err
			}
			printImport(c, out)
			return result(c, out)
		}),
	})
}

func printImport(c *cli.Context, out *pipeline.TrainResult) {
	say(c, "%s: imported, %s, %d trees\n", out.Version, out.Verdict, out.Evaluation.Origin.Trees)
	if h := out.Holdout; h != nil {
		say(c, "holdout: %d customers, %d others: AUC %s\n\n", h.Customers, h.Pool, interval(h.Metrics["auc"], false))
		printGrades(c, out.Evaluation.Grades, out.Evaluation.GradeNotes, true)
	}
	for _, w := range out.Warnings {
		say(c, "warning: %s: %s\n", w.Code, w.Message)
	}
	say(c, "\nto grade with it: icpfit models promote %s --reason \"…\"\n", out.Version)
}
