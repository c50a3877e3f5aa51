// Package page turns figures into pages that people read: sections of texts,
// tables and charts, written as one HTML file that loads nothing or as Markdown.
//
//	Document         sections, parts, tables, cards: a page in words
//	Chart            rows or columns with error bars, dots, flows, histograms, spans of time
//	Shape            the points of one feature by value
//	Printer          words and numbers of a language
//	WriteHTML        one file, light and dark, for any width and for paper
//	WriteMarkdown    the same texts and tables
//
// A page loads nothing, and its one script is named by hash in its policy. Without
// the script everything is shown; with it tables sort and filter, long ones are cut
// until asked for, a row's details open below it, and light and dark may be picked.
//
// Texts of a CRM enter a page through Clean; each writer then escapes for its own
// format.
package page
