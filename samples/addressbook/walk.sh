#!/usr/bin/env bash
# The address book by curl, step by step, each step asserted.  usage: walk.sh URL PASSWORD [TENANT FABRIC]
# Uses collection "addresses" and saved query "showAddresses"; makes them when they are missing.
set -euo pipefail
url=${1:?usage: walk.sh URL PASSWORD [TENANT FABRIC]} password=${2:?the password of root is missing}
tenant=${3:-_mm} fabric=${4:-_system}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
base="$url/_tenant/$tenant/_fabric/$fabric"

json() { node -e 'let t="";process.stdin.on("data",d=>t+=d).on("end",()=>{const o=JSON.parse(t);console.log(eval(process.argv[1]))})' "$1"; }
expect() { [ "$2" = "$3" ] || { echo "FAILED: $1: expected $3, got $2" >&2; exit 1; }; echo "ok  $1: $2"; }
call() { local method=$1 path=$2; shift 2; curl -sS -X "$method" "$base$path" -H "Authorization: bearer $token" -H 'Content-Type: application/json' "$@"; }
code() { local method=$1 path=$2; shift 2; call "$method" "$path" -o /dev/null -w '%{http_code}' "$@"; }

token=$(curl -sS "$url/_open/auth" -H 'Content-Type: application/json' -d "{\"tenant\":\"$tenant\",\"username\":\"root\",\"password\":\"$password\"}" | json o.jwt)
expect "log in" "$(printf '%s' "$token" | tr -cd . | wc -c)" 2
expect "a wrong password is refused" "$(curl -sS -o /dev/null -w '%{http_code}' "$url/_open/auth" -d "{\"tenant\":\"$tenant\",\"username\":\"root\",\"password\":\"no\"}")" 401

call DELETE /_api/collection/addresses -o /dev/null
expect "create the collection" "$(call POST /_api/collection -d '{"name":"addresses"}' | json o.name)" addresses
node -e 'console.log(JSON.stringify({query:require("fs").readFileSync(process.argv[1],"utf8")}))' "$here/people.c8ql" > /tmp/people.$$.json
expect "insert 500 people with one statement" "$(call POST /_api/cursor --data-binary @/tmp/people.$$.json | json o.extra.stats.writesExecuted)" 500
rm -f /tmp/people.$$.json
expect "count them" "$(call GET /_api/collection/addresses/count | json o.count)" 500

expect "read all with a query, lower case" "$(call POST /_api/cursor -d '{"query":"for docs in addresses return docs"}' | json o.result.length)" 500
key=$(call POST /_api/cursor -d '{"query":"FOR a IN addresses SORT a.name LIMIT 1 RETURN a._key"}' | json 'o.result[0]')
expect "open one document" "$(call GET "/_api/document/addresses/$key" | json o._key)" "$key"
expect "change it" "$(call PATCH "/_api/document/addresses/$key?returnNew=true" -d '{"city":"Reykjavík"}' | json o.new.city)" Reykjavík
expect "a stale revision is refused" "$(code PATCH "/_api/document/addresses/$key" -H 'If-Match: "_00000000000"' -d '{}')" 412
expect "delete it" "$(code DELETE "/_api/document/addresses/$key")" 202
expect "it is gone" "$(code GET "/_api/document/addresses/$key")" 404

call DELETE /_api/restql/showAddresses -o /dev/null
call DELETE /_api/restql/byCity -o /dev/null
expect "save a query" "$(call POST /_api/restql -d '{"query":{"name":"showAddresses","value":"FOR a IN addresses RETURN a"}}' | json o.result.name)" showAddresses
expect "call it by its URL, without a body" "$(curl -sS -X POST "$base/restql/execute/showAddresses" -H "authorization: Bearer $token" | json o.result.length)" 499
call POST /_api/restql -d '{"query":{"name":"byCity","value":"FOR a IN addresses FILTER a.city == @city RETURN a.name","parameter":{"city":"Oslo"}}}' -o /dev/null
expect "its parameter has a default" "$(call POST /restql/execute/byCity | json 'o.result.length > 0')" true
expect "another value can be given" "$(call POST /restql/execute/byCity -d '{"bindVars":{"city":"Nowhere"}}' | json o.result.length)" 0
expect "an unknown parameter is 1552" "$(call POST /restql/execute/byCity -d '{"bindVars":{"town":"Oslo"}}' | json o.errorNum)" 1552
expect "pages of 200" "$(call POST /restql/execute/showAddresses -d '{"batchSize":200}' | json '`${o.result.length} ${o.hasMore}`')" "200 true"

lambda=$(cd "$here" && GEOFABRIC_HOST=${url#*://} GEOFABRIC_TLS=false GEOFABRIC_PATH="/_tenant/$tenant/_fabric/$fabric/restql/execute/showAddresses" GEOFABRIC_TOKEN=$token \
  node --input-type=module -e 'const { handler } = await import("./lambda.mjs"); const a = await handler({}); console.log(a.statusCode, JSON.parse(a.body).length)')
expect "the Lambda handler reads the same rows" "$lambda" "200 499"
call DELETE /_api/restql/byCity -o /dev/null
echo "The address book works."
