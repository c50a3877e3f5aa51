package features

import (
	"cmp"
	"hash/maphash"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/icpfit/icpfit/datasets"
)

// A candidate is a row with a domain, as the first pass keeps it: 24 bytes.
type candidate struct {
	hash     uint64 // nameHash of the domain
	modified int64  // grows with time; math.MinInt64 where unknown
	row      uint32 // from 0
	filled   uint16 // cells that are not empty
}

// better compares two candidates of one domain by the rule for survivors, but
// for the last step, the account's id: the newest first, then the most complete.
func better(a, b candidate) int {
	return cmp.Or(cmp.Compare(b.modified, a.modified), cmp.Compare(b.filled, a.filled))
}

// byDomain orders candidates by domain, then the better first, then by row.
func byDomain(a, b candidate) int {
	if a.hash != b.hash {
		return cmp.Compare(a.hash, b.hash)
	}
	return cmp.Or(better(a, b), cmp.Compare(a.row, b.row))
}

// Candidates are kept in partitions by their hash, each of which is sorted on its
// own, and these in blocks, so that they never move while they grow.
const (
	partitions = 256
	blockRows  = 256
)

// A census is what the first pass found: for each domain of several rows, which
// one survives. It is read-only once resolved.
type census struct {
	parts [partitions][][]candidate
	own   rowSet // rows whose domain is written as its own key
	duplicates
}

// key is datasets.DomainKey of the domain of a row, which is looked up once: by the
// first pass, for most. Where somebody changes the base between the passes, of which
// the manifest then says that it was not settled, another host may stand there; it is
// taken as it is.
func (c *census) key(row int64, raw string) (string, datasets.Reason) {
	if c.own.has(row) && datasets.IsHost(raw) {
		return raw, ""
	}
	return datasets.DomainKey(raw)
}

// duplicates are the domains of several rows.
type duplicates struct {
	members []member // their rows, by row
	groups  []group
}

// A member is one row of a group.
type member struct {
	row, group uint32
	top        bool // as new and as complete as the best of its group
}

// A group is a domain with several rows.
type group struct {
	survivor uint32
	id       string // of the survivor; "" until known
}

// add takes a row into the census.
func (c *census) add(row candidate) {
	p := &c.parts[row.hash>>56]
	if n := len(*p); n == 0 || len((*p)[n-1]) == blockRows {
		*p = append(*p, make([]candidate, 0, blockRows))
	}
	last := &(*p)[len(*p)-1]
	*last = append(*last, row)
}

// settle finds the groups and drops the candidates. Which of a group's top
// members survives is settled here where rows have no ids, and by their ids
// later otherwise.
func (c *census) settle() {
	var found [partitions]duplicates
	var g errgroup.Group
	workers := runtime.GOMAXPROCS(0)
	for first := range workers {
		g.Go(func() error {
			var rows []candidate
			for p := first; p < partitions; p += workers {
				rows = rows[:0]
				for _, block := range c.parts[p] {
					rows = append(rows, block...)
				}
				c.parts[p] = nil
				found[p].find(rows)
			}
			return nil
		})
	}
	_ = g.Wait() // finding does not fail
	for _, d := range found {
		for _, m := range d.members {
			m.group += uint32(len(c.groups))
			c.members = append(c.members, m)
		}
		c.groups = append(c.groups, d.groups...)
	}
	slices.SortFunc(c.members, func(a, b member) int { return cmp.Compare(a.row, b.row) })
}

// find sorts rows and adds the groups among them.
func (d *duplicates) find(rows []candidate) {
	slices.SortFunc(rows, byDomain)
	for len(rows) > 0 {
		n := 1
		for n < len(rows) && rows[n].hash == rows[0].hash {
			n++
		}
		if n > 1 {
			d.addGroup(rows[:n])
		}
		rows = rows[n:]
	}
}

// addGroup adds the domain that the sorted rows share.
func (d *duplicates) addGroup(rows []candidate) {
	g := uint32(len(d.groups))
	d.groups = append(d.groups, group{survivor: rows[0].row})
	for _, r := range rows {
		d.members = append(d.members, member{r.row, g, better(r, rows[0]) == 0})
	}
}

// offer makes the row survive if its id is smaller than the one so far.
func (g *group) offer(row uint32, id string) {
	if g.id == "" || id < g.id {
		g.survivor, g.id = row, strings.Clone(id)
	}
}

// rowID returns the account's id: the id cell or, where that is empty, the
// number of the row, counted from 1. row counts from 0.
func rowID(cell string, row int64) string {
	if cell == "" {
		return strconv.FormatInt(row+1, 10)
	}
	return cut(cell)
}

// from returns the members with rows of at least row.
func (c *census) from(row int64) []member {
	at, _ := slices.BinarySearchFunc(c.members, row, func(m member, row int64) int {
		return cmp.Compare(int64(m.row), row)
	})
	return c.members[at:]
}

// survivor returns the id of the row that a member was merged into, and true,
// or false if the member itself survives.
func (c *census) survivor(m member) (id string, merged bool) {
	g := &c.groups[m.group]
	if g.survivor == m.row {
		return "", false
	}
	return rowID(g.id, int64(g.survivor)), true
}

// nameHash returns a hash of a domain or an id by which both are compared. It
// differs from run to run, which changes no result, so that nobody can choose
// names that are taken for each other; among 10 million the chance that any two
// are is 3 in a million.
func nameHash(name string) uint64 { return maphash.String(nameSeed, name) }

var nameSeed = maphash.MakeSeed()
