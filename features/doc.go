// Package features turns an account base into feature tables: two Parquet
// files, one row a source row, one typed column a feature.
//
//	Spec       where a feature's values come from and what they are
//	Input      the base, the columns that name an account, the specs, the customers
//	Build      Input → the accounts and the customers table, and the Audit
//	Scan       the same Audit, with nothing written
//	CheckTime  is nothing known of customers before its time
//	Gate       are there enough customers to learn from, and if not where were they lost
//	Table      reads a folder that Build's files were published in
//
// # Two passes
//
// The first pass reads the names of the rows only and settles which row of a
// domain survives; the second parses and writes. Neither holds the base in
// memory. No result depends on the number of processors or on the size of the
// source's batches. The order of its rows decides only the order of the tables,
// between rows of one domain that are equal in all else, and, by the first
// 16,384 rows, whether 02/03/2025 is in February or in March.
//
// Of the rows of a domain the newest survives, then the one with the most filled
// cells, then the one with the smallest account id.
//
// # Accounts table
//
// The columns FixedAccounts, then one a spec, named as the spec:
//
//	domain        text      the registrable domain; null where there is none
//	account_id    text      the source's id, or the number of the row, from 1
//	name          text
//	row_reason    category  a datasets.Reason; null where the row can be scored
//	duplicate_of  text      account_id of the row of this domain that survived
//	customer      flag      listed as best or pipeline
//	class         category  best, pipeline, ordinary, lost; null: pool
//	parent        text      the ultimate parent: its domain, or its id where the base has none
//
// Every row of the source is a row of the table, in its order. The rows of a
// domain share customer and class, so that a duplicate of a customer is never
// taken for a prospect.
//
// # Customers table
//
// The rows of the accounts table that survive and are best or pipeline, with
// domain, account_id, name, class, weight (number) and won_at (date) first. A
// date feature later than won_at less the lag is missing there: it was not
// known when the customer was won.
//
// # Format
//
// Null is missing, an empty list is a set known to be empty. Metadata of both
// files: icpfit.format, icpfit.table (accounts or customers), icpfit.spec (the
// specs as JSON, pillars with them), icpfit.spec_hash, icpfit.as_of (2026-01-31).
//
//	format 1   first version
//
// The date of a table is in its path only, as_of=2026-01-31.
package features
