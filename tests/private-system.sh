#!/usr/bin/env bash
# Runs a command in a network and with mounts of its own, where the machine allows that to this user; without, where it does not. Only loopback is there.
# The command finds GEOFABRIC_PRIVATE_SYSTEM=yes, and programs that the launcher has unpacked by their variables.   usage: private-system.sh COMMAND [ARGUMENT...]
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
programs="$root/artifacts/programs"
GEOFABRIC_IPTABLES=$(PATH="$programs/usr/sbin:$PATH:/usr/sbin" command -v xtables-legacy-multi || true)
GEOFABRIC_FAKETIME=$(ls {"$programs",}/usr/lib/*-linux-gnu/faketime/libfaketimeMT.so.1 2>/dev/null | head -1 || true)
export GEOFABRIC_IPTABLES GEOFABRIC_FAKETIME
for modules in "$programs"/usr/lib/*-linux-gnu/xtables; do
  [ -d "$modules" ] && export XTABLES_LIBDIR="$modules" LD_LIBRARY_PATH="${modules%/xtables}${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
done
own=(unshare --net --mount)
[ "$(id -u)" = 0 ] || own+=(--map-root-user)
if "${own[@]}" bash -c 'PATH=$PATH:/usr/sbin ip link set lo up' 2>/dev/null; then
  export GEOFABRIC_PRIVATE_SYSTEM=yes
  exec "${own[@]}" bash -c 'PATH=$PATH:/usr/sbin ip link set lo up && exec "$@"' bash "$@"
fi
exec "$@"
