#!/usr/bin/env bash
# PostgreSQL as a source: the tests that need a server, then the program itself on
# a base that was loaded with COPY, with servers that go away and addresses that
# are wrong.
#
#	postgres.sh ICPFIT
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
if [ -z "${ICPFIT_POSTGRES:-}" ]; then
	exec "$here/with_postgres.sh" "$0" "$@"
fi
icpfit=$(realpath "$1")
cd "$here/../.."
go test -count=1 ./datasets/postgres

work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
password=$(sed -E 's|.*//[^:]*:([^@]*)@.*|\1|' <<<"$ICPFIT_POSTGRES")
export DATABASE_URL=$ICPFIT_POSTGRES
sql() { psql "$ICPFIT_POSTGRES" -v ON_ERROR_STOP=1 -qAtc "$1"; }

# run WANTED COMMAND… runs icpfit in the project that reads the database.
run() {
	local wanted=$1 got=0
	shift
	"$icpfit" --dir "$work/db" --json "$@" >"$work/out" 2>"$work/err" || got=$?
	cat "$work/out" "$work/err" >>"$work/said"
	printf '%-34s exit %d\n' "$*" "$got"
	[ "$got" = "$wanted" ] || { echo "want exit $wanted" && tail -n 5 "$work/err" && exit 1; }
}

# says TEXT wants it in the errors of the last command.
says() { grep -qF -- "$1" "$work/err" || { echo "want: $1" && cat "$work/err" && exit 1; }; }

# A base of files, and the same base in the database, every column text as in a
# CSV file: their features must be the same to the byte.
"$icpfit" --quiet demo --accounts 3000 --as-of 2026-03-01 "$work/files"
mkdir "$work/db"
python3 - "$work" <<'P'
import csv, re, sys
work = sys.argv[1]
out = open(f"{work}/load.sql", "w", encoding="utf-8")
settings = open(f"{work}/files/icpfit.yaml", encoding="utf-8").read()
for table in ("accounts", "customers"):
    path = re.search(rf"^{table}:.*?^  path: (\S+)", settings, re.S | re.M).group(1)
    data = open(f"{work}/files/{path}", newline="", encoding="utf-8-sig")
    dialect = csv.Sniffer().sniff(data.readline(), delimiters=",;\t|")
    data.seek(0)
    header = next(csv.reader(data, delimiter=dialect.delimiter))
    columns = ", ".join('"' + c.replace('"', '""') + '"' for c in header)
    types = ", ".join('"' + c.replace('"', '""') + '" text' for c in header)
    out.write(f"create table {table} (n bigint generated always as identity, {types});\n")
    out.write(f"\\copy {table} ({columns}) from '{work}/files/{path}' with (format csv, header, delimiter '{dialect.delimiter}', null '')\n")
    query = f"  postgres: env:DATABASE_URL\n  query: |\n    select {columns}\n    from {table} order by n"
    settings = re.sub(rf"(^{table}:[^\n]*\n)  path: \S+", lambda m: m.group(1) + query, settings, count=1, flags=re.M)
out.close()
open(f"{work}/db/icpfit.yaml", "w", encoding="utf-8").write(settings)
P
psql "$ICPFIT_POSTGRES" -v ON_ERROR_STOP=1 -q -f "$work/load.sql"
run 0 config check
run 0 check --as-of 2026-03-01
run 0 features --as-of 2026-03-01
for table in accounts customers; do
	cmp "$work"/{files,db}/features/$table/as_of=2026-03-01/part-0000.parquet
done
cp "$work/db/features/accounts/as_of=2026-03-01/_manifest.json" "$work/first"
run 0 features --as-of 2026-03-01
cmp "$work/first" "$work/db/features/accounts/as_of=2026-03-01/_manifest.json"
run 0 train
run 0 predict
run 0 report
cmp "$work"/{files,db}/grades/as_of=2026-03-01/part-0000.parquet

# A row that changes changes the hash of the rows; another address does not.
sql "update accounts set n = default where n = 7" >/dev/null
run 0 features --as-of 2026-03-01
if cmp -s "$work/first" "$work/db/features/accounts/as_of=2026-03-01/_manifest.json"; then
	echo "postgres: rows in another order have the same hash" && exit 1
fi

# A session that is ended half way is begun again, and the table is whole.
sql "create function slow(text) returns text language sql volatile as 'select \$1 from pg_sleep(0.001)'"
cp "$work/db/icpfit.yaml" "$work/good.yaml"
slowly() { sed -i 's|^    from accounts order by n|    from accounts where slow(null) is null|' "$work/db/icpfit.yaml"; }
slowly
(
	for _ in $(seq 200); do
		n=$(sql "select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name = 'icpfit' and query like 'fetch%'")
		[ "$n" = 0 ] || break
		sleep 0.05
	done
	echo "sessions ended: $n" >"$work/ended"
) &
run 0 features --as-of 2026-03-02
wait $!
grep -q 'ended: 1' "$work/ended" || { cat "$work/ended" && exit 1; }
rows=$(python3 -c 'import json, sys; print(json.load(sys.stdin)["audit"]["rows"])' <"$work/out")
[ "$rows" = "$(sql 'select count(*) from accounts')" ] || { echo "postgres: $rows rows" && exit 1; }

# One that is ended each time fails whole: nothing of the night is there.
(
	for _ in $(seq 600); do
		sql "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'icpfit' and query like 'fetch%'" >/dev/null
		sleep 0.05
	done
) &
killer=$!
run 75 features --as-of 2026-03-03
kill "$killer" && wait "$killer" 2>/dev/null || true
says "try again"
if compgen -G "$work/db/features/*/as_of=2026-03-03" || compgen -G "$work/db/features/*/.tmp-*"; then
	echo "postgres: half a night is left" && exit 1
fi

# While it reads, the address is not among what other users see.
"$icpfit" --dir "$work/db" features --as-of 2026-03-04 >>"$work/said" 2>&1 &
reader=$!
sleep 0.5
ps -eo args >"$work/ps"
kill -TERM "$reader" 2>/dev/null || true
got=0
wait "$reader" || got=$?
[ "$got" = 143 ] || { echo "postgres: SIGTERM ended with exit $got" && exit 1; }
cp "$work/good.yaml" "$work/db/icpfit.yaml"

# Whose fault it is shows in the exit code.
DATABASE_URL= run 2 features
says 'env:DATABASE_URL is not set in the environment; export DATABASE_URL'
DATABASE_URL="postgres://icpfit:$password/@127.0.0.1/postgres" run 2 check
says 'env:DATABASE_URL is no PostgreSQL address'
DATABASE_URL=${ICPFIT_POSTGRES/$password/wrong} run 2 features
says 'password authentication failed'
DATABASE_URL="postgres://icpfit:$password@127.0.0.1:1/postgres" run 75 features
says 'cannot reach the server at 127.0.0.1:1'
sed -i 's/^    from accounts order/    from acounts order/' "$work/db/icpfit.yaml"
run 2 features
says 'relation "acounts" does not exist'

# The password is nowhere: not in what was said, not in what was written.
[ -n "$password" ] && grep -q icpfit "$work/ps"
if grep -rlF -- "$password" "$work/said" "$work/ps" "$work/db" "$work/first"; then
	echo "postgres: the password is in the files above" && exit 1
fi
# The search must find what it looks for.
echo "$ICPFIT_POSTGRES" >"$work/db/planted"
grep -rqF -- "$password" "$work/db" || { echo "postgres: a planted password was not found" && exit 1; }
echo "postgres: the same features and grades from a database as from files"
