#!/usr/bin/env bash
# The hit counter behind PowerDNS and HAProxy, before three real servers whose regions fail and come back. Called by tests/run.sh; the launcher has put
# the programs into artifacts/programs, where the system lacks them. Takes about a minute and ends everything it starts.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
programs="$root/artifacts/programs"
export PATH="$programs/usr/sbin:$PATH:/usr/sbin"
for libraries in "$programs"/usr/lib/*-linux-gnu; do
  [ -d "$libraries" ] && export LD_LIBRARY_PATH="$libraries${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
  [ -d "$libraries/pdns" ] && export PDNS_MODULES="$libraries/pdns"
done
for program in haproxy pdns_server; do
  command -v "$program" >/dev/null || { echo "$program is missing: run ./geofabric test, which gets it" >&2; exit 1; }
done
export GEOFABRIC_SERVER=${GEOFABRIC_SERVER:-$root/artifacts/bin/GeoFabric.Server/debug/GeoFabric.Server.dll}
exec timeout --kill-after=10 240 node "$root/tests/routing/routing.mjs"
