package main

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/icpfit/icpfit/internal/compare"
	"github.com/icpfit/icpfit/internal/pipeline"
)

func compareCommand() *cli.Command {
	return command(&cli.Command{
		Name: "compare", Usage: "hold a challenger against the champion, and show who would change grade", ArgsUsage: "[CHAMPION] CHALLENGER",
		Description: "Which of the two ranks better is told by accounts that both scored out of fold, in pairs; that no\n" +
			"difference is shown is a result. Who changes grade is counted on the whole base, each version by its own\n" +
			"cuts, without hysteresis and decisions by hand. Customers of the base have been learned from: hold what is\n" +
			"counted of them there against the same counts out of fold.\n\n" +
			"--out writes FOLDER/compare.json, which is what --json prints, and FOLDER/moves.csv: every account whose\n" +
			"grade differs, with its reasons. FOLDER must be new, empty, or an older comparison.\n\n" +
			"Example:\n   icpfit models compare 2026-01-31-0a1b2c3d\n   icpfit models compare 2026-01-31-0a1b2c3d --out comparison --quiet",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "as-of", Usage: "`DATE` of the feature table", DefaultText: "the newest"},
			&cli.StringFlag{Name: "out", Usage: "`FOLDER` to write compare.json and moves.csv to", DefaultText: "none"},
		},
		Action: compareModels,
	})
}

func compareModels(c *cli.Context) error {
	if n := c.NArg(); n < 1 || n > 2 {
		return inCommand(c, "%d versions given; want the challenger, or the champion and the challenger, which `icpfit models list` shows", n)
	}
	if c.IsSet("out") && c.String("out") == "" {
		return inCommand(c, "--out is empty; want a folder")
	}
	r, err := open(c)
	if err != nil {
		return err
	}
	o := pipeline.CompareOptions{Challenger: c.Args().Get(c.NArg() - 1), AsOf: c.String("as-of"), Out: c.String("out")}
	if c.NArg() == 2 {
		o.Champion = c.Args().First()
	}
	out, err := r.Compare(c.Context, o)
	if err != nil {
		return err
	}
	printComparison(c, out)
	return result(c, out)
}

func printComparison(c *cli.Context, out *compare.Comparison) {
	say(c, "challenger %s (%s) against champion %s (%s)\n\n", out.Challenger.Version, out.Challenger.Learner, out.Champion.Version, out.Champion.Learner)
	printQuality(c, out.Quality)
	say(c, "\nthe base of %s: %d rows, each version by its own cuts\n", out.AsOf, out.Base.Rows)
	printCrossing(c, &out.Base.Accounts)
	say(c, "%s: %d up, %d down\n\n", changes(out.Base.Changed), out.Base.Up, out.Base.Down)
	printFlows(c, out)
	for _, s := range out.Base.Segments {
		printSegment(c, &s)
	}
	printMoves(c, "furthest up", out.Base.Risers)
	printMoves(c, "furthest down", out.Base.Fallers)
	printMoves(c, "customers that are A no more", out.Base.Lost)
	if out.Folder != "" {
		say(c, "\nall %d that change grade: %s\n", out.Base.Changed, filepath.Join(out.Folder, "moves.csv"))
	}
}

func printQuality(c *cli.Context, q *compare.Quality) {
	say(c, "%s\n", q.Sentence)
	rows := [][]string{{"out of fold", "champion", "challenger", "difference (95 %)", "shown 4 times in 5 from"}}
	for _, f := range []struct {
		name   string
		figure *compare.Figure
		digits int
		factor float64
	}{{"AUC", q.AUC, 3, 1}, {"captured by the best 10 %, in %", q.Capture, 1, 100}, {"lift of grade A", q.LiftA, 2, 1}} {
		if x := f.figure; x != nil {
			rows = append(rows, []string{
				f.name, fmt.Sprintf("%.*f", f.digits, f.factor*x.Champion.Value), fmt.Sprintf("%.*f", f.digits, f.factor*x.Challenger.Value),
				compare.Signed(x.Difference, f.factor, f.digits), fmt.Sprintf("%.*f", f.digits, f.factor*x.Shown),
			})
		}
	}
	if len(rows) > 1 {
		table(c, rows)
	}
	for _, n := range q.Notes {
		say(c, "  note: %s\n", n)
	}
}

// printCrossing prints who goes from which grade to which.
func printCrossing(c *cli.Context, x *compare.Crossing) {
	rows := [][]string{append([]string{"from / to"}, x.After...)}
	for i, counts := range x.Counts {
		row := []string{x.Before[i]}
		for _, n := range counts {
			row = append(row, fmt.Sprint(n))
		}
		rows = append(rows, row)
	}
	table(c, rows)
}

// printFlows prints who enters and leaves the best grades, the customers as the
// models know them and as they are out of fold.
func printFlows(c *cli.Context, out *compare.Comparison) {
	rows := [][]string{{"", "champion", "challenger", "enter", "leave"}}
	add := func(of string, x *compare.Crossing) {
		for i, f := range []compare.Flow{x.A, x.AB} {
			rows = append(rows, []string{[]string{"A", "A or B"}[i] + ", " + of, fmt.Sprint(f.Before), fmt.Sprint(f.After), fmt.Sprint(f.Enter), fmt.Sprint(f.Leave)})
		}
	}
	b, q := out.Base, out.Quality
	add("accounts", &b.Accounts)
	add("customers", &b.Customers)
	if q.OutOfFold != nil {
		add("customers out of fold", q.OutOfFold)
	}
	table(c, rows)
	say(c, "%s would be lost from A, of %d, in a base whose customers have been learned from%s\n", several(int(b.Customers.A.Leave), "customer"), b.Customers.A.Before, trainedOn(b.Trained))
	if q.OutOfFold != nil {
		say(c, "out of fold, which is what to expect of others like them: %d of %d\n", q.OutOfFold.A.Leave, q.OutOfFold.A.Before)
	}
}

// several counts things: 1 value, 2 values.
func several(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func changes(n int64) string {
	if n == 1 {
		return "1 account changes grade"
	}
	return several(int(n), "account") + " change grade"
}

// trainedOn says how many customers of the base the models have learned from.
func trainedOn(t compare.Trained) string {
	var parts []string
	for i, n := range []*int64{t.Champion, t.Challenger} {
		if n != nil {
			parts = append(parts, fmt.Sprintf("%d by the %s", *n, []string{"champion", "challenger"}[i]))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return " (" + strings.Join(parts, ", ") + ")"
}

// How many lines a terminal shows; --json has more.
const (
	shownValues = 6
	shownMoves  = 5
)

func printSegment(c *cli.Context, s *compare.Segment) {
	rows := [][]string{{compare.Words(s.Feature), "accounts", "A or B, champion", "A or B, challenger", "enter", "leave"}}
	for i := range s.Values[:min(len(s.Values), shownValues)] {
		v := &s.Values[i]
		rows = append(rows, []string{
			v.Value, fmt.Sprint(v.Accounts), fmt.Sprintf("%d (%s)", v.AB.Before, share(v.ShareBefore())), fmt.Sprintf("%d (%s)", v.AB.After, share(v.ShareAfter())),
			fmt.Sprint(v.AB.Enter), fmt.Sprint(v.AB.Leave),
		})
	}
	say(c, "\n")
	table(c, rows)
	if more := len(s.Values) - shownValues; more > 0 {
		say(c, "  and %s more: --json\n", several(more, "value"))
	}
}

func printMoves(c *cli.Context, title string, moves []compare.Move) {
	if len(moves) == 0 {
		return
	}
	rows := [][]string{{title, "grade", "points", "strongest, champion", "strongest, challenger"}}
	for i := range moves[:min(len(moves), shownMoves)] {
		m := &moves[i]
		rows = append(rows, []string{
			m.Domain, m.Before.Grade + " > " + m.After.Grade, points(&m.Before) + " > " + points(&m.After), strongest(&m.Before), strongest(&m.After),
		})
	}
	say(c, "\n")
	table(c, rows)
}

func points(s *compare.Stand) string {
	if s.Points == nil {
		return "none"
	}
	return fmt.Sprintf("%.1f", *s.Points)
}

func strongest(s *compare.Stand) string {
	if len(s.Reasons) == 0 {
		return "none"
	}
	return s.Reasons[0].String()
}
