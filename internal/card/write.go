package card

import (
	"fmt"
	"io"

	"github.com/icpfit/icpfit/internal/page"
	"github.com/icpfit/icpfit/model/train"
)

// WriteHTML writes card.html: one file that loads nothing from anywhere.
func WriteHTML(w io.Writer, c *Card) error { return c.write(w, "card.html", page.WriteHTML) }

// WriteMarkdown writes card.md: the texts and tables of the HTML card.
func WriteMarkdown(w io.Writer, c *Card) error { return c.write(w, "card.md", page.WriteMarkdown) }

func (c *Card) write(w io.Writer, name string, as func(io.Writer, *page.Document) error) error {
	p, err := page.NewPrinter("en", nil)
	if err == nil {
		err = as(w, c.document(p))
	}
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// document puts a card into words.
func (c *Card) document(p *page.Printer) *page.Document {
	id := c.Identity
	d := &page.Document{
		Lang: p.Lang, Title: "Model card", Name: id.Name, Headline: c.Headline, Subtitle: fmt.Sprintf("%s, %s, data of %s", id.Version, id.Learner, p.Date(id.AsOf)),
		ActionTitle: "Verdict", WarnedAt: "warnings", Key: p.T("key"), Nav: p.T("sections"), Sort: p.T("sort"), Scroll: p.T("scroll"), SameAsTable: p.T("chart.data"),
		Footer: fmt.Sprintf("icpfit model card, %s. The same figures are in card.json and card.md.", id.Version),
	}
	switch id.Verdict {
	case train.Learned:
		d.Action, d.ActionLabel = "keep", "Learned"
	case train.Provisional:
		d.Action, d.ActionLabel = "retrain", "Provisional"
	default:
		d.Action, d.ActionLabel = "fix_data", id.Verdict
	}
	if n := len(c.Warnings); n == 1 {
		d.Warned = "1 warning"
	} else if n > 1 {
		d.Warned = fmt.Sprintf("%d warnings", n)
	}
	d.Why = c.sure()
	d.Tiles = c.tiles(p)
	d.Sections = []page.Section{
		c.useSection(p), c.performanceSection(p), c.driversSection(p), c.gradesSection(p), c.limitsSection(p),
		c.warningsSection(), c.dataSection(p), c.candidatesSection(p), c.monitoringSection(p), c.aboutSection(p),
	}
	return d
}

// sure says in the verdict how much weight the figures bear.
func (c *Card) sure() []string {
	var out []string
	if c.Temporal != nil && c.Temporal.Lower {
		out = append(out, "Customers won later rank lower than the figures above say: see Performance.")
	}
	for _, g := range c.Grades {
		if g.Apart && g.Grade == "A" {
			out = append(out, "The lift that the points promise in grade A is not the one observed: see Grades.")
		}
	}
	return out
}

func (c *Card) tiles(p *page.Printer) []page.Tile {
	var out []page.Tile
	for _, m := range c.Performance {
		switch m.Name {
		case "auc":
			out = append(out, page.NewTile(p.Num(m.Value, 3), "AUC against the pool", fmt.Sprintf("95%% interval %s–%s; 0.5 is chance", p.Num(m.Low, 3), p.Num(m.High, 3))))
		case "capture_10":
			out = append(out, page.NewTile(p.Percent(m.Value), "of the customers are in the best 10% of the pool", fmt.Sprintf("95%% interval %s–%s%%, out of fold", p.Num(100*m.Low, 1), p.Num(100*m.High, 1))))
		}
	}
	if t := c.Temporal; t != nil {
		out = append(out, page.NewTile(p.Num(t.AUC.Value, 3), "AUC among customers won later", "since "+p.Date(t.From)))
	}
	out = append(out, page.NewTile(p.Count(int64(c.Data.Customers)), "customers learned from", fmt.Sprintf("against %s accounts of the pool", p.Num(c.Data.PoolStands, 0))))
	return append(out, page.NewTile(p.Date(c.Identity.ReviewOn), "review due", "overdue after "+p.Date(c.Identity.ExpiresOn)))
}
