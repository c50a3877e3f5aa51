// Package feedback holds the grades of a night against what sales and marketing
// say: accounts graded A or B that sales rejects, accounts of the two lowest
// grades that were won, and what these have in common.
//
//	feedback.go  the newest verdict of each account, by grade; campaigns
//	people.go    the accounts of a disagreement and those of the same grades
//	shared.go    values that they have more often than chance explains
//	document.go  the same on a page
//
// A disagreement is looked at within its grades: an account graded A is held
// against other accounts graded A, so that what made the grade is not taken for
// what they share. Every value of every feature is looked at, a number also by
// "at most" and "over" each of its edges, hundreds in all, so that some are more
// frequent by chance. A value is named only where a difference as strong as its own
// is met, anywhere among all values, in at most 5 % of 1,999 draws of as many
// accounts of the same grades (Westfall and Young, "Resampling-based multiple
// testing", 1993). Where chance explains everything, nothing is named.
//
// What people say changes no score and is not learned from.
package feedback
