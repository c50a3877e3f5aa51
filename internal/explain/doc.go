// Package explain puts one account's grade into words that a salesperson can
// repeat to a customer, in English and French.
//
//	Explanation      what is known of the account: JSON
//	Teller           sentences about a model's features, from its own figures
//	Nearest          the fewest changes towards a better grade, in words
//	Blocks           an explanation for a terminal
//	Document         the same for a page
//
// A sentence says what the model's table and counts say, and nothing else: the
// account's value, what it adds or takes, and how common such a value is among
// customers and among other accounts whose value is known.
package explain
