package card

import (
	"github.com/icpfit/icpfit/internal/page"
	"github.com/icpfit/icpfit/model/metrics"
)

// Format is the version of card.json.
const Format = 1

// A Card holds all figures and sentences of a model card. Shares are from 0 to 1,
// dates are 2006-01-02; lists are empty rather than null.
type Card struct {
	Format      int           `json:"format"`
	Headline    string        `json:"headline"`
	Identity    Identity      `json:"identity"`
	Use         Use           `json:"use"`
	Data        Data          `json:"data"`
	Features    []Feature     `json:"features"` // of the fit, strongest first
	Excluded    []Excluded    `json:"excluded"`
	Warnings    []Warning     `json:"warnings"`
	Performance []Measure     `json:"performance"`
	Candidates  []Candidate   `json:"candidates"` // on the same folds
	Table       string        `json:"table"`      // what a table alone, which people can edit, would cost
	Weights     []Weight      `json:"weights"`    // of the learners in a blend
	Temporal    *Temporal     `json:"temporal"`   // null: too few customers are dated
	Holdout     []Measure     `json:"holdout"`    // on accounts that took no part in training
	Segments    []Segment     `json:"segments"`
	Calibration *Calibration  `json:"calibration"` // null for a written grid
	Grades      []Grade       `json:"grades"`      // best first
	GradeNotes  []string      `json:"grade_notes"`
	Importance  []Importance  `json:"importance"` // strongest first
	Shapes      []page.Shape  `json:"shapes"`     // in the same order
	Curve       *Curve        `json:"learning_curve"`
	Stability   []string      `json:"stability"`
	Edits       []Edit        `json:"edits"`
	Limits      []string      `json:"limits"`
	Support     []SupportPart `json:"support"` // shares of the pool unlike every customer
	Monitoring  []Check       `json:"monitoring"`
}

// Identity says which model this is, and who answers for it.
type Identity struct {
	Name      string `json:"name"` // the ICP's
	Version   string `json:"version"`
	AsOf      string `json:"as_of"` // nothing learned after that day is in it
	Learner   string `json:"learner"`
	Chosen    string `json:"chosen"` // how
	Verdict   string `json:"verdict"`
	TrainedBy string `json:"trained_by"`
	Approval  string `json:"approval"`
	ReviewOn  string `json:"review_on"`
	ExpiresOn string `json:"expires_on"`
	SpecHash  string `json:"spec_hash"`
	Seed      uint64 `json:"seed"`
	Missing   string `json:"missing"`
}

// Use says what the model is for.
type Use struct {
	For    []string `json:"for"`
	NotFor []string `json:"not_for"`
	SCAR   []string `json:"scar"` // what the customers stand for, and what not
}

// Data says what was learned from.
type Data struct {
	Positives      string  `json:"positives"` // what makes an account a customer
	Customers      int     `json:"customers"`
	CustomerGroups int     `json:"customer_groups"`
	Dated          int     `json:"dated"`
	WonFirst       string  `json:"won_first,omitempty"`
	WonLast        string  `json:"won_last,omitempty"`
	LagDays        int     `json:"lag_days"`
	Pool           int     `json:"pool"`        // accounts in the training sample
	PoolStands     float64 `json:"pool_stands"` // accounts that they stand for
	Sampling       string  `json:"sampling"`
	Funnel         []Step  `json:"funnel"` // of the customers, from the list to the model
	Folds          string  `json:"folds"`  // how it was measured
}

// A Step of the customers' funnel.
type Step struct {
	Name  string `json:"name"`
	Count int    `json:"count"`
	Lost  int    `json:"lost"`
}

// A Feature of the fit.
type Feature struct {
	Feature   string   `json:"feature"`
	Pillar    string   `json:"pillar"`
	Kind      string   `json:"kind"`
	Customers float64  `json:"coverage_customers"`
	Pool      float64  `json:"coverage_pool"`
	Missing   string   `json:"missing"`           // neutral or learn
	IV        *float64 `json:"information_value"` // over its bins, unknown left out; null for sets
	Noise     *float64 `json:"information_noise"` // what it averages where there is nothing to know
}

// An Excluded feature is in icpfit.yaml and not in the fit.
type Excluded struct {
	Feature string `json:"feature"`
	Reason  string `json:"reason"`
}

// A Warning of the training.
type Warning struct {
	Code    string `json:"code"`
	Feature string `json:"feature"`
	Message string `json:"message"`
}

// A Measure is a figure with its interval and what it means.
type Measure struct {
	Name  string  `json:"name"` // auc, capture_K
	Label string  `json:"label"`
	Share float64 `json:"share,omitempty"` // of the pool that is looked at
	metrics.Interval
	Lift  *metrics.Interval `json:"lift,omitempty"`
	Means string            `json:"means"`
}

// A Candidate is a way of ranking that was tried.
type Candidate struct {
	Learner    string           `json:"learner"`
	Kind       string           `json:"kind"`
	AUC        metrics.Interval `json:"auc"`
	Capture    metrics.Interval `json:"capture_10"`
	LogLoss    *float64         `json:"log_loss"`
	Difference metrics.Interval `json:"auc_difference"` // less the chosen one, paired
	Chosen     bool             `json:"chosen"`
	Means      string           `json:"means"`
}

// A Weight of a learner in a blend.
type Weight struct {
	Learner string  `json:"learner"`
	Weight  float64 `json:"weight"`
}

// Temporal measures on the customers won last.
type Temporal struct {
	From      string           `json:"from"`
	Trained   int              `json:"trained"`
	Customers int              `json:"customers"`
	AUC       metrics.Interval `json:"auc"`
	Random    metrics.Interval `json:"auc_random"` // on folds dealt at random
	Capture   metrics.Interval `json:"capture_10"`
	Lower     bool             `json:"lower"` // beyond what chance explains
	Means     string           `json:"means"`
}

// A Segment is a part of the accounts.
type Segment struct {
	Role      string           `json:"role"`
	Feature   string           `json:"feature"`
	Label     string           `json:"label"`
	Customers int              `json:"customers"`
	Pool      int              `json:"pool"`
	AUC       metrics.Interval `json:"auc"`
	Capture   float64          `json:"capture_10"`
	Means     string           `json:"means"`
}

// Calibration says whether the lifts shown are those observed.
type Calibration struct {
	Slope  float64           `json:"slope"` // entered the points
	Shift  float64           `json:"shift"`
	Fitted *metrics.Interval `json:"fitted_slope,omitempty"` // maximum likelihood
	ECE    *metrics.Interval `json:"ece,omitempty"`
	Noise  *float64          `json:"ece_noise,omitempty"` // of a model that is right
	Most   *float64          `json:"most,omitempty"`      // lift that no account may exceed
	Means  []string          `json:"means"`
}

// A Grade with what was predicted and what was observed.
type Grade struct {
	Grade     string            `json:"grade"`
	Tier      int32             `json:"tier"`
	From      *float64          `json:"from"` // least points
	PoolShare float64           `json:"pool_share"`
	Accounts  float64           `json:"accounts"`  // of the pool
	Customers int               `json:"customers"` // out of fold
	Captured  metrics.Interval  `json:"captured"`
	Lift      *metrics.Interval `json:"lift"`      // observed; null: nobody is in the grade, or a written grid
	Predicted *float64          `json:"predicted"` // mean lift that the model gives
	Apart     bool              `json:"apart"`     // the prediction is outside of the interval
	Means     string            `json:"means"`
}

// Importance of a feature in three ways.
type Importance struct {
	Feature      string            `json:"feature"`
	Pillar       string            `json:"pillar"`
	MeanAbsolute float64           `json:"mean_absolute"`
	Gain         *metrics.Interval `json:"gain"`
	GainShare    *float64          `json:"gain_share"`
	CaptureDrop  *metrics.Interval `json:"capture_10_drop"`
	Means        string            `json:"means"`
}

// Curve is the learning curve.
type Curve struct {
	Learner string           `json:"learner"`
	Points  []CurvePoint     `json:"points"`
	Ceiling float64          `json:"ceiling"`
	Slope   float64          `json:"slope"`
	Doubled metrics.Interval `json:"doubled"`
	Answer  string           `json:"answer"` // would more customers help?
}

// A CurvePoint is the AUC with so many customers, and the fit through it.
type CurvePoint struct {
	Customers int              `json:"customers"`
	AUC       metrics.Interval `json:"auc"`
	Fitted    float64          `json:"fitted"`
}

// An Edit of the points by people.
type Edit struct {
	Feature string `json:"feature"`
	What    string `json:"what"`
}

// A SupportPart is a share of the pool that no customer is like.
type SupportPart struct {
	Of    string  `json:"of"`
	Share float64 `json:"share"`
	Means string  `json:"means"`
}

// A Check of the monitoring plan.
type Check struct {
	What      string `json:"what"`
	Threshold string `json:"threshold"`
	Then      string `json:"then"`
	When      string `json:"when"`
}
