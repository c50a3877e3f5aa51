package features

import (
	"slices"
	"strings"

	"github.com/icpfit/icpfit/datasets"
)

// families leads from an account to its ultimate parent. Its memory grows with
// the accounts that have a parent, about 200 bytes each, not with the base.
// Read-only once the passes over the names are done.
type families struct {
	up     map[uint64]link   // by hash of the id and of the domain of an account with a parent
	domain map[uint64]string // by hash of an id that is some account's parent: its domain, "" until known
}

// A link leads to a parent: a domain key or an id.
type link struct {
	parent string
	row    int64 // where it was found; of several the first row counts
}

func newFamilies() *families {
	return &families{up: map[uint64]link{}, domain: map[uint64]string{}}
}

// maxGenerations ends the walk up a chain of parents that is no real one.
const maxGenerations = 64

// parentName returns the parent that a cell names: a domain key, else the cell
// as an id, else "". A mail provider or a shared host is nobody's parent.
func parentName(cell string) string {
	if cell == "" {
		return ""
	}
	key, reason := datasets.DomainKey(cell)
	if reason == datasets.BadDomain {
		return cut(strings.TrimSpace(cell))
	}
	return key
}

// add notes the parent of the account with this id and this domain key, either
// of which may be "".
func (f *families) add(id, key, parent string, row int64) {
	parent = strings.Clone(parent)
	for _, name := range []string{id, key} {
		if name == "" || name == parent {
			continue
		}
		h := nameHash(name)
		if have, ok := f.up[h]; !ok || row < have.row {
			f.up[h] = link{parent, row}
		}
	}
	if h := nameHash(parent); f.domain[h] == "" {
		f.domain[h] = ""
	}
}

// merge adds what another worker noted.
func (f *families) merge(other *families) {
	for h, l := range other.up {
		if have, ok := f.up[h]; !ok || l.row < have.row {
			f.up[h] = l
		}
	}
	for h := range other.domain {
		f.domain[h] = ""
	}
}

// wanted reports whether there are parents to learn the domains of.
func (f *families) wanted() bool { return f != nil && len(f.domain) > 0 }

// learn notes the domains of the accounts that are parents by their id, the
// first row's of several.
func (f *families) learn(domains texts, ids texts, rows int) {
	if !f.wanted() {
		return
	}
	for i := range rows {
		h := nameHash(ids.at(i))
		if have, ok := f.domain[h]; ok && have == "" {
			key, _ := datasets.DomainKey(domains.at(i))
			f.domain[h] = strings.Clone(key)
		}
	}
}

// top returns the ultimate parent of the account with this id, domain key and
// parent: a domain key, or an id where the base has no such account; "" if it
// is the account itself. Accounts that are parents of each other in a circle
// have one in common, the first of them by name.
func (f *families) top(id, key, parent string) string {
	path := make([]string, 0, 8)
	for name := parent; len(path) < maxGenerations; {
		if at := slices.Index(path, name); at >= 0 {
			parent = f.first(path[at:])
			break
		}
		path = append(path, name)
		parent = name
		up, ok := f.up[nameHash(name)]
		if !ok {
			break
		}
		name = up.parent
	}
	if parent = f.known(parent); parent == key || parent == id {
		return ""
	}
	return parent
}

// known returns the domain of a parent if it has one, else its name.
func (f *families) known(name string) string {
	if key := f.domain[nameHash(name)]; key != "" {
		return key
	}
	return name
}

// first returns the smallest known name of the circle.
func (f *families) first(circle []string) string {
	least := f.known(circle[0])
	for _, name := range circle[1:] {
		least = min(least, f.known(name))
	}
	return least
}
