#!/usr/bin/env bash
# Runs simulations of regions, or reports what replication between cities costs. Called by ./geofabric sim.
# usage: tests/sim.sh [--seeds N] [--seed S] [--database] | --regions N [--seed S]
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
echo "Building ..." >&2
dotnet build tests/GeoFabric.Cluster.Tests -c Release -p:RunAnalyzers=false -v q -nologo "-clp:ErrorsOnly;NoSummary" >&2
exec dotnet artifacts/bin/GeoFabric.Cluster.Tests/release/GeoFabric.Cluster.Tests.dll sim "$@"
