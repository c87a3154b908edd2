#!/usr/bin/env bash
# Writes the configuration of what stands before the regions, from a list of them: name, address and port a line, the home first.
#   render.sh haproxy SERVERS REGION [LISTEN]            HAProxy of a region: its own server first, then the others in order
#   render.sh powerdns FRONTS  DOMAIN DIRECTORY [GEOIP]  PowerDNS for DOMAIN, all it needs in DIRECTORY; GEOIP is a city file of MaxMind's format
# Environment: HEALTH_SCHEME (https), how what the list names is spoken to; DNS_LISTEN (0.0.0.0:53); SERVED (geofabric), the name in DOMAIN;
# NAME_SERVER (127.0.0.1), the public address of this PowerDNS.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
fail() { echo "render.sh: $*" >&2; exit 2; }
[ $# -ge 3 ] || fail "$(sed -n 's/^#   //p' "$0")"
kind=$1 list=$2
scheme=${HEALTH_SCHEME:-https}
regions=$(sed 's/#.*//' "$list" | awk 'NF == 3 { print $1, $2, $3 } NF && NF != 3 { exit 1 }') || fail "$list: a line holds a name, an address and a port"
[ -n "$regions" ] || fail "$list names no region"

render_haproxy() {
  local region=$1 listen=${2:-*:80} ordered tls=''
  grep -q "^$region " <<<"$regions" || fail "$list has no region '$region'"
  ordered=$(grep "^$region " <<<"$regions"; grep -v "^$region " <<<"$regions" || true)
  [ "$scheme" = http ] || tls=' ssl verify required ca-file @system-ca'
  sed "s|@LISTEN@|$listen|; s|@REGION@|$region|g; s|@OWN@|$(awk 'NR == 1 { print $2 ":" $3 }' <<<"$ordered")$tls|" "$here/haproxy/haproxy.cfg.in"
  while read -r name address port; do
    echo "    server $name $address:$port$tls"
  done <<<"$ordered"
}

render_powerdns() {
  local domain=$1 directory=$2 geoip=${3:-} served=${SERVED:-geofabric} addresses ports lua
  ports=$(awk '{ print $3 }' <<<"$regions" | sort -u)
  [ "$(wc -l <<<"$ports")" = 1 ] || fail "$list: DNS names addresses only, so the regions must share one port"
  if [ -n "$geoip" ]; then
    # One group of all: of those that are up, the one closest to the client.
    addresses=$(awk '{ printf "%s\x27%s\x27", (NR > 1 ? ", " : ""), $2 }' <<<"$regions")
    lua="{$addresses}, {selector='pickclosest', useragent='dns'}"
  else
    # A group for each: the first one that has somebody up answers.
    addresses=$(awk '{ printf "%s{\x27%s\x27}", (NR > 1 ? ", " : ""), $2 }' <<<"$regions")
    lua="{$addresses}, {selector='random', useragent='dns'}"
  fi
  mkdir -p "$directory"
  directory=$(cd "$directory" && pwd)
  local listen=${DNS_LISTEN:-0.0.0.0:53}
  sed "s|@DIRECTORY@|$directory|; s|@ADDRESS@|${listen%:*}|; s|@PORT@|${listen##*:}|" "$here/powerdns/pdns.conf.in" > "$directory/pdns.conf"
  if [ -n "$geoip" ]; then
    printf 'launch+=geoip\ngeoip-database-files=mmdb:%s\nedns-subnet-processing=yes\n' "$(readlink -f "$geoip")" >> "$directory/pdns.conf"
  fi
  printf 'zone "%s" { type native; file "%s/zone"; };\n' "$domain" "$directory" > "$directory/named.conf"
  sed "s|@DOMAIN@|$domain|g; s|@SERVED@|$served|; s|@HEALTH@|$scheme://$served.$domain:$ports/health|; s|@CHOICE@|$lua|; s|@NAME_SERVER@|${NAME_SERVER:-127.0.0.1}|" "$here/powerdns/zone.in" > "$directory/zone"
}

case $kind in
  haproxy) render_haproxy "${@:3}" ;;
  powerdns) [ $# -ge 4 ] || fail "powerdns takes FRONTS DOMAIN DIRECTORY"; render_powerdns "${@:3}" ;;
  *) fail "there is haproxy and powerdns, not '$kind'" ;;
esac
