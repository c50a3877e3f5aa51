// Package page turns figures into pages that people read: sections of texts,
// tables and charts, written as one HTML file that loads nothing or as Markdown.
//
//	Document         sections, parts, tables, cards: a page in words
//	Chart            rows or columns with error bars
//	Shape            the points of one feature by value
//	Printer          words and numbers of a language
//	WriteHTML        one file, light and dark, for any width
//	WriteMarkdown    the same texts and tables
//
// Texts of a CRM enter a page through Clean; each writer then escapes for its own
// format.
package page
