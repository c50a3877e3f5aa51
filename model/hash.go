package model

// Mix hashes a key with a seed to 64 well-mixed bits (the finaliser of
// MurmurHash3), for choices that must not depend on the order of rows.
func Mix(key, seed uint64) uint64 {
	x := key ^ (seed+1)*0x9e3779b97f4a7c15
	x ^= x >> 33
	x *= 0xff51afd7ed558ccd
	x ^= x >> 33
	x *= 0xc4ceb9fe1a85ec53
	return x ^ x>>33
}

// Uniform returns a number in [0, 1) that depends on key and seed alone.
func Uniform(key, seed uint64) float64 { return float64(Mix(key, seed)>>11) / (1 << 53) }
