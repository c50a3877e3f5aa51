#!/usr/bin/env bash
# Runs a command beside a PostgreSQL server of its own, on loopback, at a port of
# its own, in a temporary folder; then stops the server and removes the folder.
#
#	with_postgres.sh COMMAND…
#
# The command finds the address of an empty database, with the password of its
# owner, in ICPFIT_POSTGRES. The server refuses to run as root, so for root it
# runs as the user postgres, whom Debian's package makes.
set -euo pipefail

bin=$(dirname "$(compgen -G '/usr/lib/postgresql/*/bin/postgres' | sort -V | tail -n 1 || command -v postgres)")
[ -x "$bin/initdb" ] || { echo "with_postgres: no PostgreSQL server; install Debian's package postgresql" >&2 && exit 1; }

work=$(mktemp -d /tmp/icpfit-postgres.XXXXXX) # a short path: a socket's name has at most 107 bytes
as=()
if [ "$(id -u)" = 0 ]; then
	chown postgres: "$work"
	as=(runuser -u postgres --)
fi
server() { "${as[@]}" "$bin/$1" "${@:2}"; }

finish() {
	server pg_ctl -D "$work/data" -m immediate -w stop >/dev/null 2>&1 || true
	rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

cd "$work"
password=$(od -An -N12 -tx1 /dev/urandom | tr -d ' \n')
(umask 077 && printf '%s\n' "$password" >pw)
[ -z "${as[*]}" ] || chown postgres: pw
server initdb -D "$work/data" -U icpfit -A scram-sha-256 --pwfile=pw -E UTF8 --locale=C.UTF-8 >initdb.log 2>&1 || { cat initdb.log >&2 && exit 1; }
started=
for _ in 1 2 3 4 5; do # another program may take the port in between
	port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
	if server pg_ctl -D "$work/data" -w -t 60 -l "$work/log" -o "-c listen_addresses=127.0.0.1 -p $port -k $work -c fsync=off" start >/dev/null; then
		started=yes
		break
	fi
done
[ -n "$started" ] || { cat log >&2 && exit 1; }
cd "$OLDPWD"

export ICPFIT_POSTGRES="postgres://icpfit:$password@127.0.0.1:$port/postgres?sslmode=disable"
"$@"
