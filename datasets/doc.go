// Package datasets defines what crosses icpfit's edge: batches of rows held by
// column, the sources that yield them, and the key that names an account.
//
// Each backend is a subpackage, so importing datasets brings in no driver:
//
//	datasets              Batch, Source, RowError, DomainKey
//	datasets/csvfile      delimited text, any separator and encoding
//	datasets/jsonfile     JSON lines
//	datasets/parquetfile  Parquet, read and written column by column
//	datasets/postgres     the rows of a query, through a cursor
//	datasets/anyfile      picks the reader of a file by looking at it
//	datasets/salesforce   header presets of Salesforce exports
//	datasets/hubspot      header presets of HubSpot exports
//	datasets/sample       a seeded account base with a known truth
//	datasets/datasettest  the contract every source passes
//
// Rows are never maps: a Batch holds one slice per column. Times are UTC days.
// A missing number is NaN, a missing text is "", a missing code is -1; zero is
// a value.
package datasets
