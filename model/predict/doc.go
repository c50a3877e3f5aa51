// Package predict grades a whole account base: it streams a feature table
// through a model and writes the grade table, one row a source row.
//
// Row groups are scored in parallel and committed in order; margins are sums of
// integers. So the file is the same, byte for byte, for any number of
// processors. Memory is bounded by the row groups in flight: who was in the base of
// the night before, at which row, is found by a join in a temporary file. Where a
// base comes in another order than that of the night before, that night is sorted
// once, in a second one: the time grows with the accounts, not with their square.
//
// The columns of a grade table are a contract (Fields); what is not scored has
// a reason and the cheapest fix, and never a grade. A second table (ChangeFields)
// holds just the accounts whose grade, tier or reasons differ from the night
// before, and those that are gone.
//
// Every grade that differs from that of the night before has exactly one cause,
// the first of these that holds:
//
//	new       the account had no grade and was not excluded
//	gone      it is not in the base any more (in the changes only: it has no row)
//	override  the grade or the exclusion is by hand, or one was withdrawn
//	expiry    a decision by hand has run out
//	model     another model: its points differ
//	cut       the same points, other cuts
//	data      the account's features; cause_feature names the one that moved most
//	          of those whose value changed, where the reasons of the night before
//	          tell which that is
//
// An override neither changes what an account scores (cut_grade, margin, points
// stay the model's) nor is it read by training.
//
//	format 1   first
//	format 2   overridden, exploration; icpfit.marks
package predict

import (
	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/model"
)

// Fields are the columns of a grade table, in order.
var Fields = []datasets.Field{
	{Name: "domain", Type: datasets.Text},
	{Name: "account_id", Type: datasets.Text},
	{Name: "customer", Type: datasets.Flag},
	{Name: "grade", Type: datasets.Category},          // null: unscored
	{Name: "cut_grade", Type: datasets.Category},      // before hysteresis and overrides
	{Name: "previous_grade", Type: datasets.Category}, // of the night before, null: none
	{Name: "cause", Type: datasets.Category},          // why grade differs from previous_grade
	{Name: "cause_feature", Type: datasets.Category},  // for cause data: what moved most
	{Name: "tier", Type: datasets.Integer},
	{Name: "margin", Type: datasets.Integer}, // micro-points, null: unscored
	{Name: "points", Type: datasets.Number},
	{Name: "lift", Type: datasets.Number}, // null for a written grid
	{Name: "firmographic", Type: datasets.Number},
	{Name: "technographic", Type: datasets.Number},
	{Name: "intent", Type: datasets.Number},
	{Name: "priority", Type: datasets.Number},
	{Name: "percentile", Type: datasets.Number},
	{Name: "reasons", Type: datasets.List, Children: []datasets.Field{
		{Name: "feature", Type: datasets.Category},
		{Name: "value", Type: datasets.Category},
		{Name: "micro_points", Type: datasets.Integer},
	}},
	{Name: "unscored_reason", Type: datasets.Category},
	{Name: "unscored_fix", Type: datasets.Category},
	{Name: "model_version", Type: datasets.Category},
	{Name: "overridden", Type: datasets.Flag},  // grade was set by hand
	{Name: "exploration", Type: datasets.Flag}, // offered to sales though graded low
}

// repeated returns the columns that hold a place among quantiles, of which there
// are a thousand, and the priority where it is made of one of them.
func repeated(m *model.Model) []string {
	columns := []string{Fields[colFirmographic].Name, Fields[colTechnographic].Name, Fields[colIntent].Name, Fields[colPercentile].Name}
	if len(m.PillarQuantiles) == 1 {
		columns = append(columns, Fields[colPriority].Name)
	}
	return columns
}

// Indices into Fields.
const (
	colDomain = iota
	colAccountID
	colCustomer
	colGrade
	colCutGrade
	colPreviousGrade
	colCause
	colCauseFeature
	colTier
	colMargin
	colPoints
	colLift
	colFirmographic
	colTechnographic
	colIntent
	colPriority
	colPercentile
	colReasons
	colUnscoredReason
	colUnscoredFix
	colModelVersion
	colOverridden
	colExploration
)

// ChangeFields are the columns of a table of changes, in order. A null grade is
// none: the account is new, not scored, or gone.
var ChangeFields = []datasets.Field{
	{Name: "domain", Type: datasets.Text},
	{Name: "account_id", Type: datasets.Text},
	{Name: "previous_grade", Type: datasets.Category},
	{Name: "grade", Type: datasets.Category},
	{Name: "previous_tier", Type: datasets.Integer},
	{Name: "tier", Type: datasets.Integer},
	{Name: "previous_points", Type: datasets.Number},
	{Name: "points", Type: datasets.Number},
	{Name: "previous_reasons", Type: datasets.List, Children: Fields[colReasons].Children},
	{Name: "reasons", Type: datasets.List, Children: Fields[colReasons].Children},
	{Name: "cause", Type: datasets.Category}, // null: the grade is the same
	{Name: "cause_feature", Type: datasets.Category},
	{Name: "unscored_reason", Type: datasets.Category},
}

// Indices into ChangeFields.
const (
	chDomain = iota
	chAccountID
	chPreviousGrade
	chGrade
	chPreviousTier
	chTier
	chPreviousPoints
	chPoints
	chPreviousReasons
	chReasons
	chCause
	chCauseFeature
	chUnscoredReason
)

// Causes of a grade that differs from the previous one, in the order in which
// they are looked for.
const (
	CauseNew      = "new"
	CauseGone     = "gone"
	CauseOverride = "override"
	CauseExpiry   = "expiry"
	CauseModel    = "model"
	CauseCut      = "cut"
	CauseData     = "data"
)

// Causes lists all of them.
var Causes = []string{CauseNew, CauseGone, CauseOverride, CauseExpiry, CauseModel, CauseCut, CauseData}

// Keys of the files' metadata.
const (
	keyVersion = "icpfit.model_version"
	keyFormat  = "icpfit.format"
	keyMarks   = "icpfit.marks" // what the points and the cuts come to: marksOf
)

// Format is the version of the files.
const Format = "2"
