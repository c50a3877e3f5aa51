// Package segment divides the scored accounts of a base, customers and prospects,
// into segments that are complete and do not overlap, and portrays each.
//
//	measure.go     how far two accounts are apart
//	centres.go     how far an account is from the middle of a segment
//	fit.go         k-means: accounts to segments
//	choose.go      how many segments: as many as are found again
//	rand.go        agreement of two divisions: the adjusted Rand index
//	given.go       marketing's own segments, and those of sales
//	reconcile.go   these against each other, and one list for both
//	written.go     segments written by people as rules
//	definition.go  what is kept so that the same segments hold every night
//	night.go       one pass over a base: assignment, counts, typical accounts
//	portrait.go    what sets a segment apart, and its name
//	file.go        segments/as_of=D, written and read
//
// Two accounts are as far apart as their known features differ on average
// (Gower [1]): numbers and dates by the difference of their ranks in the base, 0
// to 1; categories and flags by 1 where they differ; sets by one minus the cosine
// of their items. A feature that either account lacks is left out. Each of these
// is the squared distance of two points, so the plain k-means algorithm on those
// points minimises it, without a table of all pairs: the middle of a segment is
// the share of its accounts in every bin. An account is in the segment whose middle is
// nearest, or in that from whose accounts it is least far on average: whichever gives
// the greater mean silhouette of the accounts. Categories are not turned into numbers,
// and a missing value is neither a value of its own nor filled in.
//
// Fit learns from a sample that is drawn by a hash of the domain; everything after
// it streams. Distances of accounts are sums of integers, so the segments do not
// depend on the number of processors, nor on the order of rows.
//
// [1] Gower, "A general coefficient of similarity and some of its properties",
// Biometrics 27 (1971).
package segment
