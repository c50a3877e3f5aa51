"""Give every account of a base a hostile name, so that whichever the report shows is one.

	python hostile.py accounts.csv

Rewrites company_name in place: markup, script, a spreadsheet's formula, template
syntax, text that runs backwards, a very long word. The row's number is kept at
the end, so that names stay apart.
"""
import csv
import sys

NAMES = [
    "<script>document.title='owned'</script>", "<img src=x onerror=\"document.title='owned'\">", "\"><svg onload=document.title='owned'>", "</td></tr></table><h1>owned</h1>",
    "javascript:document.title='owned'", "{{.Name}} ${7*7} {% raw %}", "=cmd|' /C calc'!A0", "\u202eetavirp\u202c", "</script><script>document.title='owned'</script>",
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 3,
]

path = sys.argv[1]
with open(path, newline="", encoding="utf-8") as f:
    rows = list(csv.DictReader(f))
for i, row in enumerate(rows):
    row["company_name"] = f"{NAMES[i % len(NAMES)]} {i}"
with open(path, "w", newline="", encoding="utf-8") as f:
    w = csv.DictWriter(f, rows[0])
    w.writeheader()
    w.writerows(rows)
