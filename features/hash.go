package features

// DomainHash returns a hash of a domain key that is the same in every run and
// on every machine, with all 64 bits well mixed: FNV-1a, then the finaliser of
// MurmurHash3. Samples and folds are cut by it; it is part of the file formats.
func DomainHash[T string | []byte](key T) uint64 {
	h := uint64(14695981039346656037)
	for i := 0; i < len(key); i++ {
		h = (h ^ uint64(key[i])) * 1099511628211
	}
	h = (h ^ h>>33) * 0xff51afd7ed558ccd
	h = (h ^ h>>33) * 0xc4ceb9fe1a85ec53
	return h ^ h>>33
}
