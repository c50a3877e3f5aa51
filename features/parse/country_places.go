package parse

import (
	"strings"
	"sync"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// A place is a country by one of its names.
type place struct {
	code string
	kind placeKind
}

// A placeKind says how sure a name is.
type placeKind uint8

const (
	excluded  placeKind = iota // "-ir": every country but this one
	sure                       // a name that means nothing else
	ambiguous                  // a name that is also another word, or a state
	short                      // a code of two or three letters
	region                     // a state or a city
)

// places holds names as appendKey makes them.
type places struct {
	countries map[string]place
	states    map[string]string // codes and names of states and provinces
	cities    map[string]string
}

// loadPlaces builds the tables at the first call.
var loadPlaces = sync.OnceValue(func() *places {
	p := &places{countries: make(map[string]place, 4096), states: make(map[string]string), cities: make(map[string]string)}
	for codes := countryCodes; codes != ""; codes = codes[3:] {
		p.addCountry(codes[:2])
	}
	for _, line := range strings.Split(countryAliases, "\n") {
		code, names, _ := strings.Cut(line, " ")
		for _, alias := range strings.Split(names, "|") {
			p.countries[key(alias)] = place{code, sure}
		}
	}
	for _, alias := range strings.Split(ambiguousNames, "|") {
		at := p.countries[alias]
		p.countries[alias] = place{at.code, ambiguous}
	}
	fill(p.states, stateNames)
	fill(p.cities, cityNames)
	return p
})

// languages are those whose names of countries are known; where two disagree the
// earlier one wins.
var languages = []language.Tag{
	language.English, language.French, language.German, language.Spanish, language.Portuguese, language.Italian, language.Dutch,
}

// addCountry adds the codes and the names of a country.
func (p *places) addCountry(iso2 string) {
	r := language.MustParseRegion(iso2)
	p.countries[key(iso2)] = place{iso2, short}
	if iso3 := r.ISO3(); iso3 != "ZZZ" {
		p.countries[key(iso3)] = place{iso2, short}
	}
	for _, tag := range languages {
		k := key(display.Regions(tag).Name(r))
		if _, known := p.countries[k]; !known && len(k) > 3 {
			p.countries[k] = place{iso2, sure}
		}
	}
}

// fill reads lines of a code and names.
func fill(table map[string]string, lines string) {
	for _, line := range strings.Split(lines, "\n") {
		code, names, _ := strings.Cut(line, " ")
		for _, item := range strings.Split(names, "|") {
			table[key(item)] = code
		}
	}
}

func key(s string) string { return string(appendKey(nil, s)) }

// titles are articles and forms of government in front of a country's name.
var titles = []string{
	"the ", "la ", "le ", "les ", "l ",
	"republic of ", "federal republic of ", "federative republic of ", "islamic republic of ", "peoples republic of ", "people s republic of ",
	"democratic socialist republic of ", "socialist republic of ", "kingdom of ", "state of ", "grand duchy of ", "principality of ", "commonwealth of ",
	"republique de ", "republique du ", "republique d ", "republique federale d ", "royaume de ", "royaume du ", "royaume d ",
}

// countryCodes are the 249 officially assigned codes of ISO 3166-1, and Kosovo's
// XK, which is user-assigned.
const countryCodes = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ " +
	"CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR " +
	"GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP " +
	"KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ " +
	"NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW " +
	"SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ " +
	"UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW XK "

// ambiguousNames are countries' names that a text uses for something else, or
// that are a state's: they count only where they stand alone.
const ambiguousNames = "georgia|georgie|jordan|jordanie|chad|turkey|jersey|guinea|niger|mali|reunion|dominica|togo|palau|guernsey|saint martin|martinique|nauru|america"

// countryAliases adds what the language data lacks: older and newer names,
// official ones, those in the country's own language.
const countryAliases = `US usa|us of a|united states|united states of america|the united states of america|etats unis|etats unis d amerique|estados unidos|estados unidos de america|vereinigte staaten von amerika|united states america|u s|u s a|america
GB uk|u k|great britain|britain|grande bretagne|england|angleterre|scotland|ecosse|wales|pays de galles|northern ireland|irlande du nord|united kingdom of great britain and northern ireland|united kingdom of great britain|royaume uni de grande bretagne|royaume uni de grande bretagne et d irlande du nord|gran bretana|inghilterra
NL holland|the netherlands|hollande|pays bas|nederland
KR south korea|korea|korea south|korea republic of|republic of korea|coree|coree du sud|republique de coree|coree republique de|한국|대한민국
KP north korea|korea north|korea democratic people s republic of|democratic people s republic of korea|dprk|coree du nord|republique populaire democratique de coree
CZ czechia|czech republic|tchequie|republique tcheque|ceska republika|cesko
CI ivory coast|cote d ivoire|republic of cote d ivoire
CD drc|dr congo|rdc|congo kinshasa|democratic republic of the congo|congo the democratic republic of the|congo democratic republic of the|republique democratique du congo|congo la republique democratique du
CG congo|congo brazzaville|republic of the congo|republique du congo
RU russia|russian federation|federation de russie|russie federation de|россия|российская федерация
VN viet nam|vietnam
LA laos|lao people s democratic republic|lao pdr|republique democratique populaire lao
SY syria|syrian arab republic|republique arabe syrienne
IR iran|iran islamic republic of|iran republique islamique d
TZ tanzania|tanzania united republic of|united republic of tanzania|tanzanie republique unie de
BO bolivia|bolivia plurinational state of|plurinational state of bolivia|bolivie etat plurinational de
VE venezuela|venezuela bolivarian republic of|bolivarian republic of venezuela|venezuela republique bolivarienne du
MD moldova|moldova republic of|moldavie|moldova republique de
FM micronesia|micronesia federated states of|federated states of micronesia|micronesie etats federes de
PS palestine|palestine state of|state of palestine|palestinian territory occupied|etat de palestine
TW taiwan|taiwan province of china|chinese taipei|taiwan r o c|台灣|台湾
BN brunei darussalam|brunei
CV cape verde|cabo verde|cap vert
TL east timor|timor leste|timor oriental
MK macedonia|north macedonia|macedonia the former yugoslav republic of|macedoine du nord|macedoine|republic of north macedonia
SZ swaziland|eswatini|kingdom of eswatini
MM myanmar|burma|birmanie
HK hong kong|hong kong sar|hongkong|香港
MO macau|macao|macao sar
CN china|mainland china|people s republic of china|pr china|prc|p r china|republique populaire de chine|中国|中國
TR turkiye|republic of turkiye
AE uae|u a e|united arab emirates|emirats arabes unis|emirates
SA ksa|kingdom of saudi arabia|saudi
VA vatican|holy see|holy see vatican city state|saint siege|saint siege etat de la cite du vatican
GM the gambia|gambia
BS the bahamas|bahamas
SH saint helena|st helena|saint helena ascension and tristan da cunha
KN st kitts and nevis|saint kitts and nevis
LC st lucia|saint lucia
VC st vincent and the grenadines|saint vincent and the grenadines
FK falkland islands|falkland islands malvinas|malouines
VG british virgin islands|virgin islands british
VI us virgin islands|virgin islands u s|virgin islands us
BQ bonaire sint eustatius and saba|bonaire
MF saint martin french part|st martin
SX sint maarten|sint maarten dutch part
BA bosnia|bosnia herzegovina|bosnia and herzegovina|bosnie|bosnie herzegovine
TT trinidad|trinidad and tobago|trinite et tobago
DE deutschland|federal republic of germany|bundesrepublik deutschland|brd
FR french republic|republique francaise|france metropolitaine|metropolitan france
ES espana|kingdom of spain
IT italia|italian republic
CH schweiz|suisse|svizzera|swiss|swiss confederation|confederation suisse|confederation helvetique
AT osterreich|oesterreich
BE belgie|belgique|belgien
LU letzebuerg
SE sverige
NO norge
DK danmark
FI suomi
IS island
PL polska
HU magyarorszag
HR hrvatska
SI slovenija
SK slovensko|slovak republic
RS srbija
RO romania|roumanie
BG българия
GR hellas|hellenic republic|ελλαδα|el
UA ukraina|україна|украина
BR brasil
JP nippon|nihon|日本
IN bharat|republic of india|भारत
IL state of israel|ישראל
MX mejico|united mexican states|estados unidos mexicanos
ZA rsa|republic of south africa
NZ aotearoa|new zeland
IE eire|republic of ireland|ireland republic of|irish republic
EG arab republic of egypt
PH the philippines|philippine
KG kyrgyz republic
CF central african republic|car
DO dominican republic|republica dominicana
PF tahiti
RE la reunion|ile de la reunion
XK kosovo`

// stateNames are states and provinces by country.
const stateNames = `US al|ak|az|ar|ca|co|ct|de|fl|ga|hi|id|il|in|ia|ks|ky|la|me|md|ma|mi|mn|ms|mo|mt|ne|nv|nh|nj|nm|ny|nc|nd|oh|ok|or|pa|ri|sc|sd|tn|tx|ut|vt|va|wa|wv|wi|wy|dc|alabama|alaska|arizona|arkansas|california|colorado|connecticut|delaware|florida|georgia|hawaii|idaho|illinois|indiana|iowa|kansas|kentucky|louisiana|maine|maryland|massachusetts|michigan|minnesota|mississippi|missouri|montana|nebraska|nevada|new hampshire|new jersey|new mexico|new york|north carolina|north dakota|ohio|oklahoma|oregon|pennsylvania|rhode island|south carolina|south dakota|tennessee|texas|utah|vermont|virginia|washington|west virginia|wisconsin|wyoming|district of columbia|washington dc|washington d c|new england|silicon valley|bay area
CA ab|bc|mb|nb|nl|ns|nt|nu|on|pe|qc|sk|yt|alberta|british columbia|manitoba|new brunswick|newfoundland|newfoundland and labrador|nova scotia|ontario|prince edward island|quebec|saskatchewan|yukon|nunavut
AU nsw|vic|qld|tas|new south wales|queensland|tasmania|western australia|south australia`

// cityNames are large cities by country, those above all whose country has the
// code of an American state.
const cityNames = `DE berlin|munich|munchen|muenchen|hamburg|cologne|koln|koeln|frankfurt|frankfurt am main|stuttgart|dusseldorf|duesseldorf|leipzig|dresden|hannover|hanover|nuremberg|nurnberg|bremen|bonn|karlsruhe|mannheim|essen|dortmund
FR paris|lyon|marseille|toulouse|bordeaux|lille|nantes|nice|strasbourg|montpellier|rennes|grenoble|sophia antipolis
GB london|manchester|edinburgh|glasgow|bristol|leeds|liverpool|oxford|belfast|cardiff|sheffield|brighton
CA toronto|montreal|vancouver|ottawa|calgary|edmonton|quebec city|winnipeg|kitchener
IN bangalore|bengaluru|mumbai|bombay|delhi|new delhi|gurgaon|gurugram|noida|chennai|hyderabad|pune|kolkata|ahmedabad|jaipur|kochi|indore|chandigarh|surat
IL tel aviv|tel aviv yafo|jerusalem|haifa|herzliya|ramat gan|petah tikva|netanya
CO bogota|medellin|cali|barranquilla|cartagena
AR buenos aires|rosario|mendoza
MA casablanca|rabat|marrakech|tangier
AL tirana
ID jakarta|bandung|surabaya|yogyakarta|bali|denpasar
MD chisinau
ME podgorica
MN ulaanbaatar|ulan bator
MT valletta|sliema
MS plymouth montserrat
MO macau city
NE niamey
PA panama city
GA libreville
GE tbilisi|batumi
LA vientiane
AZ baku
PE lima|arequipa|cusco
NL amsterdam|rotterdam|utrecht|eindhoven|the hague|den haag|delft|groningen
BE brussels|bruxelles|antwerp|ghent|gent|leuven|liege
ES madrid|barcelona|seville|malaga|bilbao
IT milan|milano|rome|roma|turin|torino|bologna|florence|naples|trento
PT lisbon|lisboa|braga|coimbra
IE dublin|cork|galway|limerick
CH zurich|geneva|geneve|lausanne|basel|zug
AT vienna|wien|graz|linz|salzburg
SE stockholm|gothenburg|goteborg|malmo
NO oslo|bergen|trondheim
DK copenhagen|kobenhavn|aarhus
FI helsinki|espoo|tampere
PL warsaw|warszawa|krakow|cracow|wroclaw|gdansk|poznan|lodz|katowice
CZ prague|praha|brno
HU budapest
RO bucharest|cluj napoca|cluj|iasi|timisoara
BG sofia|plovdiv
GR athens|thessaloniki
UA kyiv|kiev|lviv|kharkiv|odessa|dnipro
RU moscow|saint petersburg|st petersburg|novosibirsk
TR istanbul|ankara|izmir
RS belgrade|novi sad
HR zagreb
SI ljubljana
SK bratislava
EE tallinn|tartu
LV riga
LT vilnius|kaunas
US new york city|nyc|san francisco|los angeles|chicago|boston|seattle|austin|denver|atlanta|miami|dallas|houston|philadelphia|san diego|san jose|palo alto|mountain view|menlo park|brooklyn|portland|minneapolis|pittsburgh|washington dc
MX mexico city|ciudad de mexico|cdmx|guadalajara|monterrey
BR sao paulo|rio de janeiro|belo horizonte|curitiba|porto alegre|recife|florianopolis|brasilia
CL santiago|santiago de chile
UY montevideo
EC quito|guayaquil
CR san jose costa rica
AU sydney|melbourne|brisbane|perth|adelaide|canberra
NZ auckland|wellington|christchurch
JP tokyo|osaka|kyoto|fukuoka|nagoya
KR seoul|busan
CN beijing|shanghai|shenzhen|guangzhou|hangzhou|chengdu
TW taipei|hsinchu
SG singapore city
MY kuala lumpur|penang
TH bangkok|chiang mai
VN hanoi|ho chi minh city|ho chi minh|saigon|da nang
PH manila|makati|cebu
PK karachi|lahore|islamabad
BD dhaka
LK colombo
NP kathmandu
AE dubai|abu dhabi|sharjah
SA riyadh|jeddah
QA doha
EG cairo|alexandria
NG lagos|abuja
KE nairobi
GH accra
ZA johannesburg|cape town|durban|pretoria
TN tunis
SN dakar
ET addis ababa
RW kigali
UG kampala`
