"""Give every account of a base a hostile name and industry, so that whichever a page shows is one.

	python hostile.py accounts.csv

Rewrites company_name in place: markup, script, a spreadsheet's formula, template
syntax, text that runs backwards, a very long word. The row's number is kept at
the end, so that names stay apart. Each industry becomes one of these texts too,
the same for the same industry: the model card shows them as values.
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
industries = {}
for i, row in enumerate(rows):
    row["company_name"] = f"{NAMES[i % len(NAMES)]} {i}"
    if row["industry"].strip():
        n = industries.setdefault(row["industry"].strip().lower(), len(industries))
        row["industry"] = f"{NAMES[n % len(NAMES)]}" + (f" {n}" if n >= len(NAMES) else "")
with open(path, "w", newline="", encoding="utf-8") as f:
    w = csv.DictWriter(f, rows[0])
    w.writeheader()
    w.writerows(rows)
