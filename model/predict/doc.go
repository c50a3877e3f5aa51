// Package predict grades a whole account base: it streams a feature table
// through a model and writes the grade table, one row a source row.
//
// Row groups are scored in parallel and committed in order; margins are sums of
// integers. So the file is the same, byte for byte, for any number of
// processors. Memory is bounded by the row groups in flight.
//
// The columns of a grade table are a contract (Fields); what is not scored has
// a reason and the cheapest fix, and never a grade.
package predict

import "github.com/icpfit/icpfit/datasets"

// Fields are the columns of a grade table, in order.
var Fields = []datasets.Field{
	{Name: "domain", Type: datasets.Text},
	{Name: "account_id", Type: datasets.Text},
	{Name: "customer", Type: datasets.Flag},
	{Name: "grade", Type: datasets.Category},          // null: unscored
	{Name: "cut_grade", Type: datasets.Category},      // before hysteresis
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
)

// Causes of a grade that differs from the previous one, the first that holds.
const (
	CauseNew   = "new"   // no grade the night before
	CauseModel = "model" // another model
	CauseData  = "data"  // the account's features
)
