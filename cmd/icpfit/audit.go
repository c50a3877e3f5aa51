package main

import (
	"github.com/urfave/cli/v2"

	"github.com/icpfit/icpfit/internal/audit"
)

func auditCommand() *cli.Command {
	return command(&cli.Command{
		Name:  "audit",
		Usage: "test what the ICP stands on, and plan the repayment of what fails",
		Description: "Tests the ICP, the data, the campaigns and the wins: the age of the ICP against product releases, the written\n" +
			"grid against the customers, targets chosen by size, segments, duplicates, decision roles, win rate by grade,\n" +
			"and more. A test that fails beyond its 95 % interval is a debt, with its severity, the figures that show it\n" +
			"and the next step; one whose data are not there is not computable, and says what it needs. The optional\n" +
			"tables are named under tables:, weights and limits under audit: in icpfit.yaml.\n\n" +
			"Writes audits/as_of=DATE/audit.{html,md,json}; the next audit is held against it.\n\n" +
			"Example:\n   icpfit audit\n   icpfit audit --lang fr --quiet",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "as-of", Usage: "`DATE` of the audit: the newest grades until then, and what the tables hold until then", DefaultText: "that of the newest grades"},
			&cli.StringFlag{Name: "lang", Usage: "`LANGUAGE` of the audit: en or fr", Value: "en"},
		},
		Action: writing(func(c *cli.Context) error {
			r, err := open(c)
			if err != nil {
				return err
			}
			out, err := r.Audit(c.Context, c.String("as-of"), c.String("lang"))
			if err != nil {
				return err
			}
			text, err := audit.Text(out.Audit)
			if err != nil {
				return err
			}
			sayText(c, text)
			say(c, "\n%s\n", out.HTML)
			return result(c, out.Audit)
		}),
	})
}
