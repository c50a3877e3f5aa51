package page

import (
	"fmt"
	"io"
	"strings"
)

// WriteMarkdown writes the texts and tables of a page. Charts are left out, their
// figures are in the tables.
func WriteMarkdown(w io.Writer, d *Document) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s: %s\n\n%s\n\n", markdown(d.Title), markdown(d.Name), markdown(d.Subtitle))
	fmt.Fprintf(&b, "**%s**\n\n", markdown(d.Headline))
	fmt.Fprintf(&b, "%s: **%s**\n\n", markdown(d.ActionTitle), markdown(d.ActionLabel))
	list(&b, d.Why)
	for _, t := range d.Tiles {
		line := "- **" + markdown(t.Value) + "** " + markdown(t.Label)
		if t.Note != "" {
			line += " (" + markdown(t.Note) + ")"
		}
		b.WriteString(line + "\n")
	}
	for _, s := range d.Sections {
		fmt.Fprintf(&b, "\n## %s\n\n", markdown(s.Title))
		if s.Lead != "" {
			b.WriteString(markdown(s.Lead) + "\n\n")
		}
		for _, p := range s.Parts {
			p.markdown(&b)
		}
	}
	fmt.Fprintf(&b, "---\n\n%s\n", markdown(d.Footer))
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("write Markdown: %w", err)
	}
	return nil
}

func (p Part) markdown(b *strings.Builder) {
	if p.Chart != nil && p.Table == nil && p.Note == "" && p.Legend == "" && p.List == nil {
		return // nothing but a chart
	}
	if p.Title != "" {
		fmt.Fprintf(b, "### %s\n\n", markdown(p.Title))
	}
	p.Table.markdown(b)
	if p.Legend != "" {
		b.WriteString(markdown(p.Legend) + "\n\n")
	}
	if p.Note != "" {
		b.WriteString(markdown(p.Note) + "\n\n")
	}
	list(b, p.List)
	for _, c := range p.Cards {
		fmt.Fprintf(b, "#### %s (%s)\n\n", markdown(c.Title), markdown(c.Sub))
		c.Table.markdown(b)
		if c.Note != "" {
			b.WriteString(markdown(c.Note) + "\n\n")
		}
	}
}

// list writes items, and nothing where there are none.
func list(b *strings.Builder, items []string) {
	for _, text := range items {
		b.WriteString("- " + markdown(text) + "\n")
	}
	if len(items) > 0 {
		b.WriteByte('\n')
	}
}

func (t *Table) markdown(b *strings.Builder) {
	if t == nil {
		return
	}
	titles, rule := "|", "|"
	for _, c := range t.Columns {
		titles += " " + markdown(c.Title) + " |"
		if c.Number {
			rule += " ---: |"
		} else {
			rule += " --- |"
		}
	}
	b.WriteString(titles + "\n" + rule + "\n")
	for _, row := range t.Rows {
		b.WriteByte('|')
		for _, f := range row {
			text := f.Text
			if f.Lines != nil {
				text = strings.Join(f.Lines, " ")
			}
			b.WriteString(" " + markdown(text) + " |")
		}
		b.WriteByte('\n')
	}
	b.WriteByte('\n')
}
