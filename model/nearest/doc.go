// Package nearest finds the fewest changes to what is known of an account that
// lift it to a better grade.
//
// A change gives one feature another value: finding out one that is unknown, or
// correcting one that is known. Some known values nobody can correct into others,
// such as the year a company was founded (Settled). Of a set, a change is one item
// more. Free text is not changed.
//
// Numbers of changes are tried in turn, and for each the combinations of features
// whose best values could be enough; a combination counts where the model itself,
// its hysteresis and trees included, gives the better grade to the changed account.
// So no smaller number does it, and every value that is named does.
package nearest

import (
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model"
	"github.com/icpfit/icpfit/model/bin"
)

// Limits of a search.
const (
	MostChanges = 3       // nobody checks more fields of one account
	mostRows    = 1 << 19 // changed accounts that are scored: about a second with many trees
	waysShown   = 3
	enough      = 8 // combinations of several features after which the search ends
)

// A Question is about one account.
type Question struct {
	Model   *model.Model
	Scorer  *model.Scorer // of Model
	Columns []bin.Column  // of one row: by term, then by intent signal
	Grade   string        // that it has
}

// An Answer lists the fewest changes. Unknown are ways that only find out what is
// unknown; Any, where less is enough so or Unknown is empty, are ways that correct
// what is known too. Ways are listed from the likeliest on.
type Answer struct {
	Grade    string // that the ways reach: the next better one
	Unknown  []Way
	Any      []Way
	Searched int // no other number of changes up to this one reaches it
}

// A Way is a set of changes that are enough together, and none of them to spare.
type Way struct{ Changes []Change }

// A Change gives a feature another value.
type Change struct {
	Term  int
	Known bool  // its value is known, and would have to be another one
	Slots []int // any of these is enough, ascending; of a set, the item that is there besides those that are

	// Share is the share of the pool's accounts whose value is known that have one
	// of these; of a set, the greatest share of one of the items. Negative where
	// the model holds no counts.
	Share float64
}

// Settled reports whether a known value of that feature is a fact that does not
// become another one: a date, a year, a country.
func Settled(s features.Spec) bool {
	return s.Kind == features.Date || s.Parser == "year" || s.Parser == "country"
}
