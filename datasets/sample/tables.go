package sample

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"strconv"
	"time"

	"github.com/icpfit/icpfit/datasets"
)

// Tables are the optional tables that WriteTables makes, by their names in
// icpfit.yaml; each is a file of that name.
var Tables = []string{"signals", "opportunities", "leads", "touches", "contacts", "campaigns", "health", "releases", "feedback"}

// WriteTables writes the history of the base into folder, one CSV file each of
// Tables, as messy as the base. It never replaces a file, and leaves none of its
// own behind when it fails.
func (b *Base) WriteTables(ctx context.Context, folder string) error {
	h := b.History()
	writers := map[string]func(*sheet){
		"signals": h.writeSignals, "opportunities": h.writeDeals, "leads": h.writeLeads, "touches": h.writeTouches,
		"contacts": h.writeContacts, "campaigns": h.writeCampaigns, "health": h.writeHealth, "releases": h.writeReleases, "feedback": h.writeFeedback,
	}
	var files []file
	for _, name := range Tables {
		files = append(files, file{name + ".csv", func(w io.Writer) error {
			if err := ctx.Err(); err != nil {
				return err
			}
			s := &sheet{out: csv.NewWriter(w), draws: newDraws(b.Options.Seed), mess: b.Options.Mess}
			writers[name](s)
			s.out.Flush()
			return s.out.Error()
		}})
	}
	return writeFiles(folder, files)
}

// A sheet writes one table. Its first error stays with out.
type sheet struct {
	out *csv.Writer
	*draws
	mess float64
	row  int
}

func (s *sheet) write(cells ...string) {
	_ = s.out.Write(cells) // out keeps the error
	s.row++
}

// text returns the generator that spells the row being written.
func (s *sheet) text() *rand.Rand { return s.at(streamText, s.row) }

// odd reports whether to spell a cell oddly.
func (s *sheet) odd(r *rand.Rand, share float64) bool { return r.Float64() < share*s.mess }

// site spells a domain as people do.
func (s *sheet) site(r *rand.Rand, domain string) string {
	if !s.odd(r, .25) {
		return domain
	}
	return string(appendAddress(nil, r, domain))
}

// money spells an amount of dollars.
func (s *sheet) money(r *rand.Rand, x float64) string {
	switch {
	case s.odd(r, .03):
		return ""
	case !s.odd(r, .3):
		return strconv.FormatFloat(x, 'f', 0, 64)
	case r.IntN(2) == 0:
		return "$" + string(appendGrouped(nil, x, ","))
	}
	return strconv.FormatFloat(x, 'f', 2, 64)
}

func date(d int32) string { return string(appendDay(nil, d)) }

// moment writes a time of day too.
func moment(seconds int64) string {
	if seconds == 0 {
		return ""
	}
	return time.Unix(seconds, 0).UTC().Format("2006-01-02T15:04:05Z")
}

var (
	wonReasons  = []string{"Fast to set up", "Works with our CRM", "Price", "Recommended by a peer", "Support in our language"}
	lostReasons = []string{"No budget", "Chose a competitor", "Project stopped", "Too complex", "No answer any more"}
	sources     = []string{"Inbound", "Campaign", "Partner", "Outbound", "Event"}
)

func (h *History) writeDeals(s *sheet) {
	s.write("id", "domain", "created_at", "closed_at", "stage", "amount", "margin", "type", "source", "owner", "campaign", "reason", "competitor")
	for k, x := range h.deals {
		r := s.text()
		cells := []string{"OPP-" + string(appendPadded(nil, k+1, 6)), s.site(r, h.Domain[x.row]), date(x.created), date(x.closed)}
		stage, reason := pick(r, []string{"Qualification", "Proposal", "Negotiation"}), ""
		known := .85
		switch x.outcome {
		case won:
			stage, reason = "Closed Won", pick(r, wonReasons)
			if h.Options.has(Unexplained) {
				known = .08
			}
		case lost:
			stage, reason = "Closed Lost", pick(r, lostReasons)
		}
		if r.Float64() >= known {
			reason = ""
		}
		if s.odd(r, .1) {
			stage = pick(r, []string{stage + " ", "  " + stage})
		}
		kind := "complex"
		if x.amount < 8000 {
			kind = "transactional"
		}
		margin := ""
		if r.Float64() < .8 {
			margin = s.money(r, math.Round(x.amount*(.4+.4*r.Float64())))
		}
		campaign := ""
		if r.Float64() < .3 {
			for i := len(h.campaigns) - 1; i >= 0; i-- {
				if h.campaigns[i].start < x.created {
					campaign = h.campaigns[i].name(i)
					break
				}
			}
		}
		rival := rivals[x.rival]
		if s.odd(r, .05) {
			rival = ""
		}
		s.write(append(cells, stage, s.money(r, x.amount), margin, kind, pick(r, sources), pick(r, owners), campaign, reason, rival)...)
		if s.odd(s.text(), .01) {
			s.write(append(cells, stage, "", "", kind, "", "", "", reason, rival)...) // typed again
		}
	}
}

func (h *History) writeLeads(s *sheet) {
	s.write("id", "domain", "created_at", "first_touch_at", "converted_at", "status", "source", "owner", "type")
	for k, l := range h.leads {
		r := s.text()
		status := "lead"
		switch {
		case l.converted != datasets.MissingDay:
			status = "opportunity"
			if h.Customer[l.row] && h.Won[l.row] >= l.converted {
				status = "customer"
			}
		case l.touched > 0 && r.Float64() < .5:
			status = "prospect"
		}
		kind := "complex"
		if h.column(employeesCol).Numbers[l.row] < 50 {
			kind = "transactional"
		}
		s.write("LEAD-"+string(appendPadded(nil, k+1, 6)), s.site(r, h.Domain[l.row]), moment(l.created), moment(l.touched), date(l.converted), status, pick(r, sources), pick(r, owners), kind)
	}
}

func (h *History) writeTouches(s *sheet) {
	s.write("domain", "date", "channel", "action", "by", "campaign", "role", "level", "count")
	for _, t := range h.touches {
		r := s.text()
		by, campaign := "sales", ""
		if t.campaign >= 0 {
			by, campaign = "marketing", h.campaigns[t.campaign].name(int(t.campaign))
		}
		role, level := roles[t.role].name, pick(r, roles[t.role].levels)
		if s.odd(r, .1) {
			role, level = "", ""
		}
		s.write(s.site(r, h.Domain[t.row]), date(t.day), t.channel, t.action, by, campaign, role, level, strconv.Itoa(t.count))
	}
}

// writeContacts counts people at the accounts that sales or marketing has worked.
func (h *History) writeContacts(s *sheet) {
	s.write("domain", "role", "level", "count", "engaged", "valid", "consent")
	known := make([]bool, h.Options.Accounts)
	for _, t := range h.touches {
		known[t.row] = true
	}
	for row, yes := range known {
		if !yes {
			continue
		}
		for i := range roles {
			r := s.at(streamContact, row*len(roles)+i)
			n := 1 + poisson(r, roles[i].people-1)
			engaged, valid, consent := 0, 0, 0
			for range n {
				engaged += btoi(r.Float64() < engagement[h.engaging()][i])
				valid += btoi(r.Float64() < .9)
				consent += btoi(r.Float64() < .7)
			}
			level := pick(r, roles[i].levels)
			s.write(s.site(r, h.Domain[row]), roles[i].name, level, strconv.Itoa(n), strconv.Itoa(engaged), strconv.Itoa(valid), strconv.Itoa(consent))
		}
	}
}

func (h *History) writeCampaigns(s *sheet) {
	s.write("campaign", "programme", "started_at", "ended_at", "contents", "targeted", "sent", "opened", "impressions", "clicked", "responses", "cost")
	for k := range h.campaigns {
		c := &h.campaigns[k]
		r := s.text()
		programme := "general"
		if c.personal {
			programme = "personalised"
		}
		n := strconv.Itoa
		s.write(c.name(k), programme, date(c.start), date(c.start+campaignDays-2), n(c.contents), n(c.targeted), n(c.sent), n(c.opened), n(c.impressions), n(c.clicked), n(c.answers), s.money(r, float64(500+c.sent*2+c.contents*300)))
	}
}

func (h *History) writeReleases(s *sheet) {
	s.write("date", "name", "major")
	type release struct {
		day   int32
		major bool
	}
	asOf := h.Options.AsOf
	var all []release
	for k := range 6 {
		all = append(all, release{asOf - 200*int32(6-k) + int32(s.at(streamRelease, k).IntN(60)) - 30, k%2 == 1})
	}
	if h.Options.has(Stale) {
		all = append(all[:4], release{asOf - 240, true}, release{asOf - 70, true})
	} else {
		all[5].major = false // what the ICP is for has not changed lately
	}
	for k, x := range all {
		name := fmt.Sprintf("Release %d.%d", 3+k/2, k%2)
		s.write(date(x.day), name, [2]string{"no", "yes"}[btoi(x.major)])
	}
}

// writeFeedback writes what sales said of accounts and what marketing was told of
// campaigns.
func (h *History) writeFeedback(s *sheet) {
	s.write("domain", "campaign", "verdict", "reason", "date", "author")
	for k, x := range h.deals {
		r := s.at(streamFeedback, k)
		if x.outcome == open || r.Float64() >= .15 {
			continue
		}
		verdict, reason := "won", pick(r, wonReasons)
		if x.outcome == lost {
			verdict, reason = pick(r, []string{"lost", "rejected", "Rejected "}), pick(r, lostReasons)
		}
		s.write(s.site(r, h.Domain[x.row]), "", verdict, reason, date(x.closed), "sales")
	}
	for k := range h.campaigns {
		r := s.at(streamFeedback, -1-k)
		s.write("", h.campaigns[k].name(k), pick(r, []string{"excellent", "good", "good", "fair", "poor"}), "", date(h.campaigns[k].start+campaignDays-1), "sales")
	}
}
