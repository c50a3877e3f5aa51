package sample

import "math"

// A listed customer is a row of the list of customers.
type listed struct {
	domain string // or a URL or an e-mail address
	won    int32
	name   string
}

// Shares of the list of customers at Mess 1.
const (
	shareStranger = .08 // listed, and in no account
	shareTwice    = .03
	shareAddress  = .30 // written as a URL or an e-mail address
)

// strangeTLDs are used by no account.
var strangeTLDs = []string{"org", "biz", "info", "at", "fi"}

// listing returns the list of customers in an order of its own: every customer
// of the base, some of them twice, and some companies the base does not have. Of
// a stale ICP, the list is as old.
func (b *Base) listing() []listed {
	d := newDraws(b.Options.Seed)
	mess := b.Options.Mess
	list := make([]listed, 0, len(b.found)+len(b.found)/8)
	add := func(domain, name string, won int32) {
		if b.Options.has(Stale) && won >= b.Options.AsOf-StaleDays {
			return
		}
		r := d.at(streamListing, len(list)+1)
		if r.Float64() < shareAddress*mess {
			domain = string(appendAddress(nil, r, domain))
		}
		list = append(list, listed{domain, won, name})
	}
	for _, row := range b.found {
		add(b.Domain[row], b.Name[row], b.Won[row])
		if d.at(streamListing, -1-int(row)).Float64() < shareTwice*mess {
			add(b.Domain[row], b.Name[row], b.Won[row])
		}
	}
	strangers := int(math.Round(shareStranger * mess * float64(len(b.found))))
	for k := range strangers {
		r := d.at(streamStranger, k)
		stem, title := newStem(r)
		won := b.Options.AsOf - 1 - int32(r.IntN(3*365))
		add(stem+"."+pick(r, strangeTLDs), title, won)
	}
	d.at(streamListing, 0).Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list
}
