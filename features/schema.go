package features

import "github.com/icpfit/icpfit/datasets"

// The columns every accounts table starts with.
var fixedAccounts = []datasets.Field{
	{Name: "domain", Type: datasets.Text},
	{Name: "account_id", Type: datasets.Text},
	{Name: "name", Type: datasets.Text},
	{Name: "row_reason", Type: datasets.Category},
	{Name: "duplicate_of", Type: datasets.Text},
	{Name: "customer", Type: datasets.Flag},
	{Name: "class", Type: datasets.Category},
	{Name: "parent", Type: datasets.Text},
}

// Where these columns are.
const (
	colDomain = iota
	colID
	colName
	colReason
	colDuplicateOf
	colCustomer
	colClass
	colParent
)

// The columns every customers table starts with; the first three are those of
// the accounts.
var fixedCustomers = []datasets.Field{
	{Name: "domain", Type: datasets.Text},
	{Name: "account_id", Type: datasets.Text},
	{Name: "name", Type: datasets.Text},
	{Name: "class", Type: datasets.Category},
	{Name: "weight", Type: datasets.Number},
	{Name: "won_at", Type: datasets.Date},
}

// Where those after the first three are.
const (
	customerClass = iota + 3
	customerWeight
	customerWonAt
)

// fixedNames lists the names no feature may have: those of the fixed columns,
// and the partition's.
func fixedNames() []string {
	names := []string{"as_of"}
	for _, fields := range [][]datasets.Field{fixedAccounts, fixedCustomers} {
		for _, f := range fields {
			names = append(names, f.Name)
		}
	}
	return names
}

// fieldsOf returns the fixed columns and one a spec.
func fieldsOf(fixed []datasets.Field, specs []Spec) []datasets.Field {
	fields := append([]datasets.Field(nil), fixed...)
	for _, s := range specs {
		fields = append(fields, datasets.Field{Name: s.Name, Type: s.Kind.Type()})
	}
	return fields
}

// Dictionaries of the fixed categories. A code is the index.
var (
	reasonTexts = texted(datasets.Reasons)
	classTexts  = texted(Classes)
)

func texted[T ~string](names []T) []string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = string(n)
	}
	return out
}

// codeOf returns the index of v in names, -1 if it is not there.
func codeOf[T comparable](names []T, v T) int32 {
	for i, n := range names {
		if n == v {
			return int32(i)
		}
	}
	return -1
}

// appendText adds a row to a Text column.
func appendText(c *datasets.Column, text string) {
	c.Data = append(c.Data, text...)
	c.Offsets = append(c.Offsets, int32(len(c.Data)))
}

// appendRow adds row i of src to dst, a column of the same type that shares its
// dictionary.
func appendRow(dst, src *datasets.Column, i int) {
	switch src.Type {
	case datasets.Text:
		dst.Data = append(dst.Data, src.Cell(i)...)
		dst.Offsets = append(dst.Offsets, int32(len(dst.Data)))
	case datasets.Number:
		dst.Numbers = append(dst.Numbers, src.Numbers[i])
	case datasets.Date:
		dst.Days = append(dst.Days, src.Days[i])
	case datasets.Flag:
		dst.Flags = append(dst.Flags, src.Flags[i])
	case datasets.Category:
		dst.Codes = append(dst.Codes, src.Codes[i])
	case datasets.Set:
		dst.Codes = append(dst.Codes, src.Items(i)...)
		dst.Offsets = append(dst.Offsets, int32(len(dst.Codes)))
		dst.Null = append(dst.Null, src.Missing(i))
	}
}
