package report

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/icpfit/icpfit/internal/page"
)

// callReasons is the number of reason columns of calls.csv.
const callReasons = 5

// WriteCalls writes calls as CSV with a header: domain, account_id, name, grade,
// previous_grade, tier, points, reason_1 to reason_5, similar. Every text is
// quoted, and one that a spreadsheet would take for a formula starts with an
// apostrophe. Numbers have a decimal point in every language.
func WriteCalls(w io.Writer, calls []Call) error {
	var b strings.Builder
	b.WriteString("domain,account_id,name,grade,previous_grade,tier,points")
	for i := range callReasons {
		fmt.Fprintf(&b, ",reason_%d", i+1)
	}
	b.WriteString(",similar\n")
	for _, c := range calls {
		for _, text := range []string{c.Domain, c.AccountID, c.Name, c.Grade, c.Previous} {
			b.WriteString(page.Cell(text) + ",")
		}
		b.WriteString(strconv.Itoa(int(c.Tier)) + "," + strconv.FormatFloat(c.Points, 'f', 1, 64))
		for i := range callReasons {
			text := ""
			if i < len(c.Reasons) {
				text = c.Reasons[i].Text
			}
			b.WriteString("," + page.Cell(text))
		}
		b.WriteString("," + page.Cell(strings.Join(page.CleanAll(c.Similar), "; ")) + "\n")
	}
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("write calls: %w", err)
	}
	return nil
}
