#!/usr/bin/env bash
# Builds the program without shared libraries, for an image without a base image:
# target/static/novadock.
#
# With glibc linked statically, because that needs nothing beside the Rust and the C compiler
# of the ordinary build; a musl target would have to be fetched, its C compiler as well.
# Names are resolved without NSS plug-ins, which is what /etc/hosts and DNS need.
set -euo pipefail
cd "$(dirname "$0")/.."

command -v cc >/dev/null || scripts/packages.sh gcc libc6-dev
triple=$(rustc -vV | sed -n 's/^host: //p')
echo "novadock: building without shared libraries (some minutes the first time) ..." >&2
# The target is named although it is the host's: otherwise the flag would also reach the
# procedural macros, which cannot be static.
RUSTFLAGS="${RUSTFLAGS:-} -C target-feature=+crt-static" \
  cargo build --release --locked --target "$triple" --target-dir target
install -D "target/$triple/release/novadock" target/static/novadock
if ! ldd target/static/novadock 2>&1 | grep -q 'statically linked'; then
  ldd target/static/novadock >&2
  echo "novadock: target/static/novadock still needs shared libraries" >&2
  exit 1
fi
