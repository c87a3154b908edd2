# Sourced by the setup.sh of each sample, which is called with URL PASSWORD [TENANT FABRIC].
# Any region will do; the others get everything from it. What is there already stays.
set -euo pipefail
url=${1:?usage: setup.sh URL PASSWORD [TENANT FABRIC]} password=${2:?the password of root is missing}
tenant=${3:-_mm} fabric=${4:-_system}
here=$(cd "$(dirname "$0")" && pwd)

token=$(curl -sS --fail-with-body "$url/_open/auth" -d "{\"tenant\":\"$tenant\",\"username\":\"root\",\"password\":\"$password\"}" | sed 's/.*"jwt":"\([^"]*\)".*/\1/')

# make PATH BODY
make() {
  local answer
  answer=$(curl -sS -w '%{http_code}' "$url/_tenant/$tenant/_fabric/$fabric/_api/$1" -H "Authorization: bearer $token" -d "$2")
  case ${answer: -3} in 200 | 201 | 202 | 409) ;; *) echo "making $1 failed: $answer" >&2; exit 1 ;; esac
}

# save_query NAME FILE
save_query() {
  make restql "{\"query\":{\"name\":\"$1\",\"value\":\"$(tr '\n' ' ' < "$here/$2")\"}}"
}
