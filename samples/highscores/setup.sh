#!/usr/bin/env bash
# Makes the collection "players" and the saved queries "addScore" and "topScores", and prints a token for the function.
# usage: setup.sh URL PASSWORD [TENANT FABRIC]
source "$(dirname "${BASH_SOURCE[0]}")/../setup.sh"
# Two regions may see a player's best game at the same time: the greater one stays.
make collection '{"name":"players","crdt":{"best":"max","**":"infer"}}'
make 'index?collection=players' '{"type":"persistent","fields":["best"]}'
save_query addScore add-score.c8ql
save_query topScores top-scores.c8ql
echo "$token"
