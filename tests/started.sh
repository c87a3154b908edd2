# What with-server.sh and with-demo.sh share; they source it. It starts a server in a process that ends with the script, on a new data directory.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
server=${GEOFABRIC_SERVER:-$root/artifacts/bin/GeoFabric.Server/debug/GeoFabric.Server.dll}
directory=$(mktemp -d)

# start_server NAME PATTERN ARGUMENT...: exports LOG, the file it writes to, and the URL that ends the first match of the pattern there.
start_server() {
  local name=$1 pattern=$2
  shift 2
  dotnet "$server" "$@" --data "$directory/data" >"$directory/log" 2>&1 &
  process=$!
  trap stop_server EXIT
  URL=
  for _ in $(seq 900); do
    URL=$(grep -o "$pattern" "$directory/log" | head -1)
    URL=${URL##* }
    [ -n "$URL" ] && break
    kill -0 "$process" 2>/dev/null || break
    sleep 0.1
  done
  if [ -z "$URL" ]; then
    echo "the $name did not start:"
    cat "$directory/log"
    exit 1
  fi
  export URL LOG=$directory/log
}

stop_server() {
  kill "$process" 2>/dev/null
  wait "$process" 2>/dev/null
  rm -rf "$directory"
}

# Runs the command; a server that ended meanwhile fails it, whatever the command says.
run_against_it() {
  "$@"
  local status=$?
  if ! kill -0 "$process" 2>/dev/null; then
    echo "the server ended during the run:"
    tail -20 "$directory/log"
    status=1
  fi
  exit $status
}
