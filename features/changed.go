package features

import "github.com/icpfit/icpfit/datasets"

// mostMonths is the age from which records are not told apart.
const mostMonths = 120

// A Changed counts the rows of a base by how long ago they were last changed.
type Changed struct {
	Column string  `json:"column"`
	Dated  int64   `json:"dated"`   // rows that say when
	Months []int64 `json:"months"`  // of these, by whole months of 30.4 days before the day of the table; the last: that old or older
	Others int64   `json:"undated"` // rows that do not say
}

// newChanged returns no counts; nil where no column says when a row was changed,
// or one of numbers does, of which nobody knows the unit.
func newChanged(b *base) *Changed {
	if b.layout.modified < 0 {
		return nil
	}
	f := b.schema[b.layout.modified]
	if f.Type == datasets.Number || f.Type == datasets.Integer {
		return nil
	}
	return &Changed{Column: f.Name, Months: make([]int64, mostMonths+1)}
}

// count counts n rows. A change after asOf is none of that day's records: it
// counts as new.
func (c *Changed) count(at *instants, n int, asOf int32) {
	if c == nil {
		return
	}
	for i := range n {
		seconds := at.at(i)
		if seconds == unknownTime {
			c.Others++
			continue
		}
		c.Dated++
		months := (int64(asOf)*86400 - seconds) * 12 / (36525 * 864)
		c.Months[max(0, min(months, mostMonths))]++
	}
}

func (c *Changed) add(other *Changed) {
	if c == nil {
		return
	}
	c.Dated, c.Others = c.Dated+other.Dated, c.Others+other.Others
	for i, n := range other.Months {
		c.Months[i] += n
	}
}

// Older returns how many rows were last changed so many months ago or more.
func (c *Changed) Older(months int) (n int64) {
	for _, k := range c.Months[max(0, min(months, len(c.Months))):] {
		n += k
	}
	return n
}
