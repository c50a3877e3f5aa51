// Package drift tells whether the pool of a night still looks like the pool a
// model was trained on, what that does to the points, and how sure that is.
//
//	Counter   tallies a pool as it is scored: the training's, then every night's
//	Compare   a night against the training and against the night before → Drift
//	Table     one comparison of two histograms, with its limit
//
// # What is compared
//
// The training counts a sample of the pool (model.json's experience, 20,000
// accounts or more where the base has them); a night counts the whole pool of the
// base: accounts with a domain of their own that are in no class of customers.
//
// Of each feature three things are looked at, apart: how the known values fall
// into the model's bins; how many are known at all; how many of the known are new
// to the model, which no bin can show. A set is a table of two cells an item, has
// and has not, among the accounts whose set is known; it stands as the item that
// moved most. All against the training, and the first two against the night
// before, which tells a change overnight, a fault of the data more often than of
// the market, from one that came slowly.
//
// # Limits
//
// Every comparison is measured by its PSI (metrics.PSI). It is an alarm above
//
//	limit = max(0.10, what chance passes)
//
// 0.10 is the customary least PSI that matters, however sure it is. What chance
// passes (metrics.PSILimit) knows the sizes of both samples and how many
// comparisons are made: it is taken at Level divided by their number (Bonferroni),
// for the items of a set also by the number of items, so that chance raises any
// alarm at all in at most one night in a hundred. Cells in which fewer than 20
// accounts are to be expected in the smaller sample are joined with their
// neighbours, where the χ² that the limit is taken from would not hold.
//
// The limit is that of independent samples. Most accounts of a night were there
// the night before, and when the model was trained, so what chance does is less:
// a base of N accounts that does not change, of which n were trained on, is off by
// 1/n − 1/N instead of 1/n + 1/N. The limit is thus an upper bound, and alarms
// without cause are rarer than one in a hundred.
//
// # Points
//
// What a feature's drift does to the average account is its mean contribution
// tonight less that in the training. Without trees that is, for each bin, the
// change of its share times its points. With trees an account's contribution is
// what the nodes that ask for the feature add on its path (model.PointTree): the
// mean of these is exact too, and those of all features sum to the shift of the
// mean margin. What another feature's drift changes on the way to a node is then
// with the feature of that node.
package drift
