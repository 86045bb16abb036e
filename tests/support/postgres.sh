#!/bin/sh
# A PostgreSQL server of a test's own, in a folder of its own, on a spare loopback port; it ends when
# standard input ends, and the folder with it. Prints the port once it answers.
#
#   postgres.sh [fsync=on]
#
# Nothing is synced to the disk unless it is asked for: these data are gone in a minute, and a crash
# of the machine is not what these tests are about.
set -eu
sync=${1:-fsync=off}
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
[ -n "$bin" ] || bin=$(dirname "$(command -v initdb)")
dir=$(mktemp -d)
as=
if [ "$(id -u)" = 0 ]; then
    # The server refuses to run as root.
    chown postgres "$dir"
    as="runuser -u postgres --"
fi
trap '$as "$bin/pg_ctl" -D "$dir/data" -m immediate stop >/dev/null 2>&1 || true; rm -rf "$dir"' EXIT
cd "$dir"
$as "$bin/initdb" -D "$dir/data" -U ogoh -A trust -E UTF8 --locale=C.UTF-8 -N >/dev/null 2>&1
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
$as "$bin/pg_ctl" -D "$dir/data" -w -l "$dir/log" -o "-c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories=$dir -c $sync -c max_connections=200" start >/dev/null 2>&1
echo "$port"
cat >/dev/null
