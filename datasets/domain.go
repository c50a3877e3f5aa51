package datasets

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
)

// DomainKey returns the key of the account that raw belongs to: its registrable
// domain, the public suffix plus one label, in lower-case ASCII, at most 253
// bytes. Where there is none it returns "" and one of NoDomain, BadDomain,
// FreeMailDomain and SharedHost. It is a pure function, safe for concurrent
// use, and idempotent: a key is its own key.
//
// raw is what people type: a host, a URL with or without its scheme, an e-mail
// address with or without a name, in any case and any script, within blanks,
// quotes, brackets or commas. Of several values the first counts. The key may
// share raw's memory.
//
// Suffixes are those of the public suffix list compiled into x/net, with its
// private part: acme.github.io and acme.wixsite.com are keys, since each is
// held by one party, while github.io and wixsite.com are SharedHost. Domains
// outside ASCII are converted by UTS 46, non-transitional; look-alikes in
// another script stay different keys.
//
// A mail provider's domain is always FreeMailDomain, also when it is typed as a
// website: Yahoo or Orange as an account would swallow every contact who has
// his mail there. Sites on which everybody has a page (linkedin.com, github.com)
// are SharedHost when raw leads to a page and a key when it is their home page.
func DomainKey(raw string) (string, Reason) {
	if IsHost(raw) && !strings.Contains(raw, "xn--") { // most of them
		return hostKey(raw, false)
	}
	authority, page := splitAddress(raw)
	if authority == "" || isAbsent(raw) {
		return "", NoDomain
	}
	host, ok := bareHost(authority)
	if !ok {
		return "", BadDomain
	}
	if host, ok = asciiHost(host); !ok || !IsHost(host) {
		return "", BadDomain
	}
	return hostKey(host, page)
}

// Provider returns the domain of the mail provider that raw names as a company,
// by domain or page, and "" for anything else, an e-mail address included. It
// tells a customer list that means Yahoo itself from one that holds somebody's
// address there; it is no key.
func Provider(raw string) string {
	if strings.Contains(raw, "@") {
		return ""
	}
	authority, _ := splitAddress(raw)
	host, ok := bareHost(authority)
	if !ok {
		return ""
	}
	if host, ok = asciiHost(host); !ok || !IsHost(host) {
		return ""
	}
	if key, _ := registrable(host); isFreeMail(key) {
		return key
	}
	return ""
}

// hostKey returns the key of a valid host in lower-case ASCII. page says that it came
// with a path that could be somebody's page.
func hostKey(host string, page bool) (string, Reason) {
	key, private := registrable(host)
	switch {
	case key == "" && private, isShared(host, key, page):
		return "", SharedHost
	case key == "":
		return "", BadDomain
	case isFreeMail(key):
		return "", FreeMailDomain
	}
	return key, ""
}

// registrable returns the public suffix of host and one label more, or "" if
// host is itself a suffix; private says that this suffix is in the list's
// private part. host is a valid name in lower-case ASCII. The www of a private
// suffix is the provider's own, nobody's site.
func registrable(host string) (key string, private bool) {
	suffix, icann := publicsuffix.PublicSuffix(host)
	private = !icann && strings.IndexByte(suffix, '.') >= 0
	if len(suffix) >= len(host) {
		return "", private
	}
	cut := len(host) - len(suffix) - 1
	key = host[strings.LastIndexByte(host[:cut], '.')+1:]
	if private && key[:len(key)-len(suffix)] == "www." {
		return "", true
	}
	return key, private
}

// asciiHost returns host in lower-case ASCII, converted by UTS 46 where it is
// not ASCII or has a label that claims to be converted.
func asciiHost(host string) (string, bool) {
	host = trimDots(host)
	plain := true
	for i := 0; i < len(host); i++ {
		if host[i] >= 0x80 {
			plain = false
			break
		}
	}
	if plain {
		host = strings.ToLower(host)
		if !strings.Contains(host, "xn--") {
			return host, true
		}
	}
	if len(host) > 4*maxHost || !utf8.ValidString(host) {
		return "", false
	}
	host, err := idna.Lookup.ToASCII(host)
	return trimDots(host), err == nil
}

// trimDots drops the dots at the end: the root of the name tree.
func trimDots(host string) string { return strings.TrimRight(host, ".") }

// The longest name and the longest label of the DNS, in bytes (RFC 1035, 2.3.4).
const (
	maxHost  = 253
	maxLabel = 63
)

// IsHost reports whether host is a name in the DNS that can belong to a
// company, as every key is: two labels or more of lower-case letters, digits and inner hyphens, within the
// limits of length, under a top-level domain of two characters or more that is
// not reserved for use inside a network. A last label that starts with a digit
// would be an IP address, in whatever notation.
func IsHost(host string) bool {
	if len(host) > maxHost {
		return false
	}
	start := 0
	for i := 0; i <= len(host); i++ {
		if i < len(host) && host[i] != '.' {
			if hostByte[host[i]] == 0 {
				return false
			}
			continue
		}
		label := host[start:i]
		if label == "" || len(label) > maxLabel || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		if i == len(host) {
			return start > 0 && len(label) > 1 && hostByte[label[0]] == letter && !inside[label]
		}
		start = i + 1
	}
	return false
}

// inside holds top-level domains that never lead to the internet (RFC 6761,
// RFC 6762, RFC 8375, RFC 9476 and ICANN's resolution on .internal).
var inside = map[string]bool{
	"alt": true, "arpa": true, "home": true, "internal": true, "invalid": true, "lan": true,
	"local": true, "localdomain": true, "localhost": true, "onion": true,
}

// Classes of the bytes of a host; 0 is a byte that cannot be in one.
const (
	letter = iota + 1
	digitOrHyphen
)

var hostByte = func() (class [256]uint8) {
	for c := 'a'; c <= 'z'; c++ {
		class[c] = letter
	}
	for c := '0'; c <= '9'; c++ {
		class[c] = digitOrHyphen
	}
	class['-'] = digitOrHyphen
	return class
}()
