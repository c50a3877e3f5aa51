"""Give a project folder a past: what its lists and its base were on an earlier day.

	python past.py then FOLDER DATE COLUMN    keeps the customers whose COLUMN is before DATE; the whole list goes to customers.all
	python past.py now FOLDER                 puts the whole list back, and changes the base as months do

The base of now has, against that of then: headcounts doubled for one account in
twenty, 40 accounts gone and 60 new ones. Nothing is drawn by lot, so the figures
are the same every time.
"""
import csv
import os
import sys


def read(path):
    with open(path, newline="", encoding="utf-8-sig") as f:
        rows = list(csv.DictReader(f))
    return list(rows[0]), rows


def write(path, header, rows):
    with open(path, "w", newline="", encoding="utf-8") as f:
        w = csv.DictWriter(f, header)
        w.writeheader()
        w.writerows(rows)


def then(folder, date, column):
    path = f"{folder}/customers.csv"
    header, rows = read(path)
    os.replace(path, f"{folder}/customers.all")
    kept = [r for r in rows if r[column] < date]
    write(path, header, kept)
    print(f"{len(kept)} of {len(rows)} customers were won before {date}")


def now(folder):
    os.replace(f"{folder}/customers.all", f"{folder}/customers.csv")
    _, customers = read(f"{folder}/customers.csv")
    listed = {r["domain"].strip().lower() for r in customers}
    path = f"{folder}/accounts.csv"
    header, rows = read(path)
    size = next(c for c in header if c in ("employees", "headcount_raw"))
    domain = next(c for c in header if c in ("website", "domain"))
    doubled = 0
    for i, r in enumerate(rows):
        if i % 20 == 7 and r[size].isdigit():
            r[size] = str(2 * int(r[size]))
            doubled += 1
    gone = [i for i in range(11, len(rows), len(rows) // 41) if rows[i][domain].strip().lower() not in listed][:40]
    new = []
    for i in range(60):
        r = dict(rows[(i * 97 + 5) % len(rows)])
        r[domain] = f"new-account-{i}.example"
        if "id" in r:
            r["id"] = f"NEW-{i}"
        new.append(r)
    left = set(gone)
    write(path, header, [r for i, r in enumerate(rows) if i not in left] + new)
    print(f"{doubled} headcounts doubled, {len(gone)} accounts gone, {len(new)} new")


if __name__ == "__main__":
    {"then": then, "now": now}[sys.argv[1]](*sys.argv[2:])
