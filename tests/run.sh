#!/usr/bin/env bash
# Runs every test and ends with their number, alone on the last line: "N passed, N failed, N skipped". Called by ./geofabric test.
set -uo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
results="$root/artifacts/test-results"
rm -rf "$results"
mkdir -p "$results"
passed=0 failed=0 skipped=0

step() { printf '\n== %s\n' "$1"; }

# A check that is no test project counts as one test.
check() {
  local name=$1
  shift
  step "$name"
  if "$@"; then passed=$((passed + 1)); else
    failed=$((failed + 1))
    printf 'FAILED: %s\n' "$name"
  fi
}

# Installs a folder's pinned packages and runs its test against a server of its own.
in_node_project() {
  (cd "$1" && npm ci --ignore-scripts --no-audit --no-fund --silent) && tests/with-server.sh npm --silent --prefix "$1" test
}

# The console's types, its logic, and what it is built from.
console_parts() {
  (cd console-ui && npm ci --ignore-scripts --no-audit --no-fund --silent && npm run --silent check && npm --silent test && npm run --silent build)
}

finish() {
  printf '\n%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
  [ "$failed" -eq 0 ] || exit 1
  exit 0
}

check "the committed parser is what the grammar gives" grammar/generate.sh --check

step "build, warnings are errors"
if ! dotnet build GeoFabric.sln -v q -clp:ErrorsOnly; then
  failed=$((failed + 1))
  finish
fi

for project in tests/GeoFabric.Tests tests/GeoFabric.Language.Tests tests/GeoFabric.Api.Tests tests/GeoFabric.Cluster.Tests; do
  name=$(basename "$project")
  step "$name"
  trx="$results/$name.trx"
  run=(dotnet)
  # Packets are lost and disks fill up in there, so it gets a network and mounts of its own.
  [ "$name" = GeoFabric.Cluster.Tests ] && run=(tests/private-system.sh dotnet)
  "${run[@]}" test "$project" --no-build -v q --logger "trx;LogFileName=$trx" --logger "console;verbosity=minimal" || printf 'FAILED: %s\n' "$name"
  if [ ! -f "$trx" ]; then
    failed=$((failed + 1))
    printf 'FAILED: %s left no results\n' "$name"
    continue
  fi
  counters=$(grep -o '<Counters [^>]*>' "$trx")
  count() { printf '%s' "$counters" | sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p"; }
  total=$(count total) ok=$(count passed) bad=$(count failed)
  passed=$((passed + ok)) failed=$((failed + bad)) skipped=$((skipped + total - ok - bad))
  if [ "$total" -eq 0 ]; then
    failed=$((failed + 1))
    printf 'FAILED: %s ran no test\n' "$name"
  fi
done
check "the address book by curl and from a Lambda handler" tests/with-server.sh bash -c 'samples/addressbook/walk.sh "$URL" "$PASSWORD"'
check "the demo's script failover" ./geofabric demo --script failover
check "the demo's script partition" ./geofabric demo --script partition
check "the samples in three regions while each is killed" tests/with-demo.sh node tests/samples.mjs
check "the hit counter behind PowerDNS and HAProxy while regions fail" tests/routing.sh
check "the explorer in a browser" in_node_project tests/explorer
check "the console's types, logic and build" console_parts
check "the console in a browser" tests/with-server.sh node tests/console/run.mjs
check "the way from one region's console to another's" tests/with-demo.sh node tests/console/run.mjs
check "the published client jsc8" in_node_project tests/clients/jsc8
check "the commands of the README" tests/with-server.sh node tests/readme.mjs
finish
