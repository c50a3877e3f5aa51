package sample

import "math/rand/v2"

// A stream names one column of draws. Each cell has a generator of its own,
// seeded by (seed, stream, row), so a cell does not depend on which others were
// drawn: rows can be served again without being kept, a longer base begins with
// the shorter one, and an option that touches one column leaves the rest alone.
type stream uint64

const (
	streamRow stream = iota // what kind of row: company, duplicate, free mail …
	streamName
	streamParent
	streamIndustry
	streamCountry
	streamEmployees
	streamRevenue
	streamFounded
	streamCRM
	streamTechnologies
	streamStage
	streamHiring
	streamFunding
	streamVisits
	streamCustomer
	streamWon
	streamCreated
	streamModified
	streamListing  // the list of customers: order, spelling
	streamStranger // its domains that are in no account
	streamEnriched // whether anything is known of a row at all
	streamDeal     // the history, by number of deal …
	streamLost
	streamLater
	streamCampaign
	streamTarget
	streamAnswer
	streamDealTouch
	streamContact
	streamSignal
	streamHealth
	streamFeedback
	streamRelease
	streamText // the spelling of the history's cells
	streamReview
	streamMissing  stream = 1000 // + column
	streamSpelling stream = 2000 // + column
)

// draws hands out the cells' generators. It is not safe for concurrent use.
type draws struct {
	seed uint64
	pcg  rand.PCG
	rand *rand.Rand
}

func newDraws(seed uint64) *draws {
	d := &draws{seed: seed}
	d.rand = rand.New(&d.pcg)
	return d
}

// at returns the generator of a cell, good until the next call.
func (d *draws) at(s stream, row int) *rand.Rand {
	d.pcg.Seed(scramble(scramble(d.seed)+uint64(s)), scramble(uint64(row)))
	return d.rand
}

// scramble is the output function of SplitMix64: neighbouring numbers become
// unrelated ones. Steele, Lea and Flood, "Fast splittable pseudorandom number
// generators", OOPSLA 2014.
func scramble(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// pick returns one of the items, each as likely as the others.
func pick[T any](r *rand.Rand, items []T) T { return items[r.IntN(len(items))] }

// weighted returns a place in cumulative, which rises to 1.
func weighted(r *rand.Rand, cumulative []float64) int {
	u := r.Float64()
	for i, c := range cumulative {
		if u < c {
			return i
		}
	}
	return len(cumulative) - 1
}

// cumulate turns n shares into their running sums over the total.
func cumulate(n int, share func(i int) float64) []float64 {
	c := make([]float64, n)
	total := 0.0
	for i := range c {
		total += share(i)
		c[i] = total
	}
	for i := range c {
		c[i] /= total
	}
	return c
}
