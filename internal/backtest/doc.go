// Package backtest holds the grades of a past night against what happened since.
//
//	outcomes.go   deals and new customers, and which of them count
//	figures.go    conversion, win rate, deal size and cycle by grade
//	against.go    A and B against the rest: the difference, and the least that
//	              data like these would show
//	document.go   the same on a page
//
// An outcome counts if it came after the night: what was known then may have made
// the grade. Outcomes on or before the night, without a date, dated later than
// the last day, or of accounts that were customers already (the model has learned
// from those) are refused, counted and listed.
//
// Rates have score intervals (Wilson), differences of rates Newcombe's; several
// deals of one account count for less than as many accounts' (design effect).
// Size and cycle have percentile intervals of a bootstrap that draws accounts.
// All are 95 %. A difference that its interval does not tell from nothing is "no
// difference shown", never a tie.
//
// Sales saw the grades: accounts graded A may have been worked more, and so won
// more. The back-test says what followed from the grades and from that together;
// accounts of the exploration slice are how the two are told apart.
//
//	format 1   first version of backtest.json
package backtest

// Format is the version of backtest.json.
const Format = 1
