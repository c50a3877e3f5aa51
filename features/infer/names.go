package infer

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/features"
)

// Words in the names of columns, in English and French. They decide only what
// values cannot: what a column is about, and when it was filled in.
var (
	technographic = words(`tech techs technology technologies technologie stack crm erp cms software softwares tool tools outil outils logiciel logiciels
		platform platforms plateforme hosting hebergement analytics framework frameworks cloud saas vendor vendors installed integrations cdn`)
	intent = words(`intent visit visits visite visites visitor visitors visiteurs hiring hires recrutement jobs openings funding raised levee signal signals pageview pageviews
		demo trial essai review reviews avis engagement engaged activity activite downloads download clicks opens sessions webinar surge searches search traffic trafic`)
	afterSale = []*regexp.Regexp{
		regexp.MustCompile(`\b(lifecycle|life cycle|cycle de vie)\b`),
		regexp.MustCompile(`\b(contract|contrat) (start|end|value|date|id|signed|amount|term|status|debut|fin)\b|\b(date|debut|fin) (de |du )?contrat\b`),
		regexp.MustCompile(`\b(renewal|renewals|renewed|renouvellement)\b`),
		regexp.MustCompile(`\b(customer|client) (since|depuis|status|health|tier)\b|\bbecame (a )?customer\b|\bchurn(ed)?\b`),
		regexp.MustCompile(`\b(nps|csat|net promoter|health score)\b`),
		regexp.MustCompile(`\b(tickets?|support cases?|open cases)\b`),
		regexp.MustCompile(`\b(arr|mrr|acv|tcv|ltv|clv)\b|\blifetime value\b`),
		regexp.MustCompile(`\b(closed?|won|win|close) (at|on|date|won)\b|\bdate (de )?(cloture|fermeture|signature)\b`),
		regexp.MustCompile(`\b(onboarding|onboarded|seats used|licen[cs]es? used|last invoice|invoiced|facture|factures)\b`),
		regexp.MustCompile(`\b(deal|opportunity) (stage|amount|status|value)\b|\bconverted\b`),
	}
	owner      = regexp.MustCompile(`\b(owner|account manager|sales rep|csm|proprietaire|created by|modified by|createur)\b`)
	stamp      = regexp.MustCompile(`\b(created|create|updated|update|modified|synced|imported|inserted|creation|modification) ?(at|on|date|time|timestamp)\b|\b(createdate|createddate|lastmodifieddate|system ?modstamp)\b|\b(date|horodatage) de (creation|modification)\b`)
	phone      = regexp.MustCompile(`\b(phone|telephone|tel|mobile|fax|telecopie|portable|whatsapp)( (number|no))?$`)
	email      = regexp.MustCompile(`\b(e ?mails?|courriel)\b( address)?$`)
	postcode   = regexp.MustCompile(`\b(zip|zipcode|postcode|postal|plz)\b|\bpostalcode\b`)
	street     = regexp.MustCompile(`\b(street|address|adresse|rue|billingstreet|shippingstreet)( ?(line)? ?\d)?$`)
	coordinate = regexp.MustCompile(`\b(lat|lng|lon|latitude|longitude|geocode)\b`)
	person     = regexp.MustCompile(`\b(first|last|contact|ceo|founder) ?names?$|\b(prenom|nom de famille)$`)
	country    = regexp.MustCompile(`\b(country|countries|pays|nation|billingcountry|shippingcountry)\b|country$`)
	codeName   = regexp.MustCompile(`\b(naics|sic|nace|naf|ape|isic)\b`)
	yearName   = regexp.MustCompile(`\b(year|founded|established|incorporated|annee|fondation|yearstarted)\b`)
	idName     = regexp.MustCompile(`\b(id|ids|uuid|guid|key|number|no|nr|num|ref|code|duns|siren|siret|vat|tva|hash|handle|slug)$|id$`)
	dateName   = regexp.MustCompile(`date|\b(at|on|time|timestamp|day|jour)\b`)
	aboutName  = regexp.MustCompile(`^((company|account|business|organi[sz]ation|short|long) )?(description|about( us)?|overview|profile|tagline|one liner|pitch|mission|a propos( de nous)?|presentation)( (de |du |de la |de l )?(company|account|societe|entreprise|compte))?$`)
	flagName   = regexp.MustCompile(`^(is|has|est) `)
)

func words(list string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(list) {
		set[w] = true
	}
	return set
}

// plainName returns a column's name as lower-case words of letters and digits,
// without accents: "NumberOfEmployees" and "number_of_employees" are both
// "number of employees".
func plainName(column string) string {
	if n := len(column) - len("__c"); n > 0 && strings.EqualFold(column[n:], "__c") { // a custom field of Salesforce
		column = column[:n]
	}
	var b strings.Builder
	var before rune
	for _, r := range norm.NFKD.String(column) {
		switch {
		case unicode.Is(unicode.Mn, r):
			continue
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			r = ' '
		case unicode.IsUpper(r) && unicode.IsLower(before):
			b.WriteByte(' ')
		}
		before = r
		b.WriteRune(unicode.ToLower(r))
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// pillarOf guesses a column's pillar from its name.
func pillarOf(plain string) features.Pillar {
	pillar := features.Firmographic
	for w := range strings.FieldsSeq(plain) {
		switch {
		case intent[w]:
			return features.Intent
		case technographic[w]:
			pillar = features.Technographic
		}
	}
	return pillar
}

// afterTheSale reports whether a column's name says that it is filled in once
// the account is a customer.
func afterTheSale(plain string) bool {
	return slices.ContainsFunc(afterSale, func(r *regexp.Regexp) bool { return r.MatchString(plain) })
}

// Names of columns that describe the row, by datasets.FoldHeader, best first.
var (
	idNames       = []string{"id", "account id", "accountid", "company id", "record id", "crm id", "salesforce id", "hubspot id", "id du compte", "identifiant"}
	nameNames     = []string{"name", "company name", "account name", "company", "organization", "organisation", "organization name", "legal name", "nom", "entreprise", "societe", "raison sociale", "nom du compte"}
	modifiedNames = []string{"modified", "last modified", "last modified date", "modified at", "modified date", "updated", "updated at", "last updated", "date de modification", "derniere modification"}
	parentNames   = []string{"parent", "parent id", "parent account", "parent account id", "parent company", "parent domain", "ultimate parent", "compte parent", "entreprise mere", "societe mere"}
	classNames    = []string{"class", "customer class", "customer type", "classe"}
	wonNames      = []string{"won_at", "won", "won date", "date won", "closed_date", "close_date", "closed date", "closed won date", "customer_since", "customer since date", "became customer", "became a customer date", "start date", "client depuis", "date de signature", "date de cloture"}
	weightNames   = []string{"weight", "poids"}
)

// findName returns the place in headers of the first of names, or -1.
func findName(headers, names []string) int {
	for _, n := range names {
		want := datasets.FoldHeader(n)
		if at := slices.IndexFunc(headers, func(h string) bool { return datasets.FoldHeader(h) == want }); at >= 0 {
			return at
		}
	}
	return -1
}

// namer makes names of features, each once.
type namer struct{ taken map[string]bool }

// maxName is the longest name of a feature, in bytes, less room for a suffix.
const maxName = 56

// name returns a feature's name for a column: its letters and digits in lower
// case, joined by _.
func (n *namer) name(column string, place int) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(column) {
		r = unicode.ToLower(r)
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case unicode.Is(unicode.Mn, r):
		default:
			b.WriteByte('_')
		}
	}
	base := strings.Trim(squeeze.ReplaceAllString(b.String(), "_"), "_")
	base = strings.TrimRight(base[:min(len(base), maxName)], "_")
	if base == "" {
		base = "column_" + strconv.Itoa(place+1)
	}
	if reservedName(base) {
		base += "_value"
	}
	name := base
	for i := 2; n.taken[name]; i++ {
		name = base + "_" + strconv.Itoa(i)
	}
	n.taken[name] = true
	return name
}

var squeeze = regexp.MustCompile(`_+`)

// reservedName reports whether every feature table has a column of this name.
func reservedName(name string) bool {
	spec := features.Spec{Name: name, Pillar: features.Firmographic, Kind: features.Category, Column: "x"}
	return features.Validate([]features.Spec{spec}) != nil
}
