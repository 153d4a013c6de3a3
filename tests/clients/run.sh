#!/usr/bin/env bash
# Runs the pinned OpenStack clients against the built program on the real engine.
#
# Starts a cloud of its own (free port, folder under .cache), runs every part below against it,
# removes everything it made, and ends with "N passed, N failed".
# The program is the one that the tests built; NOVADOCK_BINARY names another.
#   tests/clients/run.sh [PART...]      parts: story consoles commands nova sdk heat heat_commands containers heat_cfn heat_nested heat_snapshots heat_balancer wordpress heat_signals routers security_groups recovery
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1

parts=("$@")
[ ${#parts[@]} -gt 0 ] || parts=(story consoles commands nova sdk heat heat_commands containers heat_cfn heat_nested heat_snapshots heat_balancer wordpress heat_signals routers security_groups recovery)
exec .cache/clients/bin/python tests/clients/main.py \
  --binary "${NOVADOCK_BINARY:-${CARGO_TARGET_DIR:-target}/debug/novadock}" --data-dir .cache/clients-cloud "${parts[@]}"
