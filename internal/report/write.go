package report

import (
	"fmt"
	"io"

	"github.com/icpfit/icpfit/internal/page"
)

// WriteHTML writes report.html: one file that loads nothing from anywhere.
func WriteHTML(w io.Writer, r *Report) error { return r.write(w, "report.html", page.WriteHTML) }

// WriteMarkdown writes report.md: the texts and tables of the HTML report.
func WriteMarkdown(w io.Writer, r *Report) error { return r.write(w, "report.md", page.WriteMarkdown) }

func (r *Report) write(w io.Writer, name string, as func(io.Writer, *page.Document) error) error {
	d, err := r.document()
	if err == nil {
		err = as(w, d)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}
