package infer

import (
	"strings"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
	"github.com/icpfit/icpfit/features/parse"
)

// classify decides on a column that no preset knows. The order of the rules
// matters: a name that says "filled in after the sale" or "personal" wins over
// any value, a flag over both kinds of number, a country over a set.
func (p *profile) classify() verdict {
	plain := plainName(p.name)
	switch {
	case strings.TrimSpace(p.name) == "":
		return leave("the column has no name")
	case p.kind == datasets.List:
		return leave("a nested list")
	case afterTheSale(plain):
		return leave("filled in after the sale, by its name")
	case len(p.values) == 1:
		return p.single()
	case p.flag(plain):
		return use(features.Flag, "")
	}
	for _, rule := range []func(string) verdict{p.personal, p.place, p.code, p.date, p.number, p.text} {
		if v := rule(plain); v != (verdict{}) {
			return v
		}
	}
	return leave("near-unique: %d values, and values that at least %d rows share make up %.0f %%", len(p.values), p.leastSupport(), 100*p.support())
}

// single decides on a column in which all values are the same: a box that is
// ticked or left empty is a flag.
func (p *profile) single() verdict {
	if p.filled < p.rows && isYes(p.values[0].text) {
		return use(features.Flag, "filled")
	}
	return leave("one value everywhere: %q", clip(p.values[0].text))
}

// flag reports whether the values are yes and no. 0 and 1 alone are numbers,
// unless the name asks a question.
func (p *profile) flag(plain string) bool {
	if p.kind == datasets.Flag {
		return true
	}
	if len(p.values) > 12 || p.share(isFlag) < 0.99 {
		return false
	}
	if p.share(isPlainNumber) > 0.5 && !flagName.MatchString(plain) {
		return false
	}
	return p.share(isYes) > 0 && p.share(isYes) < 1
}

// personal finds what belongs to people or to the keeping of records.
func (p *profile) personal(plain string) verdict {
	switch {
	case email.MatchString(plain), p.share(isEmail) > 0.5:
		return leave("e-mail addresses: personal data")
	case phone.MatchString(plain):
		return leave("telephone numbers: personal data")
	case person.MatchString(plain):
		return leave("names of people: personal data")
	case owner.MatchString(plain):
		return leave("who works the account: process, not the company")
	case stamp.MatchString(plain) && p.kind != datasets.Flag:
		return leave("when the row was made or changed: process, not the company")
	case p.unique() > 0.5 && p.share(isURL) > 0.5:
		return leave("URLs")
	case p.unique() > 0.5 && p.share(isBareDomain) > 0.8:
		return leave("domains")
	}
	return verdict{}
}

// place finds countries, and places too fine to learn from.
func (p *profile) place(plain string) verdict {
	named := country.MatchString(plain)
	switch {
	case postcode.MatchString(plain):
		return leave("postal codes: too fine to learn from")
	case street.MatchString(plain):
		return leave("street addresses: too fine to learn from")
	case coordinate.MatchString(plain):
		return leave("a coordinate")
	case p.share(isCountry) < 0.5, !named && !p.countries():
		return verdict{}
	}
	for _, sep := range []string{"|", ";"} {
		if p.split(sep).several >= 0.05 {
			v := use(features.Set, "country")
			v.spec.Separator = sep
			return v
		}
	}
	return use(features.Category, "country")
}

// countries reports whether values alone show that a column holds countries:
// most are read as one, few as the same one as another value, which says that
// they are finer places, and few are two letters, which are states as well.
func (p *profile) countries() bool {
	if len(p.values) < 3 || p.share(isCountry) < 0.9 || p.share(isShort) > 0.5 {
		return false
	}
	looked, codes := p.values[:min(len(p.values), maxLooked)], map[string]bool{}
	for _, v := range looked {
		if code, status := parse.Country(v.text); status == parse.OK {
			codes[code] = true
		}
	}
	return 2*len(codes) >= len(looked)
}

// code finds industry codes and identifiers, which look like numbers.
func (p *profile) code(plain string) verdict {
	switch {
	case codeName.MatchString(plain):
		return use(features.Category, "code")
	case idName.MatchString(plain) && p.unique() > 0.9 && p.meanWords() < 2:
		return leave("an identifier")
	case p.rowNumber():
		return leave("a row number")
	}
	return verdict{}
}

// date finds dates: no mere numbers, of which many would do, unless they can
// count seconds and the column's name says that they do.
func (p *profile) date(plain string) verdict {
	dates := p.share(isDate) >= 0.9
	switch {
	case p.kind == datasets.Date, dates && p.share(isPlainNumber) < 0.1:
		return use(features.Date, "")
	case dates && p.share(isEpoch) >= 0.9 && dateName.MatchString(plain):
		return use(features.Date, "")
	}
	return verdict{}
}

// number finds numbers as machines and as people write them.
func (p *profile) number(plain string) verdict {
	exact := p.share(isPlainNumber)
	switch {
	case p.kind == datasets.Number || p.kind == datasets.Integer:
	case p.share(hasLeadingZero) > 0.05: // 00123 is a code
		return verdict{}
	case p.share(isTypedNumber) < 0.8, p.share(isAmount) < 0.7:
		return verdict{}
	}
	switch {
	case exact > 0.95 && yearName.MatchString(plain) && p.share(isYear) > 0.95:
		return use(features.Number, "year")
	case exact > 0.99:
		return use(features.Number, "")
	case p.share(isPercent) > 0.5:
		return use(features.Number, "percent")
	case p.share(isMoney) > 0.5:
		return use(features.Number, "money")
	}
	return use(features.Number, "range")
}

// text decides on what is neither a flag nor a date nor a number.
func (p *profile) text(plain string) verdict {
	if p.kind == datasets.Set {
		return use(features.Set, "")
	}
	if sep, ok := p.separator(); ok {
		v := use(features.Set, "")
		v.spec.Separator = sep
		return v
	}
	switch {
	case p.support() >= 0.5:
		return use(features.Category, "")
	case p.meanWords() >= 3 && aboutName.MatchString(plain): // what the company does; notes about it are no such text
		return use(features.Words, "")
	case p.meanWords() >= 3:
		return leave("free text")
	case p.unique() > 0.8 && p.meanWords() < 1.3 && p.fill() < 0.5 && !idName.MatchString(plain):
		return use(features.Flag, "filled") // a stock ticker: that there is one tells more than which
	case p.unique() > 0.9:
		return leave("near-unique: %d values in %d rows", len(p.values), p.filled)
	}
	return verdict{}
}
