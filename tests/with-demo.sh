#!/usr/bin/env bash
# Runs a command against a demo of its own: three regions with new data, on ports of their own, in processes that end with the command.
# The command finds the first region's URL and PASSWORD in its environment.   usage: tests/with-demo.sh COMMAND [ARGUMENT...]
set -uo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/started.sh"
export PASSWORD=demo
start_server demo 'http://127\.0\.0\.1:[0-9]*' demo --port $((20000 + RANDOM % 10000))
run_against_it "$@"
