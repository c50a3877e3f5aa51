package infer

import (
	"fmt"
	"slices"
	"strings"

	"github.com/icpfit/icpfit/datasets"
)

// A DomainError says that no column of a file names companies by domain.
// errors.Is(err, datasets.ErrShape) holds.
type DomainError struct {
	Source string
	Role   string   // accounts or customers
	Want   string   // the column that was asked for, or ""
	Have   []string // the columns there are
}

// Error lists the names that were looked for, and says how to name another.
func (e *DomainError) Error() string {
	have := e.Have
	more := ""
	if len(have) > 20 {
		have, more = have[:20], fmt.Sprintf(" and %d more", len(e.Have)-20)
	}
	fact := "no column holds domains; looked for " + strings.Join(datasets.DomainColumns, ", ")
	if e.Want != "" {
		fact = fmt.Sprintf("no column %q", e.Want)
	}
	return fmt.Sprintf("%s: %s; it has %q%s; name one with --%s-domain or %s: {domain: COLUMN}", e.Source, fact, have, more, e.Role, e.Role)
}

// Is makes errors.Is(err, datasets.ErrShape) true.
func (e *DomainError) Is(target error) bool { return target == datasets.ErrShape }

// roles finds the columns that describe the row rather than the company.
func (g *guess) roles(domain string) error {
	at, err := findDomain(g.Source, "accounts", domain, g.profiles, g.preset)
	if err != nil {
		return err
	}
	g.Domain = g.headers[at]
	g.ID = g.take(at, datasets.RoleID, idNames, "an identifier: accounts.id", func(p *profile) bool { return p.unique() > 0.99 })
	g.Name = g.take(at, datasets.RoleName, nameNames, "a name: accounts.name", func(p *profile) bool { return p.unique() > 0.5 })
	g.Modified = g.take(at, datasets.RoleModified, modifiedNames, "when the row was changed: accounts.modified", func(p *profile) bool { return p.share(isDate) > 0.9 })
	g.Parent = g.take(at, datasets.RoleParent, parentNames, "the parent company: accounts.parent", func(*profile) bool { return true })
	return nil
}

// take gives a role to the first column that the preset knows by it, or else
// that has one of names, has values and passes ok. It returns the column's name.
func (g *guess) take(domain int, role datasets.Role, names []string, why string, ok func(*profile) bool) string {
	at := -1
	for i, c := range g.known {
		if c != nil && c.Role == role && g.profiles[i].filled > 0 && at < 0 {
			at = i
		}
	}
	if at < 0 {
		at = findName(g.headers, names)
		if at < 0 || g.profiles[at].filled == 0 || !ok(g.profiles[at]) {
			return ""
		}
	}
	if at == domain || g.role[at] != "" {
		return ""
	}
	g.role[at] = why
	return g.headers[at]
}

// findDomain returns the place of the column that names companies: want if it
// is given, else the one that the preset or its name gives away, else the one
// whose values are domains.
func findDomain(source, role, want string, profiles []*profile, preset *datasets.Preset) (int, error) {
	headers := make([]string, len(profiles))
	for i, p := range profiles {
		headers[i] = p.name
	}
	if want != "" {
		if at := slices.Index(headers, want); at >= 0 {
			return at, nil
		}
		return 0, &DomainError{Source: source, Role: role, Want: want, Have: headers}
	}
	named := datasets.DomainColumn(headers, preset)
	if named >= 0 && profiles[named].fill()*profiles[named].share(isDomain) >= 0.5 {
		return named, nil
	}
	// A column called website that is nearly empty beside a full one called site_url.
	best, most := named, 0.5
	for i, p := range profiles {
		if s := p.fill() * p.share(isDomain); s > most && p.unique() > 0.5 {
			best, most = i, s
		}
	}
	if best < 0 {
		return 0, &DomainError{Source: source, Role: role, Have: headers}
	}
	return best, nil
}

// isDomain reports whether a cell gives an account's key, a shared host or a
// free-mail domain.
func isDomain(cell string) bool {
	key, reason := datasets.DomainKey(cell)
	return key != "" || reason == datasets.SharedHost || reason == datasets.FreeMailDomain
}
