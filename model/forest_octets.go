package model

import "math/bits"

// An octet is up to eight planes of shares of one feature: an account's bits in them
// make a byte, and the table has for each byte what these shares add. Planes that are
// left over hold anything: the table does not depend on them.
type octet struct {
	tray  int32
	used  int32 // planes
	last  int32 // share
	table *[256]int32
}

// A stack has the tables of octets of one feature that are added together.
type stack [lanes][256]int32

const lanes = 4

// A desk is where the octets of a feature lie: those that are being filled, and the
// bytes of full ones until they are added.
type desk struct {
	trays [trays]planes
	lanes [lanes]blockBytes
}

// trays is how many octets of a feature are filled at the same time: with two, few
// planes stay empty.
const trays = 2

// add adds to the accounts what their bytes in every lane stand for.
func (s *stack) add(dst []int32, lanes *[lanes]blockBytes) {
	b0, b1, b2, b3 := lanes[0][:len(dst)], lanes[1][:len(dst)], lanes[2][:len(dst)], lanes[3][:len(dst)]
	for i := range dst {
		dst[i] += s[0][b0[i]] + s[1][b1[i]] + s[2][b2[i]] + s[3][b3[i]]
	}
}

// A packer packs shares into octets, and these onto stacks.
type packer struct {
	f      *forest
	octets []octet
	octet  []int32   // by share
	open   [][]int32 // by feature: the octets that are being filled
}

func newPacker(f *forest) *packer {
	f.desks = make([]*desk, len(f.items))
	return &packer{f: f, open: make([][]int32, len(f.items))}
}

// pack appends a share of that feature with these sums by code, unless all are 0.
func (p *packer) pack(feature int32, regions []region, sums []int32) {
	need := int32(bits.Len(uint(len(sums) - 1)))
	if need == 0 {
		return
	}
	f, number := p.f, p.find(feature, need)
	o := &p.octets[number]
	s := share{feature: feature, tray: o.tray, from: int32(len(f.flips))}
	var later []flip
	done := 0 // planes flipped, as bits; in the end all, as there is a region of every code
	for _, r := range regions {
		for turned := uint(r.code ^ regions[r.within].code); turned != 0; turned &= turned - 1 {
			bit := bits.TrailingZeros(turned)
			x := flip{node: r.node, plane: o.used + int32(bit)}
			if done>>bit&1 == 0 {
				f.flips = append(f.flips, x)
			} else {
				later = append(later, x)
			}
			done |= 1 << bit
		}
	}
	s.more = int32(len(f.flips))
	f.flips = append(f.flips, later...)
	s.to = int32(len(f.flips))
	for b := range o.table {
		if code := b >> o.used & (1<<need - 1); code < len(sums) {
			o.table[b] += sums[code]
		}
	}
	o.used += need
	o.last = int32(len(f.shares))
	f.shares, p.octet = append(f.shares, s), append(p.octet, number)
}

// find returns the fullest open octet of a feature that has room for so many planes.
// Where none has, a new one takes the place of the fullest.
func (p *packer) find(feature, planes int32) int32 {
	open := p.open[feature]
	best, fullest := int32(-1), 0
	for tray, number := range open {
		used := p.octets[number].used
		if used+planes <= 8 && (best < 0 || used > p.octets[best].used) {
			best = number
		}
		if used > p.octets[open[fullest]].used {
			fullest = tray
		}
	}
	if best >= 0 {
		return best
	}
	best = int32(len(p.octets))
	if len(open) < trays {
		fullest = len(open)
		p.open[feature] = append(open, best)
	} else {
		open[fullest] = best
	}
	p.octets = append(p.octets, octet{tray: int32(fullest), table: new([256]int32)})
	return best
}

// finish puts the octets of each feature onto stacks, in the order in which they are
// full.
func (p *packer) finish() {
	f := p.f
	before := map[int32]*share{} // by feature: the share that fills the octet before
	for i := range f.shares {
		s := &f.shares[i]
		o := &p.octets[p.octet[i]]
		if o.last != int32(i) {
			continue
		}
		s.full, s.adds = true, true
		switch b := before[s.feature]; {
		case b != nil && b.lane+1 < lanes:
			s.stack, s.lane = b.stack, b.lane+1
			b.adds = false
		default:
			s.stack = int32(len(f.stacks))
			f.stacks = append(f.stacks, new(stack))
		}
		f.stacks[s.stack][s.lane], o.table = *o.table, nil
		before[s.feature] = s
		if f.desks[s.feature] == nil {
			f.desks[s.feature] = new(desk)
		}
	}
}
