#!/usr/bin/env bash
# Regenerates the C8QL lexer and parser. With --check, compares them with the committed ones instead and fails on a difference.
set -euo pipefail
cd "$(dirname "$0")"
committed=../src/GeoFabric.Query/Grammar/Generated
output=$(mktemp -d)
trap 'rm -rf "$output"' EXIT

[ -x node_modules/.bin/antlr-ng ] || npm ci --ignore-scripts --no-audit --no-fund --loglevel=error

generate() {
  node_modules/.bin/antlr-ng -Dlanguage=CSharp -p GeoFabric.Query.Grammar.Generated -o "$output" --lib "$output" \
    --generate-visitor false --generate-listener false -- "$1"
}
# The parser reads the token numbers that the lexer has written, so the order matters.
generate C8QLLexer.g4
generate C8QLParser.g4
rm -f "$output"/*.interp "$output"/*.tokens
# The generator writes trailing blanks and public classes; only the syntax folder may see the parser.
sed -i -e 's/[ \t\r]*$//' -e 's/^public partial class/internal partial class/' "$output"/*.cs

if [ "${1:-}" = --check ]; then
  diff -ru "$committed" "$output" || { echo "The generated parser is stale: run grammar/generate.sh and commit." >&2; exit 1; }
else
  mkdir -p "$committed"
  rm -f "$committed"/*
  cp "$output"/* "$committed"/
fi
