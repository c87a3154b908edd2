#!/usr/bin/env bash
# Kills writing processes and verifies what they left, N times each for the storage engine and for whole fabrics. Called by ./geofabric crash.
# usage: tests/crash.sh N      Ends with a verdict, and with exit code 1 when a write was lost or torn.
set -uo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
kills=${1:?usage: tests/crash.sh N}
cd "$root"
log="$root/artifacts/crash.log"
echo "Building ..."
dotnet build tests/GeoFabric.Cluster.Tests -p:RunAnalyzers=false -v q -nologo "-clp:ErrorsOnly;NoSummary" || exit 1
echo "Killing $kills writers of the storage engine and $kills of whole fabrics ..."
GEOFABRIC_CRASH_KILLS=$kills dotnet artifacts/bin/GeoFabric.Cluster.Tests/debug/GeoFabric.Cluster.Tests.dll \
  -noLogo -noColor -class '*Crash*' -showLiveOutput | tee "$log" | sed -un 's/.*\[OUTPUT\] /  /p'
status=${PIPESTATUS[0]}
echo
if [ "$status" -eq 0 ] && grep -q 'Total: 2, Errors: 0, Failed: 0, Skipped: 0' "$log"; then
  echo "Verdict: nothing lost. Every acknowledged write was there after every kill, and documents, indexes and change log agreed."
  exit 0
fi
grep -v '\[OUTPUT\]' "$log"
echo
echo "Verdict: NOT SOUND. The directory and the seed are named above; all output is in $log"
exit 1
