#!/usr/bin/env bash
# Makes the collection "hits" and the saved query "countHit", and prints a token for the function.  usage: setup.sh URL PASSWORD [TENANT FABRIC]
source "$(dirname "${BASH_SOURCE[0]}")/../setup.sh"
make collection '{"name":"hits"}'
save_query countHit hit.c8ql
echo "$token"
