// Package card writes the model card of a version: who made it, of what data, for
// what it is meant and for what not, how well it ranks and how sure that is, what
// drives it, and when it must be looked at again.
//
//	Build           model, evaluation, audit → Card, the only place where figures are made
//	Card.JSON       card.json
//	WriteHTML       card.html: one file that needs no network
//	WriteMarkdown   card.md: the same texts and tables
//
// A figure never stands alone: beside it is a sentence that says what it means,
// with the figure in it. Every figure is from accounts scored by a model that had
// not seen them, unless the sentence says otherwise. What an evaluation lacks,
// such as customers won later, is left out.
//
// There is no clock in a card: the same training gives the same bytes. When a
// version was promoted, by whom and why, is in models/log.jsonl.
//
// Sections follow Mitchell et al., "Model cards for model reporting", FAT* (2019).
//
//	format 1   first version of card.json
package card
