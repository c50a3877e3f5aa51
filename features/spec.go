package features

import "github.com/icpfit/icpfit/datasets"

// A Pillar is one of the three groups of features.
type Pillar string

// The pillars.
const (
	Firmographic  Pillar = "firmographic"
	Technographic Pillar = "technographic"
	Intent        Pillar = "intent"
)

// Pillars lists the pillars in the order reports show them.
var Pillars = []Pillar{Firmographic, Technographic, Intent}

// A Kind says what a feature's values are.
type Kind string

// The kinds of features, and the type of their column in a feature table.
const (
	Number   Kind = "number"   // double
	Category Kind = "category" // string
	Set      Kind = "set"      // list of strings: null unknown, empty known to be none
	Flag     Kind = "flag"     // bool
	Date     Kind = "date"     // date; models see its age in days at the table's date
	Words    Kind = "words"    // free text, held as the set of its words
)

// Kinds lists the kinds.
var Kinds = []Kind{Number, Category, Set, Flag, Date, Words}

// A Spec defines one feature: where its values come from and what they are.
type Spec struct {
	Name      string `json:"name"`                // the column in the feature table; unique
	Pillar    Pillar `json:"pillar"`              //
	Kind      Kind   `json:"kind"`                //
	Column    string `json:"column"`              // the source's column
	Parser    string `json:"parser,omitempty"`    // a name of parse.Names; "" is the kind's default
	Separator string `json:"separator,omitempty"` // between the items of a set; "" is "|"
	Monotone  int    `json:"monotone,omitempty"`  // +1: more is better, -1: less is better, 0: either; number, date and flag only
	Missing   string `json:"missing,omitempty"`   // neutral or learn; "" is the model's setting
	Empty     string `json:"empty,omitempty"`     // what an empty cell of a set means: unknown, which "" is too, or none of the items
}

// Type returns the type of the kind's column in a feature table.
func (k Kind) Type() datasets.Type {
	switch k {
	case Number:
		return datasets.Number
	case Category:
		return datasets.Category
	case Flag:
		return datasets.Flag
	case Date:
		return datasets.Date
	default:
		return datasets.Set
	}
}
