package datasets

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// publicData returns the lines of a file of public data beside the repository,
// without comments, and skips the test where it is absent.
func publicData(t *testing.T, name, comment string) []string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above the test's folder")
		}
	}
	data, err := os.ReadFile(filepath.Join(dir, "..", "shared", "data", name))
	if err != nil {
		t.Skipf("public data is absent: %v", err)
	}
	var lines []string
	for _, line := range strings.Split(string(data), "\n") {
		if line = strings.TrimRight(line, "\r"); line != "" && !strings.HasPrefix(line, comment) {
			lines = append(lines, line)
		}
	}
	return lines
}

// The vectors are those of publicsuffix.org: a host and its registrable domain,
// or null.
func TestPublicSuffixVectors(t *testing.T) {
	tested := 0
	for _, line := range publicData(t, "psl/tests.txt", "//") {
		host, want, _ := strings.Cut(line, " ")
		if want == "null" {
			want = ""
		}
		wantASCII, _ := asciiHost(want)
		ascii, ok := asciiHost(host)
		if !ok {
			t.Errorf("asciiHost(%q) refused", host)
		}
		if IsHost(ascii) {
			if got, _ := registrable(ascii); got != wantASCII {
				t.Errorf("registrable(%q) = %q, want %q", ascii, got, wantASCII)
			}
		} else if want != "" {
			t.Errorf("IsHost(%q) = false, want its registrable domain to be %q", ascii, want)
		}
		if got, reason := DomainKey(host); got != wantASCII || (reason == "") != (got != "") {
			t.Errorf("DomainKey(%q) = %q, %q, want %q", host, got, reason, wantASCII)
		}
		tested++
	}
	if tested < 70 { // the file of 2024 has 77
		t.Errorf("only %d vectors were found", tested)
	}
}

// The vectors are those of Unicode for UTS 46, version 15: source, toUnicode,
// its status, toASCII (non-transitional), its status.
func TestIDNAVectors(t *testing.T) {
	valid, invalid := 0, 0
	for _, line := range publicData(t, "psl/idna_test_vectors.txt", "#") {
		line, _, _ = strings.Cut(line, "#")
		f := strings.Split(line, ";")
		for i := range f {
			f[i] = unescape(t, strings.TrimSpace(f[i]))
		}
		source, want, status := f[0], f[3], f[4]
		if want == "" {
			want = f[1]
		}
		if want == "" {
			want = source
		}
		if status == "" {
			status = f[2]
		}
		got, ok := asciiHost(source)
		switch {
		case status == "" || status == "[]":
			if valid++; !ok || got != trimDots(want) {
				t.Errorf("asciiHost(%+q) = %q, %v, want %q", source, got, ok, want)
			}
		default:
			if invalid++; ok && IsHost(got) {
				t.Errorf("asciiHost(%+q) = %q, want it refused: %s", source, got, status)
			}
		}
	}
	t.Logf("%d valid names, %d invalid ones", valid, invalid)
	if valid < 400 || invalid < 5000 { // the file of version 15.0.0 has 433 and 5802
		t.Errorf("only %d valid and %d invalid names were found", valid, invalid)
	}
}

// unescape replaces \uXXXX and \x{XXXX}.
func unescape(t *testing.T, s string) string {
	t.Helper()
	var b strings.Builder
	for {
		before, after, found := strings.Cut(s, `\`)
		b.WriteString(before)
		if !found {
			return b.String()
		}
		hex, rest := after[1:5], after[5:]
		if strings.HasPrefix(after, "x{") {
			hex, rest, _ = strings.Cut(after[2:], "}")
		}
		code, err := strconv.ParseUint(hex, 16, 32)
		if err != nil {
			t.Fatalf("escape in %q: %v", s, err)
		}
		b.WriteRune(rune(code))
		s = rest
	}
}

// Each word of the lists must be a key that the lists can meet: one that is not
// registrable would never match.
func TestDomainListsAreKeys(t *testing.T) {
	for domain := range freeMail {
		if key, _ := registrable(domain); !IsHost(domain) || key != domain {
			t.Errorf("free mail domain %q: its registrable domain is %q", domain, key)
		}
		if sharedHosts[domain] != 0 {
			t.Errorf("%q is both a free mail domain and a shared host", domain)
		}
	}
	for host, kind := range sharedHosts {
		key, private := registrable(host)
		if !IsHost(host) || key == "" && !private || kind != anyPage && key != host {
			t.Errorf("shared host %q: its registrable domain is %q", host, key)
		}
	}
	if len(freeMail) < 150 || len(sharedHosts) < 150 {
		t.Errorf("%d free mail domains and %d shared hosts, want 150 of each", len(freeMail), len(sharedHosts))
	}
}

// The data sets' own domain columns were made by another program (tldextract),
// so nearly every value must be its own key. The rest are mail providers, which
// are refused on purpose.
func TestDomainKeyOnPublicData(t *testing.T) {
	for _, name := range []string{
		"icp-hackerone/accounts.csv", "icp-hackerone/customers.csv",
		"icp-yc-hiring/accounts.csv", "icp-yc-hiring/customers.csv",
	} {
		text := strings.Join(publicData(t, name, "\x00"), "\n")
		rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		equal, reasons := 0, make(map[Reason]int)
		for _, row := range rows[1:] {
			key, reason := DomainKey(row[0])
			if key == row[0] {
				equal++
			} else if key != "" {
				t.Errorf("%s: DomainKey(%q) = %q", name, row[0], key)
			}
			reasons[reason]++
		}
		n := len(rows) - 1
		t.Logf("%s: %d of %d equal, %v", name, equal, n, reasons)
		if float64(equal) < 0.995*float64(n) {
			t.Errorf("%s: %d of %d domains are their own key, want 99.5 %%", name, equal, n)
		}
	}
}
