#!/usr/bin/env bash
# Three to five real servers under load while processes, links, disks and clocks fail; then what clients were told is held against what the regions have.
# Called by ./geofabric chaos.   usage: tests/chaos.sh SECONDS REGIONS SEED      Ends with a verdict, and with exit code 1 when a checker found something.
set -uo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export GEOFABRIC_CHAOS_SECONDS=${1:?usage: tests/chaos.sh SECONDS REGIONS SEED} GEOFABRIC_CHAOS_REGIONS=${2:?} GEOFABRIC_CHAOS_SEED=${3:?}
cd "$root"
log="$root/artifacts/chaos.log"
echo "Building ..."
dotnet build tests/GeoFabric.Cluster.Tests -p:RunAnalyzers=false -v q -nologo "-clp:ErrorsOnly;NoSummary" || exit 1
tests/private-system.sh dotnet artifacts/bin/GeoFabric.Cluster.Tests/debug/GeoFabric.Cluster.Tests.dll \
  -noLogo -noColor -class '*ChaosTests' -showLiveOutput | tee "$log" | sed -un 's/.*\[OUTPUT\] /  /p'
status=${PIPESTATUS[0]}
echo
if [ "$status" -eq 0 ] && grep -q 'Total: 1, Errors: 0, Failed: 0, Skipped: 0' "$log"; then
  echo "Verdict: sound. Nothing acknowledged was lost, and the regions agree on every document."
  exit 0
fi
grep -v '\[OUTPUT\]' "$log"
echo
echo "Verdict: NOT SOUND. The seed and the directory are named above; all output is in $log"
exit 1
