#!/usr/bin/env bash
# Runs a command against a demo of its own: three regions with new data, on ports of their own, in processes that end with the command.
# The command finds the first region's URL and PASSWORD in its environment.   usage: tests/with-demo.sh COMMAND [ARGUMENT...]
set -uo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
server=${GEOFABRIC_SERVER:-$root/artifacts/bin/GeoFabric.Server/debug/GeoFabric.Server.dll}
directory=$(mktemp -d)
port=$((20000 + RANDOM % 10000))
dotnet "$server" demo --data "$directory/data" --port "$port" >"$directory/log" 2>&1 &
process=$!
stop() {
  kill "$process" 2>/dev/null
  wait "$process" 2>/dev/null
  rm -rf "$directory"
}
trap stop EXIT
URL=
for _ in $(seq 900); do
  URL=$(grep -o 'http://127\.0\.0\.1:[0-9]*' "$directory/log" | head -1)
  [ -n "$URL" ] && break
  kill -0 "$process" 2>/dev/null || break
  sleep 0.1
done
if [ -z "$URL" ]; then
  echo "the demo did not start:"
  cat "$directory/log"
  exit 1
fi
export URL PASSWORD=demo
"$@"
