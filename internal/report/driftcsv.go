package report

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/icpfit/icpfit/internal/page"
)

// WriteDrift writes how many accounts of the pool have each value of each feature
// as CSV with a header: feature, value, trained, before, now, points. before is
// empty where there is no night before by the same model; a set has a line an item,
// beside how many are unknown and known. It is all that drift is computed from.
// Every text is quoted, and one that a spreadsheet would take for a formula starts
// with an apostrophe.
func WriteDrift(w io.Writer, r *Report) error {
	var b strings.Builder
	b.WriteString("feature,value,trained,before,now,points\n")
	for i := range r.Drift {
		d := &r.Drift[i]
		for _, s := range d.slots {
			before := ""
			if s.before >= 0 {
				before = strconv.FormatInt(s.before, 10)
			}
			fmt.Fprintf(&b, "%s,%s,%d,%s,%d,%s\n", page.Cell(d.Feature), page.Cell(s.label), s.then, before, s.now, strconv.FormatFloat(s.points, 'f', -1, 64))
		}
	}
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("write drift: %w", err)
	}
	return nil
}
