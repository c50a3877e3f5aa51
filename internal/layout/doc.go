// Package layout holds no code: its tests keep the house in order.
//
//	rooms_test.go      the table: every folder, what it may import, and why no more
//	tree_test.go       reads the module's files with go/parser
//	layout_test.go     the checks: folders, imports, names, sizes, banned constructs
//	planted_test.go    for each check, a small tree in which it must find a fault
//
// Imports point one way, along the pipeline (x ◄── y: y imports x):
//
//	datasets ◄── features ◄── model ◄── internal/report ◄── internal/web ◄── internal/pipeline ◄── cmd/icpfit
//
// A new package fails the test until it has a row in the table, so that where it
// stands is decided by somebody and not by whoever needed it first.
package layout
