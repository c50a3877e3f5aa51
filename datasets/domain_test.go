package datasets_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/icpfit/icpfit/datasets"
)

func ExampleDomainKey() {
	for _, raw := range []string{
		"https://www.Acme.co.uk:8080/about?utm=x", "Jane Doe <jane@mail.acme.com>", "münchen.de",
		"acme.github.io", "https://github.com/acme", "jane@gmail.com", "http://10.0.0.1/", "n/a",
	} {
		key, reason := datasets.DomainKey(raw)
		fmt.Println(key + string(reason))
	}
	// Output:
	// acme.co.uk
	// acme.com
	// xn--mnchen-3ya.de
	// acme.github.io
	// SHARED_HOST
	// FREE_MAIL_DOMAIN
	// BAD_DOMAIN
	// NO_DOMAIN
}

var label63 = strings.Repeat("a", 63)

// Punycode forms were worked out with CPython 3.11's punycode codec.
var domainCases = []struct {
	group  string
	want   string          // the key, when reason is ""
	reason datasets.Reason //
	raw    []string
}{
	{group: "hosts", want: "acme.com", raw: []string{
		"acme.com", "www.acme.com", "ACME.com", "WWW.ACME.COM", "acme.com.", "acme.com..", "a.b.c.acme.com", " acme.com ",
		"\tacme.com\r\n", `"acme.com"`, "'acme.com'", "“acme.com”", "«\u00a0acme.com\u00a0»", "<acme.com>", "acme.com,", "(acme.com)",
		"acme.com;", "\ufeffacme.com", "acme.com\u200b", "acme.com, acme.fr", "acme.com;acme.fr", "acme.com | acme.fr", "acme.com acme.fr",
	}},
	{group: "plain keys", want: "r000123.com", raw: []string{"r000123.com", "R000123.COM", "http://r000123.com"}},
	{group: "digits and hyphens", want: "acme-12.com", raw: []string{"acme-12.com", "www.acme-12.com/"}},
	{group: "only digits", want: "163.net", raw: []string{"163.net", "jane@163.net"}},
	{group: "two hyphens", want: "r3--sn.com", raw: []string{"r3--sn.com", "https://r3--sn.com"}},
	{group: "URLs", want: "acme.com", raw: []string{
		"http://acme.com", "https://www.acme.com/", "HTTPS://ACME.COM/About", "//acme.com/x", "ftp://acme.com", "acme.com/path?x=1#y",
		"acme.com?utm_source=x", "acme.com#top", "http://user:pass@acme.com:8080/x", "acme.com:443", "https://acme.com:/", "http:/acme.com",
		"http:acme.com", "http//acme.com", "http://https://acme.com", "https://http://www.acme.com", `http:\\acme.com\x`,
		"https://acme.com/redirect?to=https://evil.com", "https://gmail.com@acme.com/", "https://acme.com/jane@gmail.com", "view-source+x://acme.com",
	}},
	{group: "e-mail", want: "acme.com", raw: []string{
		"jane@acme.com", "Jane.Doe+crm@mail.ACME.com", "mailto:jane@acme.com", "MAILTO:jane@acme.com?subject=hi", "Jane Doe <jane@acme.com>",
		`"Doe, Jane" <jane@acme.com>`, "<jane@acme.com>", "jane@acme.com, joe@gmail.com", "a@b@acme.com",
	}},
	{group: "suffixes", want: "acme.co.uk", raw: []string{"acme.co.uk", "www.acme.co.uk", "jane@shop.acme.co.uk"}},
	{group: "private suffix", want: "acme.github.io", raw: []string{"acme.github.io", "https://www.acme.github.io/docs/", "x.acme.github.io"}},
	{group: "private suffix, page builder", want: "acme.wixsite.com", raw: []string{"acme.wixsite.com", "https://acme.wixsite.com/home"}},
	{group: "unlisted suffix", want: "acme.example", raw: []string{"acme.example", "www.acme.example"}},
	{group: "IDN", want: "xn--mnchen-3ya.de", raw: []string{
		"münchen.de", "MÜNCHEN.de", "www.München.DE", "mu\u0308nchen.de", "xn--mnchen-3ya.de", "XN--MNCHEN-3YA.de", "https://münchen.de/ü", "info@münchen.de", "www。münchen。de",
	}},
	{group: "IDN, sharp s stays", want: "xn--strae-oqa.de", raw: []string{"straße.de", "STRAßE.de"}},
	{group: "IDN, full width", want: "acme.com", raw: []string{"ａｃｍｅ.com", "acme．com", "ac\u00adme.com"}},
	{group: "IDN, Cyrillic a is another name", want: "xn--cme-5cd.com", raw: []string{"\u0430cme.com"}},
	{group: "IDN, suffix", want: "xn--85x722f.xn--55qx5d.cn", raw: []string{"食狮.公司.cn", "www.食狮.公司.cn"}},
	{group: "company and mail apart", want: "orange.com", raw: []string{"orange.com", "jane@orange.com"}},
	{group: "not a provider's suffix", want: "live.ai", raw: []string{"live.ai", "jane@live.ai"}},
	{group: "provider's name inside", want: "mygmail.com", raw: []string{"mygmail.com", "gmail.com.mygmail.com"}},

	{group: "nothing", reason: datasets.NoDomain, raw: []string{
		"", " ", "\u00a0", "-", "--", "n/a", "N/A", "NA", "none", "None", "NULL", "null", "unknown", "Unknown", "#N/A", "?", "...", "@", `""`, "<>",
		"http://", "https:///", "aucun", "Non renseigné", "nan", "N.A.", "\ufeff", "//",
	}},
	{group: "IP addresses", reason: datasets.BadDomain, raw: []string{
		"127.0.0.1", "http://192.168.1.1/x", "192.168.1.1:8080", "jane@10.0.0.1", "[::1]", "http://[2001:db8::1]:80/", "::1", "2001:db8::1", "2130706433",
		"0x7f000001", "0x7f.0.0.1", "0x7f.1", "127.1", "0177.0.0.1", "1.2.3.4.", "999.999.999.999", "acme.123", "jane@[10.0.0.1]",
	}},
	{group: "not a domain", reason: datasets.BadDomain, raw: []string{
		"localhost", "http://localhost:3000", "acme", "Acme Inc", "intranet", "com", "co.uk", "www", "https://www.", "printer.local", "db.internal", "x.localhost",
		".acme.com", "acme..com", "-acme.com", "acme-.com", "acme.com-", "acme_corp.com", "ac me", "acme.c", "acme!.com", "acme.com:http", "acme.com:99999999",
		"exa%6dple.com", "acme.com\x00.evil", "javascript:alert(1)", "file:///etc/passwd", "tel:+33123456789", "xn--a.com", "xn--.com", "a\u0301\u0301\u202eb..com",
		label63 + "a.com", "ü" + label63 + ".com", strings.Repeat("a.", 125) + "acme.com", "=cmd|' /C calc'!A0", "../../etc/passwd", "\xff\xfe.com",
	}},
	{group: "free mail", reason: datasets.FreeMailDomain, raw: []string{
		"jane@gmail.com", "gmail.com", "http://www.gmail.com", "JANE@GOOGLEMAIL.COM", "jane@outlook.fr", "jane@hotmail.co.uk", "live.com", "jane@yahoo.co.jp", "yahoo.com",
		"jane@icloud.com", "jane@me.com", "jane@aol.com", "jane@gmx.net", "jane@gmx.at", "jane@web.de", "jane@t-online.de", "orange.fr", "www.orange.fr", "jane@wanadoo.fr",
		"jane@free.fr", "jane@laposte.net", "jane@sfr.fr", "jane@bbox.fr", "jane@libero.it", "jane@mail.ru", "jane@yandex.ru", "123@qq.com", "jane@163.com", "jane@126.com",
		"jane@proton.me", "jane@protonmail.com", "jane@fastmail.com", "jane@hey.com", "jane@comcast.net", "jane@ymail.com", "jane@mailinator.com", "jane@zohomail.com", "mail.yahoo.com",
	}},
	{group: "shared hosts", reason: datasets.SharedHost, raw: []string{
		"https://www.linkedin.com/company/acme", "fr.linkedin.com/in/jane", "linkedin.com/company/acme/about", "facebook.com/acme", "https://pt-br.facebook.com/acme/", "m.facebook.com/acme",
		"https://twitter.com/acme", "twitter.com/#!/acme", "x.com/acme", "instagram.com/acme", "https://www.youtube.com/@acme", "youtube.com/channel/UC1", "youtu.be/x",
		"https://github.com/acme", "gist.github.com/acme", "gitlab.com/acme/x", "https://medium.com/@acme", "acme.medium.com", "https://acme.medium.com/", "acme.tumblr.com", "acme.wordpress.com", "acme.weebly.com",
		"https://apps.apple.com/us/app/acme/id1", "apps.apple.com", "itunes.apple.com/app/id1", "https://play.google.com/store/apps/details?id=com.acme", "https://sites.google.com/view/acme", "sites.google.com",
		"docs.google.com/document/d/1", "https://www.google.com/maps/place/Acme", "notion.so/acme", "notion.site", "linktr.ee/acme", "linktr.ee", "bit.ly/3x", "bit.ly", "t.me/acme", "goo.gl/maps/x", "g.page/acme",
		"https://www.crunchbase.com/organization/acme", "angel.co/company/acme", "wellfound.com/company/acme", "github.io", "www.github.io", "blogspot.com", "wixsite.com", "herokuapp.com", "uk.com",
		"acme.zendesk.com", "boards.greenhouse.io/acme", "jobs.lever.co/acme", "https://about.me/acme",
	}},

	{group: "a shared host's own", want: "linkedin.com", raw: []string{"linkedin.com", "https://www.linkedin.com/", "jane@linkedin.com", "https://fr.linkedin.com", "linkedin.com?trk=x", "https://www.linkedin.com/about"}},
	{group: "a shared host's own", want: "github.com", raw: []string{"github.com", "https://www.github.com/", "http://github.com#", "docs.github.com/en/x"}},
	{group: "a shared host's own", want: "medium.com", raw: []string{"medium.com", "https://medium.com/", "blog.medium.com", "www.medium.com"}},
	{group: "a shared host's own", want: "notion.so", raw: []string{"notion.so", "https://www.notion.so/"}},
	{group: "a shared host's own", want: "google.com", raw: []string{"google.com", "https://cloud.google.com/storage", "https://www.google.com/"}},
	{group: "a shared host's own", want: "apple.com", raw: []string{"apple.com", "https://www.apple.com/iphone"}},
}

func TestDomainKey(t *testing.T) {
	for _, tt := range domainCases {
		for _, raw := range tt.raw {
			if got, reason := datasets.DomainKey(raw); got != tt.want || reason != tt.reason {
				t.Errorf("%s: DomainKey(%q) = %q, %q, want %q, %q", tt.group, raw, got, reason, tt.want, tt.reason)
			}
			if tt.want != "" && !datasets.IsHost(tt.want) {
				t.Errorf("%s: %q is said to be no host", tt.group, tt.want)
			}
		}
	}
}

// A label of 63 bytes and a name of 253 are allowed, one more is not.
func TestDomainKeyLimits(t *testing.T) {
	long := strings.Repeat(label63+".", 3) + strings.Repeat("a", 57) + ".com" // 3·64 + 57 + 4 = 253
	for _, tt := range []struct {
		raw, want string
	}{
		{label63 + ".com", label63 + ".com"},
		{label63 + "a.com", ""},
		{long, strings.Repeat("a", 57) + ".com"},
		{"a" + long, ""},
	} {
		got, reason := datasets.DomainKey(tt.raw)
		if got != tt.want || (got == "") != (reason == datasets.BadDomain) {
			t.Errorf("DomainKey of %d bytes = %q, %q, want %q", len(tt.raw), got, reason, tt.want)
		}
	}
}

func TestIsHost(t *testing.T) {
	for raw, want := range map[string]bool{
		"acme.com": true, "co.uk": true, "gmail.com": true, "a-1.io": true,
		"www.acme.com": true, "Acme.com": false, "acme": false, "acme.com.": false, "acme..com": false, " acme.com": false, "acme.c": false, "1.2": false,
		"xn--mnchen-3ya.de": true, "münchen.de": false, "": false,
	} {
		if got := datasets.IsHost(raw); got != want {
			t.Errorf("IsHost(%q) = %v", raw, got)
		}
	}
}

func FuzzDomainKey(f *testing.F) {
	for _, tt := range domainCases {
		for _, raw := range tt.raw {
			f.Add(raw)
		}
	}
	f.Fuzz(func(t *testing.T, raw string) {
		key, reason := datasets.DomainKey(raw)
		if key != "" && !datasets.IsHost(key) {
			t.Fatalf("the key of %q is %q, which is said to be no host", raw, key)
		}
		if (key == "") == (reason == "") {
			t.Fatalf("DomainKey(%q) = %q, %q: want either a key or a reason", raw, key, reason)
		}
		if key == "" {
			return
		}
		if len(key) > 253 || !strings.Contains(key, ".") || strings.Trim(key, "abcdefghijklmnopqrstuvwxyz0123456789.-") != "" {
			t.Fatalf("DomainKey(%q) = %q: not a name in lower-case ASCII", raw, key)
		}
		if again, reason := datasets.DomainKey(key); again != key {
			t.Fatalf("DomainKey(%q) = %q, whose own key is %q, %s", raw, key, again, reason)
		}
	})
}

func BenchmarkDomainKey(b *testing.B) {
	for name, raw := range map[string]string{
		"host": "acme.com", "www": "www.acme.co.uk", "URL": "https://www.acme.com/about?x=1", "mail": "jane@acme.com", "IDN": "www.münchen.de",
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				datasets.DomainKey(raw)
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}
