package report_test

import (
	"fmt"

	"github.com/icpfit/icpfit/internal/report"
)

func ExampleSay() {
	was, is, limit := 2000.0, 1580.0, 1600.0
	gates := []report.Gate{{Code: report.BaseShrunk, Was: &was, Is: &is, Limit: &limit}}
	if err := report.Say(gates, "en"); err != nil {
		panic(err)
	}
	fmt.Println(gates[0].Message)
	// Output: the base has shrunk from 2,000 to 1,580 accounts, at least 1,600 wanted
}
