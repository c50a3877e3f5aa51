// Package compare holds a challenger against the champion.
//
// Quality is measured out of fold only, on the accounts that both versions were
// measured on, in pairs:
//
//	shared.go    the accounts of both measurements, matched by domain
//	quality.go   the paired differences, and the verdict
//
// What a promotion would change is counted on the whole base, each model by its
// own cuts, without hysteresis and decisions by hand:
//
//	base.go      one pass over the feature table with both models
//	crossing.go  who goes from which grade to which
//	segments.go  the same by the values of categories
//	moves.go     the accounts that move most; moves.csv
//
// Customers of the base have been learned from, so what is counted of them there
// is too good for either model; the same counts out of fold stand beside it.
package compare

// Format is the version of compare.json.
//
//	1  first
const Format = 1

// A Comparison is what `models compare --json` prints and compare.json holds.
type Comparison struct {
	Format     int      `json:"format"`
	Champion   Version  `json:"champion"`
	Challenger Version  `json:"challenger"`
	AsOf       string   `json:"as_of"`   // of the feature table
	Verdict    string   `json:"verdict"` // of Quality
	Quality    *Quality `json:"quality"`
	Base       *Base    `json:"base"`
	Folder     string   `json:"folder,omitempty"` // of compare.json and moves.csv
}

// A Version is one of the two.
type Version struct {
	Version string `json:"version"`
	Learner string `json:"learner"`
	AsOf    string `json:"as_of"` // of the feature table it was trained on
}
