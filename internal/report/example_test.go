package report_test

import (
	"log"
	"os"

	"github.com/icpfit/icpfit/internal/report"
)

func ExampleWriteCalls() {
	calls := []report.Call{{
		Domain: "acme.com", AccountID: "17", Name: "=HYPERLINK(\"evil\")", Grade: "A", Tier: 1, Points: 84.26,
		Reasons: []report.Reason{{Text: "employees 130: +6.2"}, {Text: "industry Software: +5.1"}},
	}}
	if err := report.WriteCalls(os.Stdout, calls); err != nil {
		log.Fatal(err)
	}
	// Output:
	// domain,account_id,name,grade,previous_grade,tier,points,reason_1,reason_2,reason_3,reason_4,reason_5,similar
	// "acme.com","17","'=HYPERLINK(""evil"")","A","",1,84.3,"employees 130: +6.2","industry Software: +5.1","","","",""
}
