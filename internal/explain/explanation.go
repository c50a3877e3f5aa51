package explain

// An Explanation says why an account has its grade. The micro-points of its
// features sum to its margin.
type Explanation struct {
	Domain     string         `json:"domain"`
	AccountID  string         `json:"account_id"`
	Name       string         `json:"name"`
	Customer   bool           `json:"customer"`
	AsOf       string         `json:"as_of"`
	Version    string         `json:"version"`
	Lang       string         `json:"lang"`  // of the sentences
	Grade      *string        `json:"grade"` // null: unscored
	Tier       int32          `json:"tier,omitempty"`
	Overridden bool           `json:"overridden"` // the grade is by hand
	Points     *float64       `json:"points"`
	BasePoints float64        `json:"base_points"`
	Lift       *float64       `json:"lift"`
	Margin     *int64         `json:"margin"`
	Features   []Contribution `json:"features"` // all of the fit, strongest first
	Unknown    []string       `json:"unknown"`  // features without a value
	Nearest    *Nearest       `json:"nearest"`  // null: there is no better grade, or this one is by hand
	Similar    []Similar      `json:"similar"`
	History    []Night        `json:"history"`
	Reason     string         `json:"unscored_reason,omitempty"`
	Fix        string         `json:"unscored_fix,omitempty"` // in the language of the sentences
}

// A Contribution is what one feature adds to the margin.
type Contribution struct {
	Feature     string `json:"feature"`
	Pillar      string `json:"pillar"`
	Value       string `json:"value"`
	MicroPoints int64  `json:"micro_points"`
	Sentence    string `json:"sentence"`
}

// Similar is a customer like the account.
type Similar struct {
	Domain   string   `json:"domain"`
	Name     string   `json:"name"`
	Distance float64  `json:"distance"` // points by which their values differ in what they are worth, summed over features
	Shared   []Shared `json:"shared"`   // what both have, worth most first
}

// Shared is a value, or items of a set, that two accounts have in common.
type Shared struct {
	Feature     string `json:"feature"`
	Value       string `json:"value"`
	MicroPoints int64  `json:"micro_points"` // what it is worth; with trees, on average
}

// A Night is the account's grade on one date.
type Night struct {
	AsOf         string  `json:"as_of"`
	Grade        string  `json:"grade"` // "" unscored
	Points       float64 `json:"points"`
	Cause        string  `json:"cause"`
	CauseFeature string  `json:"cause_feature"`
	Overridden   bool    `json:"overridden"`
	Excluded     bool    `json:"excluded"` // by hand
	Version      string  `json:"version"`
}

// Nearest is the fewest changes to what is known of the account that reach the
// next better grade, if the rest stays as it is.
type Nearest struct {
	Grade    string `json:"grade"`
	Searched int    `json:"searched"` // numbers of changes that were looked at
	Unknown  []Way  `json:"unknown"`  // ways that only find out what is unknown, likeliest first
	Any      []Way  `json:"any"`      // ways that correct known values too, where fewer changes do it so
	None     string `json:"none,omitempty"`
}

// A Way is changes that are enough together.
type Way struct {
	Sentence string   `json:"sentence"`
	Changes  []Change `json:"changes"`
}

// A Change gives a feature another value: any of Values.
type Change struct {
	Feature string   `json:"feature"`
	Known   bool     `json:"known"` // it has a value now, which would have to be another one
	Values  []string `json:"values"`
	Share   *float64 `json:"share"` // of the pool's accounts whose value is known that have one of Values; of a set, its commonest item; null: not counted
}
