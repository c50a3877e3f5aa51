package sample

import (
	"math/rand/v2"
	"strconv"
	"strings"
)

// A rowKind says what a row's website leads to.
type rowKind uint8

const (
	usable   rowKind = iota // the company's own domain
	freeMail                // a mail provider's
	shared                  // a page on a site that everybody is on
	unknown                 // nothing
	invalid                 // something that is no address
)

// Shares of the rows at Mess 1, from what CRM exports show.
const (
	shareDuplicate = .02
	shareFreeMail  = .01
	shareShared    = .005
	shareUnknown   = .015
	shareInvalid   = .005
	shareParent    = .04  // of companies; also without mess: a group is not a fault
	shareBare      = .015 // rows of which nothing but name and website is known
)

// layOut decides what kind of row each is. A duplicate repeats an earlier row
// that has a domain.
func (b *Base) layOut(d *draws) {
	n := b.Options.Accounts
	b.rows, b.DuplicateOf, b.parent = make([]rowKind, n), make([]int32, n), make([]int32, n)
	for i := range n {
		b.DuplicateOf[i], b.parent[i] = -1, -1
		r := d.at(streamRow, i)
		u := r.Float64()
		for kind, share := range [...]float64{freeMail: shareFreeMail, shared: shareShared, unknown: shareUnknown, invalid: shareInvalid} {
			if u -= share * b.Options.Mess; u < 0 {
				b.rows[i] = rowKind(kind)
				break
			}
		}
		if u >= 0 && u < b.Options.duplicates() {
			b.DuplicateOf[i] = b.earlier(r, i)
		}
		if r = d.at(streamParent, i); r.Float64() < shareParent && b.DuplicateOf[i] < 0 {
			b.parent[i] = b.earlier(r, i)
		}
	}
}

// earlier returns a row before i that is a company of its own with a domain, or
// -1 if a few tries find none.
func (b *Base) earlier(r *rand.Rand, i int) int32 {
	for range 20 {
		if i == 0 {
			break
		}
		if j := r.IntN(i); b.DuplicateOf[j] < 0 && b.parent[j] < 0 && b.rows[j] == usable {
			return int32(j)
		}
	}
	return -1
}

var (
	syllables = strings.Fields(`al ar bel bo bri cal ce clo cor da del di do dra el en fa fen fi flo ga gen gi gri ha hel il in jo ju kel ko la len li lo lu
		ma mar me mi mon na nel no nor ol or pa pel pri pro qua ra rel ri ro sa sel si sol sta su ta tel ter ti to tra tri un va vel ven vi vo wal wen xa xen ya zen zi zo`)
	endings  = strings.Fields("a o ia io is on ex ix us um ara ora ent ium ly ys")
	suffixes = strings.Fields("tech labs group systems works hub partners digital data soft")
	branches = strings.Fields("Iberia Nordics Benelux Europe Americas Asia Services International Holding Logistics")
)

// name gives every company a name and a domain that no other has. A subsidiary
// has its parent's name, a word of its own and its own domain. Domains are by
// country, so countries are drawn here too.
func (b *Base) name(d *draws) {
	n := b.Options.Accounts
	b.Name, b.Domain = make([]string, n), make([]string, n)
	stems := make([]string, n)
	taken := make(map[string]struct{}, n)
	for i := range n {
		if of := b.DuplicateOf[i]; of >= 0 {
			b.Name[i], b.Domain[i] = b.Name[of], b.Domain[of]
			continue
		}
		place := &countries[weighted(d.at(streamCountry, i), countryShares)]
		r := d.at(streamName, i)
		stem, title := newStem(r)
		if p := b.parent[i]; p >= 0 {
			branch := pick(r, branches)
			stem, title = stems[p]+"-"+strings.ToLower(branch), capital(stems[p])+" "+branch
		}
		stem = distinct(taken, stem)
		stems[i] = stem
		b.Name[i] = title
		if r.Float64() < .6 {
			b.Name[i] += " " + pick(r, place.forms)
		}
		if domain := stem + "." + pick(r, place.tlds); b.rows[i] == usable {
			b.Domain[i] = domain
		}
	}
}

// newStem returns the label of a domain and the name that goes with it.
func newStem(r *rand.Rand) (stem, title string) {
	for range 2 + r.IntN(2) {
		stem += pick(r, syllables)
	}
	stem += pick(r, endings)
	title = capital(stem)
	if r.Float64() < .25 {
		suffix := pick(r, suffixes)
		title += " " + capital(suffix)
		if r.Float64() < .3 {
			stem += "-"
		}
		stem += suffix
	}
	return stem, title
}

// distinct returns stem, with a number after it if it was given before.
func distinct(taken map[string]struct{}, stem string) string {
	name := stem
	for k := 2; ; k++ {
		if _, ok := taken[name]; !ok {
			taken[name] = struct{}{}
			return name
		}
		name = stem + strconv.Itoa(k)
	}
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
