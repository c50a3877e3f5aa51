// Package model holds the artifact that icpfit learns: a table of points, one
// integer for every bin of every feature, with the cuts that turn their sum
// into grades.
//
// Written grid, logistic regression and boosted scorecard all end as the same
// Model. Its margin is an int64 sum of micro-points, so it does not depend on
// the order of addition, and the points of the features of an account add up
// to it exactly.
//
//	points = base + margin / 1e6,  lift = 2^((points - 50) / 10)
//
// so +10 points is twice the lift, and 50 points is the average pool account.
// Contributions are centred on the pool: the average pool account has margin 0.
package model
