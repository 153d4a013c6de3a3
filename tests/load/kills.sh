#!/usr/bin/env bash
# Kills the built program again and again among random actions on servers, and holds what it says
# against the engine after each start (kills.py). The same seed chooses the same again.
#   tests/load/kills.sh [--seconds 600] [--seed 1]
# The program is the one that the tests built; NOVADOCK_BINARY names another.
set -euo pipefail
cd "$(dirname "$0")/../.."
scripts/engine.sh
scripts/guest-image.sh
scripts/clients.sh
exec .cache/clients/bin/python tests/load/kills.py \
  --binary "${NOVADOCK_BINARY:-${CARGO_TARGET_DIR:-target}/debug/novadock}" "$@"
