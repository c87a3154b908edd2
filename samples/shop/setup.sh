#!/usr/bin/env bash
# Makes the collections "carts", "stock" and "orders" and the saved queries "addToCart", "buy" and "showCart", puts a few things on the shelf, and prints a token
# for the function.  usage: setup.sh URL PASSWORD [TENANT FABRIC]
source "$(dirname "${BASH_SOURCE[0]}")/../setup.sh"
# A cart that is filled from two devices in two regions holds what both put in.
make collection '{"name":"carts","crdt":{"items.*":"counter","**":"infer"}}'
make collection '{"name":"orders"}'
# One region at a time decides what is sold: what is there once is sold once.
make collection '{"name":"stock","isSpot":true}'
make document/stock '[{"_key":"umbrella","left":50},{"_key":"lantern","left":1}]'
save_query addToCart add-to-cart.c8ql
save_query buy buy.c8ql
save_query showCart show-cart.c8ql
echo "$token"
