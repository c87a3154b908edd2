#!/usr/bin/env bash
# Runs a command against a real server of its own: on a free port, with a new data directory, in a process that ends with the command.
# The command finds URL and PASSWORD in its environment.   usage: tests/with-server.sh COMMAND [ARGUMENT...]
set -uo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/started.sh"
export PASSWORD=a-password-for-tests GEOFABRIC_ROOT_PASSWORD=a-password-for-tests
start_server server 'ready at http[^ ]*' start --port 0 --label tests --label-color red
run_against_it "$@"
