package main

import (
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/icpfit/icpfit/internal/page"
	"github.com/icpfit/icpfit/internal/pipeline"
	"github.com/icpfit/icpfit/internal/segment"
)

func segmentsCommand() *cli.Command {
	return command(&cli.Command{
		Name:  "segments",
		Usage: "divide the scored accounts into segments, and portray each",
		Description: "Writes segments/as_of=DATE: one row a scored account, customers and prospects, each in exactly one segment. The\n" +
			"first call looks for segments: as many as are found again in other samples of the base, or one where none\n" +
			"are. They are kept, so that the same segments hold every night, until --renew asks for others.\n\n" +
			"icpfit.yaml may say by which features accounts are told apart, how many segments are wanted, or the segments\n" +
			"themselves, as rules that may not overlap (segments: in `icpfit config schema`). With marketing: and sales: there,\n" +
			"their own segments are held against each other, and one list is proposed to both.\n\n" +
			"Example:\n   icpfit segments\n   icpfit segments --renew --lang fr",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "as-of", Usage: "`DATE` of the grades", DefaultText: "the newest"},
			&cli.BoolFlag{Name: "renew", Usage: "make other segments than those that there are", DisableDefaultText: true},
			langFlag(),
		},
		Action: writing(segmentsAction),
	})
}

func segmentsAction(c *cli.Context) error {
	p, err := page.NewPrinter(c.String("lang"), segment.Words)
	if err != nil || c.String("lang") == "" {
		return inCommand(c, "--lang is %q; want en or fr", c.String("lang"))
	}
	r, err := open(c)
	if err != nil {
		return err
	}
	out, err := r.Segments(c.Context, c.String("as-of"), c.Bool("renew"))
	if err != nil {
		return err
	}
	printSegments(c, p, out)
	return result(c, out)
}

func printSegments(c *cli.Context, p *page.Printer, out *pipeline.SegmentsResult) {
	say(c, "%s\n", out.Sentence(p))
	rows := [][]string{{p.T("segment.segment"), p.T("segment.accounts"), p.T("segment.share"), p.T("segment.customers"), p.T("segment.lift"), p.T("segment.mean"), p.T("segment.stability")}}
	for i := range out.Portraits {
		s := &out.Portraits[i]
		row := []string{s.Title(p), p.Count(s.Accounts), p.Percent(s.Share), p.Count(s.Customers), p.T("none"), p.T("none"), p.T("none")}
		if s.Lift != nil {
			row[4] = p.Times(*s.Lift)
		}
		if s.Points != nil {
			row[5] = p.Num(s.Points.Value, 1)
		}
		if s.Stability != nil {
			row[6] = p.Num(*s.Stability, 2)
		}
		rows = append(rows, row)
	}
	table(c, rows)
	for i := range out.Portraits {
		printPortrait(c, p, out, &out.Portraits[i])
	}
	if out.Reconciliation != nil {
		say(c, "\n%s: %s\n", p.T("reconcile.title"), out.Reconciliation.Sentence(p))
		for _, x := range out.Reconciliation.Common {
			say(c, "  %s: %s %s, %s %s\n", x.Name, p.Count(x.Accounts), p.T("segment.accounts"), p.Count(x.Customers), p.T("segment.customers"))
		}
	}
	if s := out.SizesSentence(p); s != "" {
		say(c, "\n%s\n", s)
	}
	say(c, "\n%s\nnext: icpfit report\n", out.Folder)
}

func printPortrait(c *cli.Context, p *page.Printer, out *pipeline.SegmentsResult, s *segment.Portrait) {
	say(c, "\n%s\n", s.Title(p))
	if s.Empty() {
		say(c, "  %s\n", p.T("segment.empty"))
		return
	}
	if s.Where != "" {
		say(c, "  %s\n", s.Where)
	}
	for i := range s.Values {
		say(c, "  %s\n", s.Values[i].Sentence(p))
	}
	var grades []string
	for i, n := range s.Grades {
		grades = append(grades, fmt.Sprintf("%s %s", out.Grades[i], p.Count(n)))
	}
	say(c, "  %s\n", strings.Join(grades, ", "))
	var typical []string
	for _, t := range s.Typical {
		typical = append(typical, fmt.Sprintf("%s (%s)", t.Domain, t.Grade))
	}
	if len(typical) > 0 {
		say(c, "  %s\n", p.T("segment.typical", strings.Join(typical, ", ")))
	}
}
