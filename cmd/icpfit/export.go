package main

import (
	"github.com/urfave/cli/v2"
)

func exportCommand() *cli.Command {
	return group(&cli.Command{
		Name:        "export",
		Usage:       "write a model in a form that other programs apply",
		Description: "Example:\n   icpfit export lightgbm",
		Subcommands: []*cli.Command{command(&cli.Command{
			Name: "lightgbm", Usage: "write a model as LightGBM text, and how its matrix is made",
			Description: "The raw score is the natural logarithm of the lift: points = 50 + 10 · raw / ln 2. Beside FILE.txt, the file\n" +
				"FILE.features.json says which column of the feature table each column of the matrix is made of, and how.\n" +
				"A written grid is refused with exit code 3: a sum of trees cannot scale by what is known.\n\n" +
				"Example:\n   icpfit export lightgbm --output champion.txt",
			Flags: []cli.Flag{
				&cli.StringFlag{Name: "model", Usage: "`VERSION` to write", DefaultText: "the champion"},
				&cli.StringFlag{Name: "output", Usage: "`FILE` to write", DefaultText: "exports/VERSION.lightgbm.txt"},
			},
			Action: func(c *cli.Context) error {
				r, err := open(c)
				if err != nil {
					return err
				}
				out, err := r.ExportLightGBM(c.String("model"), c.String("output"))
				if err != nil {
					return err
				}
				say(c, "%s: %d trees over %d columns in %s; how to make the matrix: %s\n", out.Version, out.Trees, out.Columns, out.File, out.Features)
				return result(c, out)
			},
		})},
	})
}
