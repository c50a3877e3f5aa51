package report

import "strings"

// English returns what the English catalogue says without arguments, in more than one
// word, where French says something else.
func English() (texts []string) {
	for key, text := range catalogue["en"] {
		if strings.Contains(text, " ") && !strings.Contains(text, "%") && catalogue["fr"][key] != text {
			texts = append(texts, text)
		}
	}
	return texts
}
