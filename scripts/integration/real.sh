#!/usr/bin/env bash
# The two real account bases through the whole chain, with the exit codes and the
# JSON that other programs rely on.
#
#	real.sh ICPFIT DATA
#
# DATA holds icp-hackerone and icp-yc-hiring; where it is absent, so it says and
# exits 0.
set -euo pipefail

icpfit=$(realpath "$1")
data=$2
here=$(dirname "$(realpath "$0")")
if [ ! -d "$data/icp-hackerone" ]; then
	echo "--- SKIP: real.sh: no real account bases at $data"
	exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

# run WANTED COMMAND… runs icpfit in the set's folder and compares its exit code.
run() {
	local wanted=$1 got=0 start=$EPOCHREALTIME
	shift
	(cd "$folder" && "$icpfit" --json "$@" >out.json 2>err.txt) || got=$?
	printf '%-10s %-24s exit %d  %6.2f s\n' "$base" "${*:1:2}" "$got" "$(seconds "$start")"
	if [ "$got" != "$wanted" ]; then
		echo "  want exit $wanted; it said:"
		tail -n 5 "$folder/err.txt" | sed 's/^/  /'
		failed=1
	fi
}

seconds() { awk -v a="$1" -v b="$EPOCHREALTIME" 'BEGIN { print b - a }'; }

# holds WHAT EXPRESSION says whether the last command's JSON, j, is as it should be.
holds() {
	if ! python3 -c "import json, sys; j = json.load(open(sys.argv[1])); sys.exit(not ($2))" "$folder/out.json"; then
		echo "  not so: $1"
		failed=1
	fi
}

# chain DOMAIN runs the chain on a set and explains one of its accounts.
chain() {
	folder=$work/$base
	mkdir "$folder"
	cp "$data/$base/accounts.csv" "$data/$base/customers.csv" "$folder/"
	run 0 init --accounts accounts.csv --customers customers.csv
	run 2 init --accounts accounts.csv --customers customers.csv # never overwrites
	run 0 check
	run 0 features
	run 0 train
	holds "train learned and made a champion" "j['verdict'] == 'learned' and j['champion'] and .6 < j['metrics']['auc']['value'] < .97"
	run 0 predict
	run 0 predict # the same night again
	run 0 report
	run 0 explain "https://www.$1/about"
	holds "the features sum to the margin" "j['domain'] == '$1' and sum(f['micro_points'] for f in j['features']) == j['margin']"
	run 2 explain no-such-company.example
}

# few N makes a folder with the first N customers of a list only.
few() {
	base=first-$1 folder=$work/first-$1
	mkdir "$folder"
	cp "$data/icp-hackerone/accounts.csv" "$folder/"
	head -n "$(($1 + 1))" "$data/icp-hackerone/customers.csv" >"$folder/customers.csv"
	run 0 init --accounts accounts.csv --customers customers.csv
	run 3 check
	run 0 features
	run 3 train
}

base=icp-hackerone
chain shopify.com
"$("$here/../venv.sh")" "$here/explain.py" "$icpfit" "$folder" || failed=1
base=icp-yc-hiring
chain circuithub.com

# Fewer than 200 customers found in the base are refused, or provisional if asked for.
few 200
run 0 train --allow-small
holds "fewer than 200 customers are provisional" "j['verdict'] == 'provisional'"

# Fewer than 50 are refused whatever is asked for.
few 100
run 3 train --allow-small

# "Customers" drawn by lot have nothing in common.
base=no-signal folder=$work/no-signal
mkdir "$folder"
cp "$data/icp-yc-hiring/accounts.csv" "$folder/"
python3 - "$folder" <<'E'
import csv, random, sys
domains = [r["domain"] for r in csv.DictReader(open(f"{sys.argv[1]}/accounts.csv", newline="", encoding="utf-8"))]
open(f"{sys.argv[1]}/customers.csv", "w").write("\n".join(["domain", *random.Random(1).sample(domains, 300)]) + "\n")
E
run 0 init --accounts accounts.csv --customers customers.csv
run 0 features
run 3 train
holds "no signal is nothing learned, and no champion" "j['verdict'] == 'nothing_learned' and not j['champion']"
run 2 predict # there is no model

exit "$failed"
