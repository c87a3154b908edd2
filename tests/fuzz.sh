#!/usr/bin/env bash
# Runs generated queries against every plan and a second implementation of the language. Called by ./geofabric fuzz.
# usage: tests/fuzz.sh [--seconds N] [--seed S] [--queries N]
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
echo "Building ..." >&2
dotnet build tests/GeoFabric.Language.Tests -c Release -p:RunAnalyzers=false -v q -nologo "-clp:ErrorsOnly;NoSummary" >&2
exec dotnet artifacts/bin/GeoFabric.Language.Tests/release/GeoFabric.Language.Tests.dll fuzz "$@"
