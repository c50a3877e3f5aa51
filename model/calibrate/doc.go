// Package calibrate makes a learned lift mean what it says: among the pool's
// accounts that a model gives lift 4, customers are four times over-represented.
//
// A lift is a ratio of densities, customers over pool, which is what
// positive–unlabelled data can identify. With π the share of customers in the
// sample, in weight, a log lift l is the log odds ln(π/(1−π)) + l of being one of
// the sample's customers; every method here maps log odds learned out of fold to
// log odds observed.
//
//	slope.go       observed = shift + slope × learned: the one that enters the points,
//	               so that points and calibrated lift agree and reasons still add up
//	limit.go       how much lift the customers of the strongest band can support
//	beta.go        logit p = a ln q − b ln(1−q) + c, a and b at least 0
//	vennabers.go   two isotonic fits an account, one for each label it might have
//	isotonic.go    the best monotone fit, by pooling adjacent violators
//	ece.go         expected calibration error, beside what chance alone would show
//	report.go      what evaluation.json holds of all this
//
// Beta and Venn–Abers are diagnostics: they say what a freer calibration would
// gain, cross-fitted, and never enter the points. They need customers: below 300
// neither is looked at, from 1,000 both are. Isotonic alone is never a
// calibration: it overfits, and serves to split the log loss into
// miscalibration and discrimination.
//
// Rows carry weights, since a sampled pool account stands for several, and keys:
// rows of one key are resampled and left out together.
package calibrate
