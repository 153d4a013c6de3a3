#!/usr/bin/env bash
# Makes sure that Debian packages are installed:  scripts/packages.sh PACKAGE...
#
# Every script that needs a program of the distribution calls this one, so that a fresh
# machine needs nothing but Rust. Packages that are there cost some milliseconds and print
# nothing. Where it may not install (no root, no apt) it names the packages and fails.
set -euo pipefail

missing=()
for package in "$@"; do
  # "installed" and not merely "known": a removed package keeps a row in dpkg's list.
  status=$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$status" = installed ] || missing+=("$package")
done
[ "${#missing[@]}" -gt 0 ] || exit 0

if ! command -v apt-get >/dev/null; then
  echo "novadock: please install what Debian calls: ${missing[*]}" >&2
  exit 1
fi
if [ "$(id -u)" -ne 0 ]; then
  echo "novadock: please run: sudo apt-get install --no-install-recommends ${missing[*]}" >&2
  exit 1
fi

echo "novadock: installing ${missing[*]} ..." >&2
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# The lock: somebody else's apt-get is waited for instead of failing.
install=(env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300
  install --no-install-recommends "${missing[@]}")
# The package lists of a fresh machine are absent or old: they are fetched only when needed.
if ! "${install[@]}" >"$log" 2>&1 </dev/null; then
  echo "novadock: fetching the distribution's package lists ..." >&2
  if ! { apt-get -q -o DPkg::Lock::Timeout=300 update && "${install[@]}"; } >"$log" 2>&1 </dev/null; then
    tail -n 20 "$log" >&2
    echo "novadock: could not install ${missing[*]}; apt-get's words are above" >&2
    exit 1
  fi
fi
