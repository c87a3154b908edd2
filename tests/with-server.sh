#!/usr/bin/env bash
# Runs a command against a real server of its own: on a free port, with a new data directory, in a process that ends with the command.
# The command finds URL and PASSWORD in its environment.   usage: tests/with-server.sh COMMAND [ARGUMENT...]
set -uo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
server=${GEOFABRIC_SERVER:-$root/artifacts/bin/GeoFabric.Server/debug/GeoFabric.Server.dll}
directory=$(mktemp -d)
export PASSWORD=a-password-for-tests
GEOFABRIC_ROOT_PASSWORD=$PASSWORD dotnet "$server" start --port 0 --data "$directory/data" >"$directory/log" 2>&1 &
process=$!
stop() {
  kill "$process" 2>/dev/null
  wait "$process" 2>/dev/null
  rm -rf "$directory"
}
trap stop EXIT
URL=
for _ in $(seq 300); do
  URL=$(sed -n 's/.*ready at \(http[^ ]*\).*/\1/p' "$directory/log")
  [ -n "$URL" ] && break
  kill -0 "$process" 2>/dev/null || break
  sleep 0.1
done
if [ -z "$URL" ]; then
  echo "the server did not start:"
  cat "$directory/log"
  exit 1
fi
export URL
"$@"
status=$?
if ! kill -0 "$process" 2>/dev/null; then
  echo "the server ended during the run:"
  tail -20 "$directory/log"
  status=1
fi
exit $status
