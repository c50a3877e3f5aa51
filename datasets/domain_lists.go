package datasets

import "strings"

// isFreeMail reports whether the registrable domain key is that of a mail
// provider.
func isFreeMail(key string) bool { return freeMail[key] }

// freeMail holds the registrable domains of public, provider-branded and
// throw-away mail.
var freeMail = func() map[string]bool {
	m := make(map[string]bool)
	for _, line := range strings.Split(mailFamilies, "\n") {
		name, suffixes, _ := strings.Cut(line, " ")
		for _, suffix := range strings.Fields(suffixes) {
			m[name+"."+suffix] = true
		}
	}
	for _, domain := range strings.Fields(mailDomains) {
		m[domain] = true
	}
	return m
}()

// mailFamilies are providers under many suffixes. Suffixes are listed, since
// others are held by unrelated companies (live.ai, yahoo.dev).
const mailFamilies = `yahoo com net ca cn de dk es fr gr ie in it no pl pt ro se at be ch nl co.uk co.jp co.in co.id co.kr co.nz co.th co.za com.ar com.au com.br com.cn com.co com.hk com.mx com.my com.ph com.sg com.tr com.tw com.vn
hotmail com net be ca ch cl cz de dk es fi fr gr hu it nl no pl pt ro rs ru se sk at co.uk co.jp co.kr co.il co.id co.in co.nz co.th co.za com.ar com.au com.br com.hk com.mx com.tr com.tw com.vn
outlook com at be ca cl cz de dk es fr hu ie in it jp kr lv my pt ph pl ro sa sg sk co.id co.il co.th com.ar com.au com.br com.gr com.tr com.vn
live com at be ca ch cl cn com.ar com.au com.mx com.my com.pt com.sg co.kr co.uk co.za de dk fi fr hk ie in it jp nl no ph pt ru se
msn com fr co.uk nl de
gmx com net de at ch fr es it us co.uk li info
yandex com ru by kz ua fr net uz az com.tr com.ge co.il ee lt lv md tj tm
tiscali it co.uk fr be
mail com ru de ee bg kz ua be
rediff com
rediffmail com
excite com it co.jp
lycos com de it fr co.uk
freenet de
inbox com ru lv lt
web de
t-online de hu
protonmail com ch
tutanota com de
zohomail com eu in
fastmail com fm net org us`

const mailDomains = `gmail.com googlemail.com ymail.com ymail.ne.jp rocketmail.com myyahoo.com passport.com windowslive.com
icloud.com me.com mac.com aol.com aol.fr aol.de aol.co.uk aol.it aim.com netscape.net love.com
proton.me pm.me tuta.io tuta.com tutamail.com keemail.me hey.com hushmail.com hush.com hushmail.me mailbox.org posteo.de posteo.net startmail.com runbox.com
mailfence.com mailo.com disroot.org riseup.net ctemplar.com kolabnow.com pobox.com skiff.com duck.com
email.com usa.com consultant.com europe.com asia.com engineer.com post.com iname.com myself.com dr.com writeme.com techie.com workmail.com email.cz
qq.com foxmail.com 163.com 126.com yeah.net 139.com 189.cn sina.com sina.cn sohu.com tom.com 21cn.com naver.com hanmail.net daum.net nate.com
list.ru bk.ru inbox.ru internet.ru rambler.ru ya.ru ukr.net i.ua meta.ua bigmir.net abv.bg seznam.cz centrum.cz atlas.cz post.cz volny.cz azet.sk centrum.sk zoznam.sk
wp.pl o2.pl onet.pl op.pl onet.eu interia.pl interia.eu poczta.fm gazeta.pl tlen.pl vp.pl freemail.hu citromail.hu walla.co.il walla.com
orange.fr wanadoo.fr free.fr laposte.net sfr.fr neuf.fr bbox.fr numericable.fr cegetel.net club-internet.fr aliceadsl.fr voila.fr noos.fr 9online.fr dbmail.com mailoo.org netcourrier.com
libero.it virgilio.it alice.it tin.it iol.it inwind.it blu.it giallo.it fastwebnet.it legalmail.it pec.it
arcor.de online.de email.de kabelmail.de vodafonemail.de unitybox.de aon.at chello.at chello.nl utanet.at bluewin.ch hispeed.ch 
skynet.be telenet.be scarlet.be ziggo.nl kpnmail.nl planet.nl home.nl hetnet.nl xs4all.nl upcmail.nl casema.nl quicknet.nl
btinternet.com btopenworld.com virginmedia.com virgin.net blueyonder.co.uk ntlworld.com talktalk.net tesco.net eircom.net
telefonica.net terra.com terra.es terra.com.br ono.com sapo.pt clix.pt uol.com.br bol.com.br ig.com.br globomail.com prodigy.net.mx
telia.com spray.se bredband.net online.no broadpark.no tdcadsl.dk mail.dk sol.dk jubii.dk luukku.com kolumbus.fi otenet.gr forthnet.gr in.gr
comcast.net verizon.net att.net sbcglobal.net bellsouth.net cox.net charter.net roadrunner.com rr.com earthlink.net mindspring.com juno.com netzero.net optonline.net optimum.net
frontiernet.net windstream.net centurylink.net centurytel.net embarqmail.com suddenlink.net cableone.net peoplepc.com ameritech.net pacbell.net swbell.net snet.net
sympatico.ca videotron.ca telus.net cogeco.ca eastlink.ca bigpond.com bigpond.net.au optusnet.com.au westnet.com.au xtra.co.nz
bsnl.in vsnl.com mweb.co.za webmail.co.za telkomsa.net vodamail.co.za docomo.ne.jp ezweb.ne.jp softbank.ne.jp nifty.com biglobe.ne.jp ocn.ne.jp so-net.ne.jp infoseek.jp pchome.com.tw seed.net.tw hinet.net pacific.net.sg singnet.com.sg
mailinator.com yopmail.com yopmail.fr guerrillamail.com 10minutemail.com trashmail.com tempmail.com temp-mail.org sharklasers.com maildrop.cc getnada.com dispostable.com mytemp.email jetable.org throwawaymail.com spamgourmet.com mailnesia.com fakeinbox.com`

// A hostKind says which addresses on a shared host are somebody else's.
type hostKind uint8

const (
	anyPage hostKind = 1 << iota // every one, the home page too: nobody's own site
	onPath                       // those with a path
	onName                       // those with a name in front, other than ownNames
)

// isShared reports whether an address is a page on somebody else's site. key is
// host's registrable domain; page says that a path follows it.
func isShared(host, key string, page bool) bool {
	kind := sharedHosts[key]
	front := "" // what stands in front of the key, without www
	if name := strings.TrimPrefix(host, "www."); len(name) > len(key) {
		if sharedHosts[name] == anyPage {
			return true
		}
		front = name[:len(name)-len(key)-1]
	}
	switch {
	case kind&anyPage != 0:
		return true
	case kind&onName != 0 && front != "" && !ownNames[front]:
		return true
	}
	return page && kind&onPath != 0 && (front == "" || isEntrance(front))
}

// isEntrance reports whether a name in front of a shared host's domain leads to
// the same pages as the domain: a language (fr.linkedin.com, pt-br.facebook.com)
// or a client. Others, such as engineering.fb.com, are the host's own sites.
func isEntrance(front string) bool {
	return len(front) <= 2 || len(front) == 5 && front[2] == '-' || entrances[front]
}

var entrances = map[string]bool{"mobile": true, "web": true, "touch": true, "old": true, "business": true, "gist": true, "open": true, "music": true}

// ownNames are names in front of a shared host's domain that are not a user's.
var ownNames = map[string]bool{
	"m": true, "mobile": true, "about": true, "blog": true, "help": true, "support": true, "app": true,
	"docs": true, "developer": true, "developers": true, "careers": true, "jobs": true, "status": true, "community": true,
	"en": true, "fr": true, "de": true, "es": true,
}

// ownPaths are first steps of a path that no site gives to its users.
var ownPaths = map[string]bool{
	"about": true, "about-us": true, "careers": true, "contact": true, "home": true, "legal": true, "pricing": true,
	"privacy": true, "terms": true, "index.html": true, "index.htm": true, "index.php": true,
}

var sharedHosts = func() map[string]hostKind {
	m := make(map[string]hostKind)
	for _, list := range []struct {
		kind  hostKind
		hosts string
	}{
		{anyPage, pageHosts},
		{onPath, pathHosts},
		{onName, nameHosts},
		{onPath | onName, bothHosts},
	} {
		for _, host := range strings.Fields(list.hosts) {
			m[host] = list.kind
		}
	}
	return m
}()

// pageHosts carry only other people's pages: page builders, short links, app
// stores, maps, documents, job boards. Hosts whose every user has a suffix of
// his own are not here: the public suffix list has them.
const pageHosts = `sites.google.com docs.google.com drive.google.com forms.google.com play.google.com maps.google.com plus.google.com groups.google.com calendar.google.com business.google.com chromewebstore.google.com chrome.google.com
apps.apple.com itunes.apple.com podcasts.apple.com maps.apple.com appstore.com apps.microsoft.com marketplace.visualstudio.com appexchange.salesforce.com addons.mozilla.org
g.page goo.gl maps.app.goo.gl forms.gle bit.ly ow.ly t.co buff.ly rebrand.ly is.gd cutt.ly rb.gy lnkd.in fb.me youtu.be amzn.to wa.me t.me telegram.me m.me discord.gg
linktr.ee solo.to msha.ke carrd.co
boards.greenhouse.io job-boards.greenhouse.io boards.eu.greenhouse.io jobs.lever.co apply.workable.com jobs.ashbyhq.com jobs.smartrecruiters.com careers.smartrecruiters.com
web.archive.org hub.docker.com pagesperso-orange.fr perso.wanadoo.fr chez.com monsite-orange.fr pagespro-orange.fr wifeo.com e-monsite.com over-blog.com over-blog.fr canalblog.com skyrock.com jimdofree.com
godaddysites.com ueniweb.com negocio.site ola.click my.canva.site site123.me webnode.page weeblysite.com angelfire.com geocities.com tripod.com freeservers.com 000webhostapp.com business.site googlepages.com`

// pathHosts are companies on whose site everybody has a page.
const pathHosts = `linkedin.com facebook.com fb.com twitter.com x.com instagram.com threads.net threads.com tiktok.com pinterest.com reddit.com snapchat.com vk.com ok.ru weibo.com xing.com quora.com mastodon.social bsky.app telegram.org
youtube.com vimeo.com dailymotion.com twitch.tv soundcloud.com spotify.com flickr.com behance.net dribbble.com imgur.com
github.com gitlab.com bitbucket.org codeberg.org sourceforge.net gitee.com huggingface.co kaggle.com stackoverflow.com producthunt.com
crunchbase.com angel.co wellfound.com ycombinator.com f6s.com pitchbook.com dnb.com zoominfo.com glassdoor.com glassdoor.fr indeed.com indeed.fr welcometothejungle.com trustpilot.com g2.com capterra.com yelp.com yelp.fr tripadvisor.com tripadvisor.fr pagesjaunes.fr societe.com verif.com infogreffe.fr kompass.com europages.com yellowpages.com foursquare.com
about.me beacons.ai allmylinks.com bitly.com lnk.bio bio.link campsite.bio taplink.cc tinyurl.com linktree.com notion.so airtable.com eventbrite.com eventbrite.fr meetup.com calendly.com patreon.com kickstarter.com indiegogo.com gofundme.com ulule.com helloasso.com opencollective.com etsy.com ebay.com ebay.fr ebay.co.uk alibaba.com leboncoin.fr wikipedia.org amazon.com amazon.fr amazon.co.uk amazon.de google.com
slideshare.net issuu.com scribd.com dropbox.com archive.org discord.com whatsapp.com`

// nameHosts are companies that give their users names under their own domain.
const nameHosts = `weebly.com wix.com squarespace.com webnode.com jimdo.com strikingly.com mystrikingly.com typepad.com ghost.io hashnode.dev bandcamp.com typeform.com teachable.com thinkific.com podia.com podbean.com slack.com
zendesk.com freshdesk.com statuspage.io atlassian.net sharepoint.com myworkdayjobs.com bamboohr.com teamtailor.com recruitee.com breezy.hr tilda.ws bigcartel.com storenvy.com ecwid.com unbounce.com hubspotpagebuilder.com hs-sites.com mailchimpsites.com`

// bothHosts do as nameHosts and as pathHosts.
const bothHosts = `medium.com tumblr.com substack.com wordpress.com livejournal.com blogger.com gumroad.com deviantart.com`
