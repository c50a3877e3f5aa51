package compare

import "github.com/icpfit/icpfit/model"

// Unscored stands in a Crossing for accounts without a grade.
const Unscored = "unscored"

// A Crossing counts accounts by their grade before, by the champion, and after,
// by the challenger. Rows and columns are the grades, best first, then Unscored.
type Crossing struct {
	Before []string  `json:"before"` // names of the rows
	After  []string  `json:"after"`  // names of the columns
	Counts [][]int64 `json:"counts"` // by row and column
	A      Flow      `json:"a"`      // into and out of grade A
	AB     Flow      `json:"a_or_b"` // into and out of A and B together
}

// A Flow says how many accounts are in some grades before and after, and who
// comes and goes: After = Before + Enter − Leave.
type Flow struct {
	Before int64 `json:"before"`
	After  int64 `json:"after"`
	Enter  int64 `json:"enter"`
	Leave  int64 `json:"leave"`
}

func newCrossing(before, after *model.Grades) Crossing {
	c := Crossing{Before: grades(before), After: grades(after)}
	for range c.Before {
		c.Counts = append(c.Counts, make([]int64, len(c.After)))
	}
	return c
}

func grades(g *model.Grades) []string {
	var out []string
	for _, c := range g.Cuts {
		out = append(out, c.Grade)
	}
	return append(out, Unscored)
}

// merge adds the counts of another part of the same base.
func (c *Crossing) merge(part *Crossing) {
	for i, row := range part.Counts {
		for j, n := range row {
			c.Counts[i][j] += n
		}
	}
}

// finish counts the flows. A and B are the best two grades of every scale.
func (c *Crossing) finish() {
	c.A, c.AB = c.flow(1), c.flow(2)
}

func (c *Crossing) flow(best int) (f Flow) {
	for i, row := range c.Counts {
		for j, n := range row {
			f.add(i < best, j < best, n)
		}
	}
	return f
}

// add counts n accounts that were in before, and are in after.
func (f *Flow) add(before, after bool, n int64) {
	if before {
		f.Before += n
	}
	if after {
		f.After += n
	}
	if after && !before {
		f.Enter += n
	}
	if before && !after {
		f.Leave += n
	}
}

// merge adds the counts of another part of the same base.
func (f *Flow) merge(part Flow) {
	f.Before += part.Before
	f.After += part.After
	f.Enter += part.Enter
	f.Leave += part.Leave
}

// changed counts the accounts whose grade is another, and of these the better
// and the worse. One without a grade is below all that have one.
func (c *Crossing) changed() (all, up, down int64) {
	for i, row := range c.Counts {
		for j, n := range row {
			switch steps := place(c.Before[i]) - place(c.After[j]); {
			case steps > 0:
				all, up = all+n, up+n
			case steps < 0:
				all, down = all+n, down+n
			}
		}
	}
	return all, up, down
}

// place returns how far down a grade is, whatever its scale: E and F are two
// places apart from D on a scale that has both.
func place(grade string) int {
	if grade == Unscored {
		return 'F' - 'A' + 1
	}
	return int(grade[0] - 'A')
}
