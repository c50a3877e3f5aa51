package model

import "encoding/binary"

// blockWords is how many words are sent through all trees before the next, a
// multiple of 4. The tables of octets are fetched from far memory once a block; twice
// the block is 2 to 4 % faster and takes twice the memory.
const blockWords = 16

// words have a bit for each account of a block. Account 8a+b of a word has bit a+8b,
// so that eight words become 64 bytes in the order of the accounts.
type words [blockWords]uint64

// usedWords returns how many words are worked on for n accounts of a block, a
// multiple of 4.
func usedWords(n int) int { return (n + 255) / 256 * 4 }

func accountOf(bit int) int { return bit&7<<3 | bit>>3 }

// bitOf has the bit of each account of a word.
var bitOf = func() (of [64]uint64) {
	for bit := range of {
		of[accountOf(bit)] = 1 << bit
	}
	return of
}()

// turn turns over the accounts of x, in so many words.
func (p *words) turn(x *words, used int) {
	for w := 0; w < used; w += 4 {
		p, x := (*[4]uint64)(p[w:]), (*[4]uint64)(x[w:])
		p[0] ^= x[0]
		p[1] ^= x[1]
		p[2] ^= x[2]
		p[3] ^= x[3]
	}
}

// blockBytes has a byte for each account of a block.
type blockBytes [64 * blockWords]uint8

// planes have eight bits for each account of a block.
type planes [8]words

// bytes makes a byte of each account's bits, in so many words.
func (p *planes) bytes(dst *blockBytes, used int) {
	for w := range used {
		d := (*[64]uint8)(dst[64*w:])
		x0, x1, x2, x3, x4, x5, x6, x7 := transpose(p[0][w], p[1][w], p[2][w], p[3][w], p[4][w], p[5][w], p[6][w], p[7][w])
		binary.LittleEndian.PutUint64(d[0:], x0)
		binary.LittleEndian.PutUint64(d[8:], x1)
		binary.LittleEndian.PutUint64(d[16:], x2)
		binary.LittleEndian.PutUint64(d[24:], x3)
		binary.LittleEndian.PutUint64(d[32:], x4)
		binary.LittleEndian.PutUint64(d[40:], x5)
		binary.LittleEndian.PutUint64(d[48:], x6)
		binary.LittleEndian.PutUint64(d[56:], x7)
	}
}

// transpose swaps bit 8b+j of word a with bit 8b+a of word j: of eight planes of 64
// accounts it makes the accounts' bytes, and of these the planes (Warren, Hacker's
// Delight, section 7-3).
func transpose(x0, x1, x2, x3, x4, x5, x6, x7 uint64) (y0, y1, y2, y3, y4, y5, y6, y7 uint64) {
	const m1, m2, m4 = 0x5555555555555555, 0x3333333333333333, 0x0f0f0f0f0f0f0f0f
	x0, x1 = cross(x0, x1, 1, m1)
	x2, x3 = cross(x2, x3, 1, m1)
	x4, x5 = cross(x4, x5, 1, m1)
	x6, x7 = cross(x6, x7, 1, m1)
	x0, x2 = cross(x0, x2, 2, m2)
	x1, x3 = cross(x1, x3, 2, m2)
	x4, x6 = cross(x4, x6, 2, m2)
	x5, x7 = cross(x5, x7, 2, m2)
	x0, x4 = cross(x0, x4, 4, m4)
	x1, x5 = cross(x1, x5, 4, m4)
	x2, x6 = cross(x2, x6, 4, m4)
	x3, x7 = cross(x3, x7, 4, m4)
	return x0, x1, x2, x3, x4, x5, x6, x7
}

// cross swaps the bits of y in the mask with those of x that are by bits higher.
func cross(x, y uint64, by uint, mask uint64) (uint64, uint64) {
	turned := (x>>by ^ y) & mask
	return x ^ turned<<by, y ^ turned
}

// sortCodes stores by code, below 1<<bits, the accounts that have it or, where codes
// are ordered, a greater one. It returns those of code 0.
func sortCodes(by *[256]uint64, codes *[64]uint8, bits int, ordered bool) uint64 {
	var planes [8]uint64
	for i := range planes {
		planes[i] = binary.LittleEndian.Uint64(codes[8*i:])
	}
	planes[0], planes[1], planes[2], planes[3], planes[4], planes[5], planes[6], planes[7] = transpose(
		planes[0], planes[1], planes[2], planes[3], planes[4], planes[5], planes[6], planes[7])
	by[0] = ^uint64(0)
	if ordered {
		by[0] = 0
	}
	for i, plane := range planes[:bits] { // each bit doubles the codes
		low, high := by[:1<<i], by[1<<i:][:1<<i]
		for code, accounts := range low {
			high[code] = accounts & plane
			if ordered {
				low[code] = accounts | plane
			} else {
				low[code] = accounts &^ plane
			}
		}
	}
	if ordered {
		return ^by[0]
	}
	return by[0]
}
