package main

import (
	"github.com/urfave/cli/v2"
)

func feedbackCommand() *cli.Command {
	return command(&cli.Command{
		Name: "feedback", Usage: "show where sales disagrees with the grades, and what these accounts share",
		Description: "Accounts graded A or B that sales rejects, and accounts of the two lowest grades that were won, from the table\n" +
			"named under tables: {feedback: …} in icpfit.yaml: domain, verdict (accepted, rejected, won, lost), reason, date,\n" +
			"author; or campaign and verdict (excellent, good, fair, poor). The newest verdict on an account counts.\n\n" +
			"What these accounts share is named where chance does not explain it, with the feature to check. The same is a\n" +
			"section of the report. Feedback changes no score and is not learned from.\n\n" +
			"Example:\n   icpfit feedback\n   icpfit feedback --lang fr --json",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "as-of", Usage: "`DATE` of the grades", DefaultText: "the newest"},
			&cli.StringFlag{Name: "lang", Usage: "`LANGUAGE` of the sentences: en or fr", Value: "en"},
		},
		Action: func(c *cli.Context) error {
			r, err := open(c)
			if err != nil {
				return err
			}
			f, t, err := r.Feedback(c.Context, c.String("as-of"), c.String("lang"))
			if err != nil {
				return err
			}
			for i, b := range t.Blocks(f) {
				if i > 0 {
					say(c, "\n")
				}
				say(c, "%s\n", b.Title)
				for _, line := range b.Lines {
					say(c, "  %s\n", line)
				}
				table(c, b.Rows)
			}
			return result(c, f)
		},
	})
}
