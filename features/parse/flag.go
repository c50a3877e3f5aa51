package parse

// Flag returns the yes or no a cell holds, in English, French, German, Spanish
// or Italian, as a digit or as a tick. It is false unless the status is OK.
func Flag(s string) (bool, Status) {
	s = trim(s)
	if len(s) > 0 && len(s) <= longestFlag {
		var buf [2 * longestFlag]byte
		switch flags[string(appendFolded(buf[:0], s))] {
		case 1:
			return true, OK
		case 2:
			return false, OK
		}
	}
	if isNothing(s) {
		return false, Missing
	}
	return false, Unreadable
}

// longestFlag is the length of the longest word for yes or no, in bytes.
const longestFlag = 12

// flags holds 1 for yes and 2 for no.
var flags = func() map[string]uint8 {
	m := make(map[string]uint8)
	for word := range wordSet("true|t|yes|y|1|1.0|oui|o|vrai|v|x|on|checked|ja|si|✓|✔|☑|✅") {
		m[word] = 1
	}
	for word := range wordSet("false|f|no|n|0|0.0|non|faux|off|unchecked|nein|✗|✘|☐|❌") {
		m[word] = 2
	}
	return m
}()
