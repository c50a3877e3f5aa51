package parquetfile

import (
	"encoding/json"
	"fmt"

	"github.com/icpfit/icpfit/datasets"
)

// pandasKey is the metadata in which pandas looks for the dtypes of columns.
const pandasKey = "pandas"

// pandasColumn is a column in the metadata that pandas writes and reads
// (pandas developer documentation, "Storing pandas DataFrame objects in Apache
// Parquet format").
type pandasColumn struct {
	Name       string  `json:"name"`
	FieldName  string  `json:"field_name"`
	PandasType string  `json:"pandas_type"`
	NumpyType  string  `json:"numpy_type"`
	Metadata   *string `json:"metadata"`
}

// encodePandas returns the metadata that makes pandas read integers and flags
// with missing cells as nullable ones. Without it they become floats and
// objects, and a margin that is exact in the file would be rounded.
func encodePandas(fields []datasets.Field, int32s map[string]bool) (string, error) {
	columns := []pandasColumn{}
	for _, f := range fields {
		c := pandasColumn{Name: f.Name, FieldName: f.Name}
		switch {
		case f.Type == datasets.Integer && int32s[f.Name]:
			c.PandasType, c.NumpyType = "int32", "Int32"
		case f.Type == datasets.Integer:
			c.PandasType, c.NumpyType = "int64", "Int64"
		case f.Type == datasets.Flag:
			c.PandasType, c.NumpyType = "bool", "boolean"
		default:
			continue
		}
		columns = append(columns, c)
	}
	text, err := json.Marshal(struct {
		IndexColumns  []string       `json:"index_columns"`
		ColumnIndexes []string       `json:"column_indexes"`
		Columns       []pandasColumn `json:"columns"`
		Version       string         `json:"pandas_version"`
	}{[]string{}, []string{}, columns, "2.0.0"})
	if err != nil {
		return "", fmt.Errorf("pandas metadata: %w", err)
	}
	return string(text), nil
}
