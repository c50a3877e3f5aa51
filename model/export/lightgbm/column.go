package lightgbm

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/model/bin"
)

// MatrixFormat is the version of the file beside an exported model.
//
//	1  first
const MatrixFormat = 1

// A Matrix says how the columns of an exported model are made of the feature
// table: what NAME.features.json holds.
type Matrix struct {
	Format     int      `json:"format"`
	Version    string   `json:"version"`     // of the model
	AsOf       string   `json:"as_of"`       // of the table it was trained on; ages are counted to that of the table to be scored
	ModelHash  string   `json:"model_hash"`  // SHA-256 of the LightGBM text
	BasePoints float64  `json:"base_points"` // margin = 10⁶ · (points - base_points)
	Raw        string   `json:"raw"`         // what the raw score is, in words
	Trees      int      `json:"trees"`
	Columns    []Column `json:"columns"` // in the order of the matrix
}

// What a column holds; the package's comment describes each.
const (
	asNumber = "number"
	asAge    = "age"
	asFlag   = "flag"
	asCode   = "code"
	asItem   = "item"
	asKnown  = "known"
)

// A Column is one column of a matrix.
type Column struct {
	Name    string   `json:"name"`
	Feature string   `json:"feature"`
	As      string   `json:"as"`
	Values  []string `json:"values,omitempty"` // code: folded, by code
	Item    *string  `json:"item,omitempty"`   // item: folded
}

// newColumn returns the column by which slot of a feature is asked for.
func newColumn(b *bin.Binning, slot int) Column {
	c := Column{Name: Quote(b.Feature), Feature: b.Feature}
	switch {
	case b.Kind == features.Number:
		c.As = asNumber
	case b.Kind == features.Date:
		c.As = asAge
	case b.Kind == features.Flag:
		c.As = asFlag
	case b.Kind == features.Category:
		c.As, c.Values = asCode, b.Values
		if c.Values == nil {
			c.Values = []string{}
		}
	case slot < 2:
		c.As = asKnown
	default:
		c.As, c.Item = asItem, &b.Items[slot-2]
		c.Name = Indicator(b.Feature, *c.Item)
	}
	return c
}

// info returns LightGBM's word for the values of a column.
func (c *Column) info(b *bin.Binning) string {
	switch {
	case c.As == asCode:
		codes := make([]int, len(c.Values)+1)
		for i := range codes {
			codes[i] = i
		}
		return strings.ReplaceAll(join(codes, func(i int) string { return fmt.Sprint(i) }), " ", ":")
	case (c.As == asNumber || c.As == asAge) && len(b.Edges) > 0:
		return "[" + double(b.Edges[0]) + ":" + double(b.Edges[len(b.Edges)-1]) + "]"
	case c.As == asNumber || c.As == asAge:
		return "none"
	}
	return "[0:1]"
}

// Indicator returns the name of the column that is 1 where a category has the
// value or a set the item.
func Indicator(feature, value string) string { return Quote(feature) + "=" + Quote(value) }

// Quote writes a text so that LightGBM takes it in a name: every byte but
// letters, digits and "_.-~" of ASCII as %XX, as Python's
// urllib.parse.quote(text, safe="") does.
func Quote(text string) string {
	var b strings.Builder
	for i := range len(text) {
		c := text[i]
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', strings.IndexByte("_.-~", c) >= 0:
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// unquote undoes Quote, also of a text that was not quoted.
func unquote(text string) string {
	if plain, err := url.PathUnescape(text); err == nil {
		return plain
	}
	return text
}
