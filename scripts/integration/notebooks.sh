#!/usr/bin/env bash
# The notebooks as an analyst runs them: on the demo's first night, on a base that
# was graded before its last customers were won, on hackerone by the month of each
# customer, on a base with hostile names, on a written grid. What they show is
# rendered to HTML; what they must say of what was planted is looked for.
#
#	notebooks.sh ICPFIT DATA [PAGES]
#
# DATA holds icp-hackerone; where it is absent, so it says and leaves it out. Pages
# go to the folder PAGES, else they are thrown away.
set -euo pipefail

icpfit=$(realpath "$1")
data=$(realpath -m "$2")
here=$(cd "$(dirname "$0")" && pwd)
notebooks=$here/../../notebooks
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
pages=$(realpath -m "${3:-$work/pages}")
mkdir -p "$pages"
export PYTHONDONTWRITEBYTECODE=1 MPLCONFIGDIR=$work/matplotlib IPYTHONDIR=$work/ipython
python=$(ICPFIT_VENV=$HOME/.cache/icpfit-notebooks-venv "$here/../venv.sh" "$notebooks/requirements.txt")

failed=0

# notebook NAME PROJECT [--fails TEXT] [SENTENCE…] runs a notebook on a project below $work.
notebook() {
	local name=$1 project=$2
	shift 2
	timeout 300 "$python" "$here/run_notebook.py" "$notebooks/$name.ipynb" "$work/$project" "$pages/$name-$project.html" "$@" || failed=1
}

# steps PROJECT COMMAND… runs icpfit's commands, each with its flags, in a project.
steps() {
	local project=$1
	shift
	for step; do
		# shellcheck disable=SC2086 # a command and its flags
		"$icpfit" --quiet --dir "$work/$project" $step
	done
}

echo "== the demo, on its first night"
"$icpfit" --quiet demo --accounts 15000 --as-of 2026-03-01 "$work/demo"
notebook feature_importance demo 'All three ways|do not agree on the first' 'figures agree'
notebook refresh_review demo 'It is the first night' 'Nothing to compare with' 'figures agree'
notebook grade_backtest demo 'There is nothing to test yet' 'There is no back-test of deals'

echo "== the demo, nine months before and now"
mkdir "$work/past"
cp "$work"/demo/*.csv "$work/demo/icpfit.yaml" "$work/past/"
python3 "$here/past.py" then "$work/past" 2025-06-01 won_at
steps past "features --as-of 2025-06-01" train predict report
python3 "$here/past.py" now "$work/past"
steps past "refresh --as-of 2026-03-01" "backtest --as-of 2025-06-01 --until 2026-03-01 --out $work/past/backtest"
notebook feature_importance past 'In the grades of 2025-06-01' 'figures agree'
notebook refresh_review past '60 accounts are new and (39|40) accounts are gone' 'employees' 'changed data moved [0-9]+ up and [0-9]+ down' 'figures agree'
notebook grade_backtest past 'the best grades won more' 'Win rate of the two best grades' 'figures agree'

echo "== planted: figures that are not those of the rows"
python3 - "$work/past" <<'P'
import json, sys
path = f"{sys.argv[1]}/reports/as_of=2026-03-01/report.json"
report = json.load(open(path))
report["grades"][1]["accounts"] += 1
json.dump(report, open(path, "w"))
version = open(f"{sys.argv[1]}/models/champion").read().split()[0]
path = f"{sys.argv[1]}/models/{version}/evaluation.json"
evaluation = json.load(open(path))
evaluation["metrics"]["capture_10"]["value"] *= 1 + 1e-6
json.dump(evaluation, open(path, "w"))
P
notebook refresh_review past --fails "accounts graded B"
notebook feature_importance past --fails "capture@10 %"
notebook grade_backtest past --fails "capture@10 %"

echo "== hostile names and values, few customers, the grades of a night gone"
"$icpfit" --quiet demo --accounts 4000 --as-of 2026-03-01 "$work/hostile"
python3 "$here/../browser/hostile.py" "$work/hostile/accounts.csv"
rm -rf "$work"/hostile/{features,grades,changes,reports,models}
steps hostile "features --as-of 2026-03-01" "train --allow-small" predict
python3 - "$work/hostile/accounts.csv" <<'P'
import csv, sys
rows = list(csv.DictReader(open(sys.argv[1], newline="", encoding="utf-8")))
for i, row in enumerate(rows):
    row["industry"] = rows[(i * 7 + 3) % len(rows)]["industry"] if i % 3 else ""
w = csv.DictWriter(open(sys.argv[1], "w", newline="", encoding="utf-8"), rows[0])
w.writeheader()
w.writerows(rows)
P
steps hostile "refresh --as-of 2026-03-31 --accept trial"
notebook feature_importance hostile "owned|Donaudampf" 'figures agree'
notebook refresh_review hostile 'has drifted|Less is known' 'Believe it with care' 'figures agree'
rm -rf "$work/hostile/grades/as_of=2026-03-01"
notebook refresh_review hostile 'are gone: what moved can be read in the report'
notebook grade_backtest hostile 'There is nothing to test yet'

echo "== a written grid, and what is missing"
mkdir "$work/grid" "$work/empty"
cat >"$work/grid/icpfit.yaml" <<'Y'
version: 1
accounts: {path: accounts.csv, domain: website}
customers: {path: customers.csv, domain: domain}
features:
  - {name: industry, pillar: firmographic, kind: category, column: industry}
  - {name: employees, pillar: firmographic, kind: number, column: employees, parser: range}
model: {learner: grid}
grid:
  mode: sum
  criteria:
    - {feature: industry, values: {Software: 50, Retail: 20}}
    - {feature: employees, ranges: [{from: 50, to: 500, points: 50}]}
Y
cp "$work"/hostile/{accounts,customers}.csv "$work/grid/"
steps grid "features --as-of 2026-03-01" train predict report
notebook feature_importance grid 'A written grid learns nothing' 'every point stands in the table'
notebook refresh_review grid 'It is the first night' 'figures agree'
notebook grade_backtest grid 'There is nothing to test yet'
notebook refresh_review empty --fails "no models here; run"
sed -i '1s/industry/indstry/' "$work/demo/accounts.csv"
if "$icpfit" --quiet --dir "$work/demo" refresh --as-of 2026-03-31 2>"$work/gone.txt"; then
	echo "a base without a column of the model is graded" && failed=1
fi
notebook refresh_review demo 'Do not use these grades' 'Nothing was graded, so nobody has moved'

if [ -d "$data/icp-hackerone" ]; then
	echo "== hackerone, two and a half years before and now"
	mkdir "$work/hackerone"
	cp "$data"/icp-hackerone/{accounts,customers}.csv "$work/hackerone/"
	(cd "$work/hackerone" && "$icpfit" --quiet init --accounts accounts.csv --customers customers.csv)
	sed -i '/^customers:/,/^features/ s/^  domain: domain$/  domain: domain\n  won_at: first_month/' "$work/hackerone/icpfit.yaml"
	python3 "$here/past.py" then "$work/hackerone" 2021-01 first_month
	steps hackerone "features --as-of 2021-01-01" "train --allow-small" predict report
	python3 "$here/past.py" now "$work/hackerone"
	if "$icpfit" --quiet --dir "$work/hackerone" refresh --as-of 2023-07-01 2>"$work/held.txt"; then
		echo "a model of 911 days ago is not held back" && failed=1
	fi
	notebook refresh_review hackerone 'The grades of this night are held back' 'Do not use these grades'
	steps hackerone "refresh --as-of 2023-07-01 --accept back-test" "backtest --as-of 2021-01-01 --until 2023-07-01 --out $work/hackerone/backtest"
	notebook feature_importance hackerone 'Provisional' 'figures agree'
	notebook refresh_review hackerone 'A gate was passed' 'headcount_raw' 'figures agree'
	notebook grade_backtest hackerone 'the best grades won more' 'better than chance' 'No deal was closed since' 'figures agree'
else
	echo "--- SKIP: hackerone: no account base at $data"
fi
exit "$failed"
