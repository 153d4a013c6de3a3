#!/usr/bin/env bash
# Makes a Python environment from a file of pinned requirements:
#   scripts/venv.sh DIRECTORY REQUIREMENTS
#
# Kept between runs: it is made anew only when the requirements, the Python, or the place of
# the directory (scripts inside name it) change. Prints nothing when there is nothing to do.
set -euo pipefail

directory=$1 requirements=$2
here=$(cd "$(dirname "$0")" && pwd)
say() { echo "novadock: $*" >&2; }

mkdir -p "$(dirname "$directory")"
directory=$(cd "$(dirname "$directory")" && pwd)/$(basename "$directory")
exec 9>"$directory.lock"
flock 9 # two runs at once make one environment

# Debian has Python without the part that makes environments; python3-venv is that part.
python=python3
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
  "$here/packages.sh" python3 python3-venv
  python=/usr/bin/python3
fi

key=$({ echo "$directory" && "$python" -VV && cat "$requirements"; } | sha256sum | cut -d' ' -f1)
[ "$(cat "$directory/made-from" 2>/dev/null)" != "$key" ] || exit 0

count=$(grep -c '==' "$requirements")
say "installing $count Python packages into $directory (a minute or two, once) ..."
rm -rf "$directory"
"$python" -m venv "$directory"
"$directory/bin/pip" install --quiet --disable-pip-version-check --no-deps \
  --prefer-binary --requirement "$requirements" 9>&- >&2
# --no-deps: what is installed is what the file says; this says whether that is enough.
"$directory/bin/pip" check --quiet >&2
echo "$key" >"$directory/made-from"
